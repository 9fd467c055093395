/// What the parser itself demands of keys and values (spec: configuration.md 2.2, 2.3, 7.2).
enum KeyValueRules {
    /// The value of the key written at `path`, in the type the key has.
    static func value(
        _ text: [UInt8], path: String, key: String, at origin: Origin
    ) throws(ConfigurationError) -> ConfigurationValue {
        let description = KeyTable.description(forPath: path)
        let type = isPollPeriod(path) ? .u64 : description?.type ?? .string
        let written = String(decoding: text, as: UTF8.self)
        if path == "totem.ip_dscp" {
            guard let number = ServiceCodePoint.number(text) else {
                throw parseError(
                    "Value of key \"\(key)\" is expected to be number (0..63) or symbolical dscp value, "
                        + "but \"\(written)\" was given", at: origin, key: key, value: written,
                    permitted: "0..63, cs0..cs7, af11..af13, af21..af23, af31..af33, af41..af43, ef",
                    remedy: advice(for: description))
            }
            return .u8(number)
        }
        guard let value = IntegerText.value(text, as: type) else {
            let range = type.rangeText ?? (lowest: "", highest: "")
            throw parseError(
                "Value of key \"\(key)\" is expected to be integer in range (\(range.lowest)..\(range.highest)), "
                    + "but \"\(written)\" was given", at: origin, key: key, value: written,
                permitted: "a decimal integer \(range.lowest)..\(range.highest), without unit or comment",
                remedy: advice(for: description))
        }
        if case .words(let words, let refusal?) = description?.permitted, !words.contains(written) {
            throw parseError(
                refusal, at: origin, key: key, value: written, permitted: words.joined(separator: ", "),
                remedy: advice(for: description))
        }
        return value
    }

    private static func advice(for description: KeyDescription?) -> String {
        guard let description, !description.defaultValue.isEmpty else { return "correct the value" }
        return "correct the value, or remove the line for the default (\(description.defaultValue))"
    }

    /// The monitored resources' intervals are the one key that is typed wherever it stands below its section.
    private static func isPollPeriod(_ path: String) -> Bool {
        path.hasSuffix(".poll_period")
            && (path.hasPrefix("resources.system.") || path.hasPrefix("resources.process."))
    }

    /// Refuses names the configuration map cannot hold: 3 to 255 of `A-Z a-z 0-9 . _ - / :`.
    static func checkName(_ key: String, at origin: Origin) throws(ConfigurationError) {
        guard key.utf8.count >= 3, key.utf8.count <= 255, key.utf8.allSatisfy(isNameByte) else {
            throw parseError(
                "Can't store key \"\(key)\" into icmap, returned error is CS_ERR_NAME_TOO_LONG", at: origin, key: key,
                permitted: "names of 3 to 255 of the characters A-Z a-z 0-9 . _ - / :",
                remedy: "correct the name of the key or of its sections")
        }
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F: true
        default: false
        }
    }
}
