/// What `system.priority` asks for (spec: daemon-and-tools.md 1.4).
public enum NiceValue {
    /// The nice value, beyond the system's range for `max` and `min`, which it then cuts; nil where the file asks for none.
    ///
    /// - Throws: that the value is none, with exit status 8.
    public static func read(_ document: ConfigurationDocument) throws(ConfigurationError) -> Int32? {
        guard let entry = document.entries["system.priority"] else { return nil }
        let text = entry.value.text ?? ""
        switch text {
        case "max": return .min
        case "min": return .max
        default: break
        }
        guard let number = Int32(text) else {
            throw ConfigurationError(
                "Priority value \(text) is invalid", origin: entry.origin, key: entry.key, value: text,
                permitted: "max, min or a nice value, -20..19",
                remedy: "correct the value, or remove the line for 0")
        }
        return number
    }
}
