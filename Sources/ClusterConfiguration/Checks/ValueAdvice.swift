/// What the writer of a value that cannot be used most likely wanted to say.
enum ValueAdvice {
    /// A remedy that fits the mistake better than one that knows the key alone; nil when the value shows none.
    static func remedy(for value: String, key: String) -> String? {
        if hasComment(value) {
            return "move the comment to a line of its own: everything behind the colon is the value"
        }
        if let first = value.first, value.count > 1, first == value.last, first == "\"" || first == "'" {
            return "write it without quotes: \(value.dropFirst().dropLast())"
        }
        let name = key.split(separator: ".").last ?? ""
        if name.hasSuffix("addr") { return AddressText.fault(in: value)?.remedy }
        guard let description = description(key) else { return nil }
        if case .words(let words, _) = description.permitted {
            // The word is right; what it meets with is not.
            guard !words.contains(value) else { return nil }
            let small = value.lowercased()
            if words.contains(small) { return "write it in small letters: \(small)" }
            return KeyTable.closest(to: value, among: words).map { "write \($0) if that was meant" }
        }
        guard description.type != .string else { return nil }
        if description.permitted == .range(0, 1), let number = switches[value.lowercased()] { return "write \(number)" }
        let digits = value.prefix { $0.isASCII && $0.isNumber }
        let unit = value.dropFirst(digits.count).drop { $0 == " " }
        guard !digits.isEmpty, !unit.isEmpty, unit.allSatisfy(\.isLetter) else { return nil }
        switch (unit.lowercased(), description.unit) {
        case ("s", .milliseconds), ("sec", .milliseconds), ("seconds", .milliseconds):
            return UInt32(digits).map { "write the number of milliseconds alone: \(UInt64($0) * 1000)" }
        default: return "write the number alone, without a unit: \(digits)"
        }
    }

    /// What stands for 1 and 0 elsewhere.
    private static let switches = ["yes": 1, "on": 1, "true": 1, "no": 0, "off": 0, "false": 0]

    /// Whether something that looks like a comment is part of the value.
    static func hasComment(_ value: String) -> Bool {
        value.hasPrefix("#") || value.contains(" #") || value.contains("\t#")
    }

    private static func description(_ key: String) -> KeyDescription? {
        KeyTable.description(forMapKey: key) ?? KeyTable.description(forPath: key)
    }
}

/// Values that are stored as they stand, though part of them was hardly meant.
struct DoubtfulValues {
    let record: TextRecord

    var warnings: [ConfigurationWarning] { comments + invisible }

    private var comments: [ConfigurationWarning] {
        record.keys.compactMap { key in
            guard let writing = record.writings[key]?.last, let text = writing.value.text,
                ValueAdvice.hasComment(text), key != "totem.key", !SilentWords.isAbout(key, text),
                !key.hasPrefix("quorum.device.heuristics.")
            else { return nil }
            return ConfigurationWarning(
                "\(key) is \"\(text)\": everything behind the colon is the value.", key: key, origin: writing.origin,
                remedy: "move the comment to a line of its own")
        }
    }

    private var invisible: [ConfigurationWarning] {
        record.oddities.sorted { ($0.key.file, $0.key.line) < ($1.key.file, $1.key.line) }.flatMap { origin, found in
            found.filter(\.isInvisible).map {
                ConfigurationWarning($0.text(line: origin.line) + ".", origin: origin, remedy: $0.remedy)
            }
        }
    }
}
