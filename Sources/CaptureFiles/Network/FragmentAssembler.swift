import Basics

/// Puts IP fragments together again. A full frame of the ring in recovery has 1500 bytes and more, so that its IP
/// packet comes in two (spec: totem.md 1).
struct FragmentAssembler: Sendable {
    struct Key: Sendable, Hashable {
        var source: IPAddress
        var destination: IPAddress
        var identification: UInt32
    }

    private struct Pending: Sendable {
        var key: Key
        var time: CaptureTime?
        var pieces: [(offset: Int, bytes: [UInt8])] = []
        /// Bytes of the whole, known once its last fragment is there.
        var total: Int?
    }

    enum Outcome: Equatable {
        case waiting(count: Int)
        case complete([UInt8], count: Int)
        case malformed(String)
    }

    /// Packets under way at a time; the oldest is given up for a new one.
    private static let capacity = 256
    /// An IP packet has at most 65535 bytes.
    private static let largest = 65_535
    /// A packet whose fragments stay away is given up after 30 s.
    private static let patience: Int64 = 30_000_000_000

    private var pending: [Pending] = []

    /// Packets of which fragments are still missing.
    var incompleteCount: Int { pending.count }

    mutating func add(
        _ bytes: [UInt8], at offset: Int, isLast: Bool, of key: Key, time: CaptureTime?
    ) -> Outcome {
        guard offset + bytes.count <= FragmentAssembler.largest else {
            return .malformed("a fragment that ends beyond 65535 bytes")
        }
        guard isLast || (bytes.count % 8 == 0 && !bytes.isEmpty) else {
            return .malformed("a fragment of \(bytes.count) bytes, not a multiple of 8")
        }
        let index = place(for: key, time)
        if isLast {
            if let total = pending[index].total, total != offset + bytes.count {
                pending.remove(at: index)
                return .malformed("fragments that disagree about the end of their packet")
            }
            pending[index].total = offset + bytes.count
        }
        let end = offset + bytes.count
        let overlapping = pending[index].pieces.filter { $0.offset < end && offset < $0.offset + $0.bytes.count }
        if overlapping.isEmpty {
            pending[index].pieces.append((offset, bytes))
        } else if !overlapping.contains(where: { $0.offset == offset && $0.bytes == bytes }) {
            pending.remove(at: index)
            return .malformed("fragments that overlap")
        }
        return assemble(index)
    }

    /// Where the fragments of `key` are collected.
    private mutating func place(for key: Key, _ time: CaptureTime?) -> Int {
        if let index = pending.firstIndex(where: { $0.key == key }) {
            guard let time, let first = pending[index].time,
                time.nanoseconds(since: first) > FragmentAssembler.patience
            else { return index }
            pending.remove(at: index)
        }
        if pending.count == FragmentAssembler.capacity { pending.removeFirst() }
        pending.append(Pending(key: key, time: time))
        return pending.count - 1
    }

    private mutating func assemble(_ index: Int) -> Outcome {
        let packet = pending[index]
        let count = packet.pieces.count
        guard let total = packet.total else { return .waiting(count: count) }
        guard packet.pieces.reduce(0, { $0 + $1.bytes.count }) == total else {
            guard packet.pieces.allSatisfy({ $0.offset + $0.bytes.count <= total }) else {
                pending.remove(at: index)
                return .malformed("a fragment beyond the end of its packet")
            }
            return .waiting(count: count)
        }
        pending.remove(at: index)
        // No two overlap and together they are as long as the whole: in order they are the whole.
        let bytes = packet.pieces.sorted { $0.offset < $1.offset }.flatMap(\.bytes)
        return .complete(bytes, count: count)
    }
}
