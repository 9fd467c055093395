import TotemWire

/// Remembers which message was cut at the end of a sender's last frame, to name it when it goes on.
struct CutMessages: Sendable {
    struct Cut: Sendable {
        var number: UInt8
        var name: String
        /// Bytes of it seen so far.
        var seen: Int
    }

    private var cuts: [String: Cut] = [:]

    func cut(of sender: String, _ number: UInt8) -> Cut? {
        cuts[sender].flatMap { $0.number == number ? $0 : nil }
    }

    mutating func set(_ cut: Cut?, of sender: String) {
        // Senders that never come back must not fill the memory.
        if cuts.count > 4096 { cuts = [:] }
        cuts[sender] = cut
    }
}

extension Dissector {
    /// Explains the frame at the place `list` has come to. `sender` is any text that tells senders apart; an old
    /// ring's frame does not take part in joining cut messages. Only the first `captured` bytes are the sender's.
    mutating func frame(
        _ payload: Span<UInt8>, _ order: ByteOrder, from sender: String, isOld: Bool = false, captured: Int,
        at list: inout FieldList
    ) -> (words: String, problem: String?) {
        let base = list.offset
        if captured < payload.count, captured < Dissector.headLength(payload, order, captured) {
            return ("a frame", nil)
        }
        let frame: Frame
        do throws(WireError) {
            frame = try Frame(decoding: payload, order: order)
        } catch {
            return ("a frame", "\(error)")
        }
        var head = FieldList(at: base)
        head.frameHead(frame)
        list.add("frame", head, "packed by its originator")

        var names: [String] = []
        var cursor = Frame.Cursor()
        var cut: CutMessages.Cut?
        while let range = frame.nextPart(&cursor) {
            // Of what lies beyond the captured bytes only the length is known.
            guard range.lowerBound < captured || range.isEmpty else {
                let rest = frame.partCount - cursor.index + 1
                names.append("\(counted(rest, "part")) \(names.isEmpty ? "" : "more, ")not captured")
                break
            }
            let index = cursor.index - 1
            let continues = index == 0 && frame.continuation != 0
            let isCut = index == frame.partCount - 1 && frame.fragmented != 0
            let before = continues && !isOld ? pieces.cut(of: sender, frame.continuation) : nil
            var part = FieldList(at: base + range.lowerBound)
            var name = before?.name ?? "a cut message"
            if continues {
                part.add(range.count, "data", .text("\(range.count) bytes"), "goes on with \(name)")
            } else {
                let there = range.lowerBound..<max(range.lowerBound, min(range.upperBound, captured))
                name = message(payload.extracting(there), order, isCut: isCut || there != range, at: &part)
            }
            part.skip(max(0, base + range.upperBound - part.offset))
            list.add("part[\(index)]", part, FieldList.kind(continues, isCut))
            if isCut {
                cut = .init(number: frame.fragmented, name: name, seen: (before?.seen ?? 0) + range.count)
            }
            names.append(
                continues ? (isCut ? "middle of \(name)" : "end of \(name)") : isCut ? "start of \(name)" : name)
        }
        if !isOld { pieces.set(cut, of: sender) }
        return (names.isEmpty ? "an empty frame" : Dissector.collapsed(names).joined(separator: "; "), nil)
    }
}

extension Dissector {
    /// Bytes of a frame's head, as far as the first `captured` bytes tell: lengths of parts, and what is before them.
    fileprivate static func headLength(_ payload: Span<UInt8>, _ order: ByteOrder, _ captured: Int) -> Int {
        guard captured >= Frame.fixedSize, payload.count >= Frame.fixedSize else { return Frame.fixedSize }
        let (first, second) = (Int(payload[6]), Int(payload[7]))
        return Frame.fixedSize + 2 * (order == .little ? second << 8 | first : first << 8 | second)
    }

    /// Equal names in a row as one, with their number.
    fileprivate static func collapsed(_ names: [String]) -> [String] {
        var result: [(name: String, count: Int)] = []
        for name in names {
            if result.last?.name == name {
                result[result.count - 1].count += 1
            } else {
                result.append((name, 1))
            }
        }
        return result.map { $0.count == 1 ? $0.name : "\($0.count)x \($0.name)" }
    }
}

extension FieldList {
    fileprivate mutating func frameHead(_ frame: borrowing Frame) {
        add(2, "version", .number(0))
        add(2, "type", .number(0))
        add(
            1, "fragmented", .number(frame.fragmented),
            frame.fragmented == 0 ? "the last part ends a message" : "the last part goes on in the sender's next frame")
        add(
            1, "continuation", .number(frame.continuation),
            frame.continuation == 0 ? "the first part begins a message" : "the first part goes on with a cut message")
        add(2, "msg_count", .number(frame.partCount), "parts")
        let lengths = (0..<frame.partCount).map { FieldValue.number(UInt64(frame.partLength($0))) }
        add(2 * frame.partCount, "msg_len", .list(lengths), "bytes of each part")
    }

    fileprivate static func kind(_ continues: Bool, _ isCut: Bool) -> String {
        switch (continues, isCut) {
        case (false, false): "a whole message"
        case (false, true): "the beginning of a message"
        case (true, true): "more of a message"
        case (true, false): "the end of a message"
        }
    }
}
