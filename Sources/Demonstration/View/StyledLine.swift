/// A line of text whose parts have colours.
struct StyledLine: Sendable, Equatable {
    enum Style: String, Sendable {
        case plain = ""
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
    }

    private(set) var parts: [(style: Style, text: String)] = []

    init() {}
    init(_ style: Style, _ text: String) { add(style, text) }

    mutating func add(_ style: Style, _ text: String) { parts.append((style, text)) }

    /// Without colours.
    var text: String { parts.map(\.text).joined() }

    /// For a terminal: at most `width` characters.
    func rendered(colored: Bool, width: Int) -> String {
        var result = ""
        var left = width
        for part in parts where left > 0 {
            let shown = part.text.prefix(left)
            left -= shown.count
            result +=
                colored && part.style != .plain ? "\u{1B}[\(part.style.rawValue)m\(shown)\u{1B}[0m" : String(shown)
        }
        return result
    }

    static func == (a: StyledLine, b: StyledLine) -> Bool {
        a.parts.count == b.parts.count && zip(a.parts, b.parts).allSatisfy { $0 == $1 }
    }
}
