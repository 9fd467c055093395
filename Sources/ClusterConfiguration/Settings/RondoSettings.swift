/// What section `rondo` says.
public struct RondoSettings: Sendable, Hashable {
    public static let standardBeat: UInt32 = 240
    /// Shorter ones would cost more than they bring, longer ones bring next to nothing.
    public static let beatRange: ClosedRange<UInt32> = 20...10_000

    /// Milliseconds between two beats to each other member; 0 for none.
    public var beat: UInt32

    /// - Throws: for an interval that is none.
    static func read(_ entries: ConfigurationEntries) throws(ConfigurationError) -> RondoSettings {
        let key = "rondo.beat"
        guard let entry = entries[key], let beat = entry.value.asU32 else { return RondoSettings(beat: standardBeat) }
        guard beat == 0 || beatRange.contains(beat) else {
            throw ConfigurationError(
                "parse error in config: The interval of beats (\(beat) ms) is out of range.", origin: entry.origin,
                key: key,
                value: "\(beat)",
                permitted: "\(beatRange.lowerBound)..\(beatRange.upperBound) ms, or 0 for none",
                remedy: "correct \(key), or remove it for the default (\(standardBeat))")
        }
        return RondoSettings(beat: beat)
    }
}
