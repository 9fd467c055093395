/// Writes a picture in Scalable Vector Graphics. Lengths are in pixels, written with one decimal.
struct SVGWriter {
    private var text = ""
    private let width: Double
    private let style: String
    private let definitions: String

    init(width: Double, style: String, definitions: String = "") {
        self.width = width
        self.style = style
        self.definitions = definitions
    }

    /// The whole picture, on white paper.
    func finished(height: Double) -> String {
        let (w, h) = (Self.number(width), Self.number(height))
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" width="\(w)" height="\(h)" viewBox="0 0 \(w) \(h)">
            <style>\(style)</style>
            <defs>\(definitions)</defs>
            <rect class="paper" x="0" y="0" width="\(w)" height="\(h)"/>
            \(text)</svg>

            """
    }

    mutating func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, rounding: Double = 0
    ) {
        text += "<rect class=\"\(style)\""
        attributes(("x", x), ("y", y), ("width", max(width, 0)), ("height", max(height, 0)))
        if rounding > 0 { attributes(("rx", rounding)) }
        text += "/>\n"
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
        text += "<line class=\"\(style)\""
        attributes(("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2))
        text += "/>\n"
    }

    mutating func circle(_ x: Double, _ y: Double, radius: Double, _ style: String) {
        text += "<circle class=\"\(style)\""
        attributes(("cx", x), ("cy", y), ("r", radius))
        text += "/>\n"
    }

    /// A filled triangle that points upwards.
    mutating func triangle(_ x: Double, _ y: Double, size: Double, _ style: String) {
        let points = [(x - size, y + size), (x, y - size), (x + size, y + size)]
        text += "<polygon class=\"\(style)\" points=\""
        text += points.map { "\(Self.number($0)),\(Self.number($1))" }.joined(separator: " ") + "\"/>\n"
    }

    mutating func cross(_ x: Double, _ y: Double, size: Double, _ style: String) {
        line(x - size, y - size, x + size, y + size, style)
        line(x - size, y + size, x + size, y - size, style)
    }

    mutating func write(_ words: String, _ x: Double, _ y: Double, _ style: String) {
        text += "<text class=\"\(style)\""
        attributes(("x", x), ("y", y))
        text += ">" + Self.escaped(words) + "</text>\n"
    }

    private mutating func attributes(_ list: (String, Double)...) {
        for (name, value) in list { text += " \(name)=\"\(Self.number(value))\"" }
    }

    /// With one decimal, and none when it is zero.
    static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return "0" }
        let tenths = Int((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let fraction = tenths.magnitude % 10
        return sign + "\(tenths.magnitude / 10)" + (fraction > 0 ? ".\(fraction)" : "")
    }

    /// Text as it may stand between tags and in attributes; control characters, which XML forbids, become spaces.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7f ? " " : scalar)
            }
        }
        return result
    }
}
