/// Splits a configuration text into lines by the rules of spec: configuration.md 2.1.
///
/// A line holds at most 510 bytes; comments are no exception. One carriage return before the line's end is dropped, and
/// the last line may lack its newline.
struct LineReader {
    /// Why a line cannot be taken.
    enum Problem: Error {
        case tooLong(length: Int)
        case containsNull
    }

    static let maximumLength = 510

    private let text: [UInt8]
    private var position = 0
    /// The number of the line last returned, counted from 1; 0 before the first.
    private(set) var line = 0

    init(_ text: [UInt8]) { self.text = text }

    /// The next line without its end, or nil at the end of the text.
    mutating func next() throws(Problem) -> ArraySlice<UInt8>? {
        guard position < text.count else { return nil }
        let rest = text[position...]
        line += 1
        let end = rest.firstIndex(of: ASCII.newline) ?? text.endIndex
        let content = text[position..<end]
        position = min(end + 1, text.endIndex)
        // A line that starts with NUL is an empty one to Corosync.
        if content.first == ASCII.null { return content.prefix(0) }
        if content.count > Self.maximumLength { throw .tooLong(length: content.count) }
        if content.contains(ASCII.null) { throw .containsNull }
        return content.last == ASCII.carriageReturn ? content.dropLast() : content
    }
}
