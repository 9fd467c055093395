/// What a key may be called (spec: configuration.md 7.2).
public enum KeyName {
    public static let shortest = 3
    public static let longest = 255

    /// Whether a key of this name can be created: 3 to 255 bytes of `A-Z a-z 0-9 . _ - / :`.
    public static func isValid(_ name: String) -> Bool {
        let bytes = name.utf8
        guard bytes.count >= shortest, bytes.count <= longest else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "/"), UInt8(ascii: ":"):
                true
            default: false
            }
        }
    }
}

extension String {
    /// Prefix by bytes, as the map compares names; `hasPrefix` would compare characters.
    func startsByBytes(with prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }
}
