/// The characters the pictures are drawn with.
struct Glyphs: Sendable {
    var beat: Character
    var death: Character
    var again: Character
    var silence: Character
    var waiting: Character
    var ring: Character
    var mark: Character
    var spanStart: Character
    var spanLine: Character
    var spanEnd: Character
    var rule: Character
    var warning: String
    var note: String

    static let unicode = Glyphs(
        beat: "●", death: "✖", again: "↻", silence: "·", waiting: "━", ring: "─", mark: "┃", spanStart: "╰",
        spanLine: "─", spanEnd: "╯", rule: "─", warning: "▲", note: "•")

    static let ascii = Glyphs(
        beat: "o", death: "X", again: "r", silence: ".", waiting: "=", ring: "-", mark: "|", spanStart: "\\",
        spanLine: "_", spanEnd: "/", rule: "-", warning: "!", note: "-")
}
