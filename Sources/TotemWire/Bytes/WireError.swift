/// Why received bytes are not the packet they claim to be.
public enum WireError: Error, Equatable, CustomStringConvertible {
    /// The packet ends before `field`, which would need `needed` bytes in all.
    case short(field: StaticString, needed: Int, available: Int)
    /// `field` holds a value no correct sender writes.
    case invalid(field: StaticString, value: UInt64, allowed: StaticString)

    public var description: String {
        switch self {
        case .short(let field, let needed, let available):
            "too short: \(field) needs \(needed) bytes, the packet has \(available)"
        case .invalid(let field, let value, let allowed):
            "\(field) is \(value), allowed is \(allowed)"
        }
    }

    public static func == (a: WireError, b: WireError) -> Bool {
        switch (a, b) {
        case (.short(let f, let n, let v), .short(let g, let m, let w)):
            f.description == g.description && n == m && v == w
        case (.invalid(let f, let v, let x), .invalid(let g, let w, let y)):
            f.description == g.description && v == w && x.description == y.description
        default: false
        }
    }
}
