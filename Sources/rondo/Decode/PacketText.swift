import CaptureFiles
import Dissection

/// A packet as lines of text.
struct PacketText {
    var clock: ClockText
    var palette = Palette(isColored: false)

    /// The same without colours.
    var plain: PacketText { PacketText(clock: clock) }

    /// One line, as tcpdump would write it.
    func line(_ packet: DissectedPacket, _ datagram: Datagram) -> String {
        var line = time(datagram.time)
        if let source = datagram.source, let destination = datagram.destination {
            line += "\(source) > \(destination) "
        }
        line += packet.isRepair ? palette.paint(.magenta, packet.title) : title(packet.title, packet.kind)
        if !packet.words.isEmpty { line += " (\(packet.words))" }
        if let problem = packet.problem { line += palette.paint(.red, " [\(problem)]") }
        let facts =
            [packet.node.map { "node \($0)" }, packet.ring.map { "ring \($0)" }].compactMap { $0 } + packet.facts
        if !facts.isEmpty { line += " " + facts.joined(separator: ", ") }
        if packet.format != "Corosync 3" { line += ", \(packet.format)" }
        if let interval = packet.sinceSameKind { line += ", +\(milliseconds(interval))" }
        if let rotation = packet.rotation { line += ", rotation \(milliseconds(rotation))" }
        return line
    }

    /// The time that begins a line, with a blank behind it; nothing without a time.
    func time(_ time: CaptureTime?) -> String { time.map { palette.paint(.dim, clock.text($0)) + " " } ?? "" }

    /// A packet's name in the colour of its kind.
    func title(_ title: String, _ kind: PacketKind) -> String {
        switch kind {
        case .mcast: palette.paint(.cyan, title)
        case .join, .leave, .commitToken, .mergeDetect: palette.paint(.yellow, title)
        case .unknown: palette.paint(.red, title)
        default: title
        }
    }

    /// Every field on its own line.
    func fields(_ packet: DissectedPacket) -> [String] {
        packet.fields.flatMap { Self.lines($0, depth: 0) }
    }

    private static func lines(_ field: Field, depth: Int) -> [String] {
        let place = field.place.map { "\($0.lowerBound)" } ?? ""
        let size = field.place.map { "\($0.count)" } ?? ""
        let name = String(repeating: "  ", count: depth) + field.name
        let head = "  " + TextLayout.right(place, 5) + TextLayout.right(size, 5) + "  "
        if case .group(let members) = field.value {
            let meaning = field.meaning.isEmpty ? "" : "  \(field.meaning)"
            return [head + name + meaning] + members.flatMap { lines($0, depth: depth + 1) }
        }
        let start = head + TextLayout.left(name, 24) + " " + text(field.value)
        return [field.meaning.isEmpty ? start : TextLayout.left(start, 56) + " " + field.meaning]
    }

    private static func text(_ value: FieldValue) -> String {
        switch value {
        case .unsigned(let number): "\(number)"
        case .signed(let number): "\(number)"
        case .hexadecimal(let number): "0x" + String(number, radix: 16)
        case .text(let text): text
        case .flag(let flag): flag ? "yes" : "no"
        case .ring(let ring): "\(ring)"
        case .list(let values): values.isEmpty ? "none" : values.map(text).joined(separator: " ")
        case .group(let fields): fields.map { "\($0.name) \(text($0.value))" }.joined(separator: ", ")
        }
    }
}
