import Links

/// One entry of a sendmmsg call: a range of the arena for one target, cut into datagrams by the kernel when `segment` is
/// not 0.
struct PlannedLinkSend {
    let packet: Outgoing
    let target: LinkTarget
    let offset: Int
    let length: Int
    let segment: Int
    /// How many datagrams leave.
    let datagrams: Int
}

/// How the datagrams of a packet, which lie one behind the other and are equally long but for the last, are handed to the
/// kernel in as few pieces as it takes.
struct SegmentRuns: Sequence, IteratorProtocol {
    private let count: Int
    private let stride: Int
    private let lastLength: Int
    private let most: Int
    private var position = 0

    /// - Parameters:
    ///   - stride: bytes of each datagram but the last.
    ///   - largestSegment: bytes of the longest datagram that the kernel cuts a payload into.
    init(count: Int, stride: Int, lastLength: Int, largestSegment: Int) {
        self.count = count
        self.stride = stride
        self.lastLength = lastLength
        most =
            stride > largestSegment || stride == 0
            ? 1 : Swift.max(1, Swift.min(SendPlan.mostSegments, SendPlan.mostBytes / stride))
    }

    /// Where a run lies, counted from the first datagram's beginning, the bytes of its datagrams, and how many there are.
    mutating func next() -> (offset: Int, length: Int, segment: Int, datagrams: Int)? {
        guard position < count else { return nil }
        let first = position
        let datagrams = Swift.min(most, count - first)
        position += datagrams
        let isLast = position == count
        let length = (datagrams - 1) * stride + (isLast ? lastLength : stride)
        return (first * stride, length, datagrams > 1 ? stride : 0, datagrams)
    }
}
