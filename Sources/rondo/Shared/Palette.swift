import ArgumentParser
import Glibc

/// When output has colours.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never

    /// Whether lines to standard output get them. By default they do on a terminal that knows them, unless the
    /// environment variable NO_COLOR is set (no-color.org).
    var isColored: Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto:
            isatty(STDOUT_FILENO) == 1 && ColorChoice.environment("TERM") != "dumb"
                && (ColorChoice.environment("NO_COLOR") ?? "").isEmpty
        }
    }

    private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

/// Colours for parts of a line, or none. What they say is in the words too.
struct Palette {
    enum Style: String {
        case plain = ""
        case dim = "2"
        case red = "1;31"
        case yellow = "33"
        case magenta = "35"
        case cyan = "36"
    }

    var isColored: Bool

    func paint(_ style: Style, _ text: String) -> String {
        isColored && style != .plain && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
