/// Sizes of IP packets that are tried at the same time, and which of them have been answered.
struct Rungs: Sendable {
    static let capacity = 16

    private var sizes = InlineArray<16, UInt16>(repeating: 0)
    private var count = 0
    private var answered: UInt16 = 0
    private var refused: UInt16 = 0
    private var sent = 0

    /// Adds a size unless it is there already, or no more fit in.
    mutating func add(_ size: Int) {
        guard count < Self.capacity, let size = UInt16(exactly: size), index(of: size) == nil else { return }
        sizes[count] = size
        count += 1
    }

    private func index(of size: UInt16) -> Int? {
        for index in 0..<count where sizes[index] == size { return index }
        return nil
    }

    /// The next size of which a probe is to be sent; nil when all have been.
    mutating func next() -> UInt16? {
        while sent < count {
            sent += 1
            if refused & 1 << UInt16(sent - 1) == 0 { return sizes[sent - 1] }
        }
        return nil
    }

    /// Whether a reply for this size is awaited; each is taken once.
    mutating func answer(_ size: UInt16) -> Bool {
        guard let index = index(of: size), index < sent, !isSettled(index) else { return false }
        answered |= 1 << UInt16(index)
        return true
    }

    /// A packet of `size` bytes and all larger ones cannot leave.
    mutating func refuse(from size: Int) {
        for index in 0..<count where Int(sizes[index]) >= size && answered & 1 << UInt16(index) == 0 {
            refused |= 1 << UInt16(index)
        }
    }

    private func isSettled(_ index: Int) -> Bool { (answered | refused) & 1 << UInt16(index) != 0 }

    /// Every probe has left and is answered or refused.
    var isSettled: Bool {
        for index in 0..<count where !isSettled(index) { return false }
        return true
    }

    /// A probe of this size has left, and is neither answered nor refused.
    func isUnanswered(_ size: Int) -> Bool {
        guard let size = UInt16(exactly: size), let index = index(of: size) else { return false }
        return index < sent && !isSettled(index)
    }

    /// The smallest size above `floor` without an answer.
    func smallestUnanswered(above floor: Int) -> Int? {
        var smallest: Int?
        for index in 0..<count where answered & 1 << UInt16(index) == 0 && Int(sizes[index]) > floor {
            smallest = min(smallest ?? .max, Int(sizes[index]))
        }
        return smallest
    }
}
