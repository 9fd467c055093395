/// A grid of characters to draw on; what falls outside is cut off.
struct Canvas {
    let width: Int
    private var rows: [[Character]] = []

    init(width: Int, height: Int) {
        self.width = width
        rows = Array(repeating: Array(repeating: " ", count: width), count: height)
    }

    mutating func put(_ character: Character, _ column: Int, _ row: Int) {
        guard rows.indices.contains(row), (0..<width).contains(column) else { return }
        rows[row][column] = character
    }

    mutating func put(_ text: String, _ column: Int, _ row: Int) {
        for (offset, character) in text.enumerated() { put(character, column + offset, row) }
    }

    /// Text centred on `column`, moved so that it stays on the canvas.
    mutating func center(_ text: String, _ column: Int, _ row: Int) {
        let start = min(max(0, column - text.count / 2), max(0, width - text.count))
        put(text, start, row)
    }

    /// The rows without trailing blanks.
    var lines: [String] {
        rows.map { row in
            var row = row[...]
            while row.last == " " { row.removeLast() }
            return String(row)
        }
    }
}
