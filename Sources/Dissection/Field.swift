import Basics
import TotemWire

/// One field of a packet, with what it means: the unit of a dissection.
public struct Field: Sendable, Equatable {
    public var name: String
    /// Where it lies in the datagram; nil for what follows from other fields.
    public var place: Range<Int>?
    public var value: FieldValue
    /// In plain words; empty when the name says it all.
    public var meaning: String

    public init(_ name: String, at place: Range<Int>? = nil, _ value: FieldValue, _ meaning: String = "") {
        self.name = name
        self.place = place
        self.value = value
        self.meaning = meaning
    }

    /// The field as far as it lies within the first `count` bytes; nil when nothing of it can be told by them.
    func within(_ count: Int) -> Field? {
        guard let place, place.upperBound > count else { return self }
        guard case .group(let members) = value, place.lowerBound < count else { return nil }
        var field = self
        field.place = place.lowerBound..<count
        field.value = .group(members.compactMap { $0.within(count) })
        return field
    }
}

/// A field's value, in a form that both a reader and a program can use.
public indirect enum FieldValue: Sendable, Equatable {
    case unsigned(UInt64)
    case signed(Int64)
    /// Shown in hexadecimal.
    case hexadecimal(UInt64)
    case text(String)
    case flag(Bool)
    case ring(RingID)
    case list([FieldValue])
    case group([Field])

    static func number(_ value: some BinaryInteger) -> FieldValue { .unsigned(UInt64(clamping: value)) }
    static func node(_ node: NodeID) -> FieldValue { .unsigned(UInt64(node.rawValue)) }
    static func nodes(_ nodes: [NodeID]) -> FieldValue { .list(nodes.map { .unsigned(UInt64($0.rawValue)) }) }
    static func sequence(_ sequence: SequenceNumber) -> FieldValue { .unsigned(UInt64(sequence.rawValue)) }
}

/// Collects fields that follow one another in a datagram.
struct FieldList {
    private(set) var fields: [Field] = []
    private(set) var offset: Int

    init(at offset: Int = 0) { self.offset = offset }

    /// The next `size` bytes.
    mutating func add(_ size: Int, _ name: String, _ value: FieldValue, _ meaning: String = "") {
        fields.append(Field(name, at: offset..<(offset + size), value, meaning))
        offset += size
    }

    /// A field that consists of others.
    mutating func add(_ name: String, _ group: FieldList, _ meaning: String = "") {
        fields.append(Field(name, at: offset..<group.offset, .group(group.fields), meaning))
        offset = group.offset
    }

    /// What does not stand in the packet but follows from it.
    mutating func note(_ name: String, _ value: FieldValue, _ meaning: String = "") {
        fields.append(Field(name, value, meaning))
    }

    mutating func skip(_ size: Int) { offset += size }
}

/// Bytes of a peer as text for a terminal: malformed UTF-8 repaired, control characters shown as `?`.
func printable(_ bytes: some Sequence<UInt8>) -> String {
    var result = ""
    for scalar in String(decoding: Array(bytes), as: UTF8.self).unicodeScalars {
        let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
        result.unicodeScalars.append(isControl ? "?" : scalar)
    }
    return result
}

/// `1 2 3`, with runs of five and more as `1-7`.
func runs(_ numbers: [UInt32], radix: Int = 10) -> String {
    var parts: [String] = []
    var index = 0
    while index < numbers.count {
        var end = index
        while end + 1 < numbers.count, numbers[end] &+ 1 == numbers[end + 1] { end += 1 }
        if end - index >= 3 {
            parts.append(String(numbers[index], radix: radix) + "-" + String(numbers[end], radix: radix))
            index = end + 1
        } else {
            parts.append(String(numbers[index], radix: radix))
            index += 1
        }
    }
    return parts.joined(separator: " ")
}

/// `1 thing`, `2 things`.
func counted(_ count: some BinaryInteger, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// Milliseconds with as many digits as matter.
public func milliseconds(_ nanoseconds: Int64) -> String {
    let sign = nanoseconds < 0 ? "-" : ""
    let microseconds = (nanoseconds.magnitude + 500) / 1000
    let fraction = String(1000 + microseconds % 1000).dropFirst()
    return "\(sign)\(microseconds / 1000).\(fraction) ms"
}
