import ClusterConfiguration

/// Story lines as they are printed: seconds since the start, then what happened, wrapped to the terminal.
enum StoryText {
    private static let indent = 9

    static func lines(_ line: StoryLine, width: Int) -> [StyledLine] {
        let style: StyledLine.Style =
            switch line.tone {
            case .heading: .bold
            case .fact: .plain
            case .success: .green
            case .warning: .yellow
            case .failure: .red
            }
        return wrap(Columns.trimmed(line.text), width: width - indent).enumerated().map { index, text in
            var styled = StyledLine(.dim, index == 0 ? time(line.time) : String(repeating: " ", count: indent))
            styled.add(style, text)
            return styled
        }
    }

    private static func time(_ time: Microseconds) -> String {
        let milliseconds = time.count / 1000
        return Columns.right("\(milliseconds / 1000)." + String(1000 + milliseconds % 1000).dropFirst(), indent - 2)
            + "  "
    }

    /// Breaks between words; columns keep their blanks.
    private static func wrap(_ text: String, width: Int) -> [String] {
        guard text.count > width else { return [text] }
        var lines: [String] = []
        var line: String?
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            guard let begun = line else {
                line = String(word)
                continue
            }
            if begun.count + 1 + word.count > width {
                lines.append(begun)
                line = "  \(word)"
            } else {
                line = "\(begun) \(word)"
            }
        }
        return lines + [line ?? ""]
    }
}
