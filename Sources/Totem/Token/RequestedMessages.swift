import TotemWire

/// The numbers of the messages that a token asks for, kept without memory of their own: under losses there is such a list
/// in every token.
public struct RequestedMessages: Sendable, Equatable {
    private var numbers = InlineArray<30, UInt32>(repeating: 0)
    public private(set) var count = 0

    public init(_ list: borrowing RetransmitList) {
        for index in 0..<min(list.count, numbers.count) { numbers[index] = list[index].sequence.rawValue }
        count = min(list.count, numbers.count)
    }

    /// The number at `index`, which is less than `count`.
    public subscript(index: Int) -> SequenceNumber { SequenceNumber(numbers[index]) }

    public static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && (0..<left.count).allSatisfy { left.numbers[$0] == right.numbers[$0] }
    }
}
