/// What of a new configuration a running node takes over (spec: configuration.md 6.2, step 5).
extension ConfigurationDocument {
    /// Gives the keys that cannot change at run time the values they have in `running`. Done before anything is derived
    /// from the document, so that what follows from such a key (the kind of transport, the size of packets) stays too.
    ///
    /// - Returns: the keys that the new text set or changed in vain, in the byte order of their names. One that it merely
    ///   leaves out keeps its value without a word.
    public mutating func keepUnchangeable(of running: ConfigurationDocument) -> [String] {
        var ignored: [String] = []
        for description in KeyTable.all where description.change == .refused {
            let key = description.path
            let old = running.entries[key]
            guard let new = entries[key] else {
                if let old { entries.set(key, old.value, at: old.origin) }
                continue
            }
            guard new.value != old?.value else { continue }
            ignored.append(key)
            if let old { entries.set(key, old.value, at: old.origin) } else { entries.remove(key) }
        }
        return ignored.sorted(by: byteOrder)
    }
}
