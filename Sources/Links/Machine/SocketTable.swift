import Basics

/// One of the machine's sockets: the shell opens one for each distinct own address (spec: knet.md 11).
public struct SocketNumber: Sendable, Hashable {
    public let rawValue: UInt8

    @inlinable
    public init(_ rawValue: UInt8) { self.rawValue = rawValue }
}

/// The own addresses in use, and by how many links.
struct SocketTable: Sendable {
    private struct Entry: Sendable {
        var address: SocketAddress
        var links: Int
    }

    private static let limit = 256
    private var entries: [Entry?] = []

    /// The socket of an own address.
    ///
    /// - Returns: nil when there are too many; `isNew` when it has to be opened.
    mutating func use(_ address: SocketAddress) -> (number: SocketNumber, isNew: Bool)? {
        if let index = entries.firstIndex(where: { $0?.address == address }) {
            entries[index]?.links += 1
            return (SocketNumber(UInt8(index)), false)
        }
        let free = entries.firstIndex { $0 == nil } ?? entries.count
        guard free < Self.limit else { return nil }
        if free == entries.count { entries.append(nil) }
        entries[free] = Entry(address: address, links: 1)
        return (SocketNumber(UInt8(free)), true)
    }

    /// A link is gone. True when the socket is to be closed.
    mutating func release(_ number: SocketNumber) -> Bool {
        let index = Int(number.rawValue)
        guard index < entries.count, let entry = entries[index] else { return false }
        guard entry.links <= 1 else {
            entries[index]?.links -= 1
            return false
        }
        entries[index] = nil
        return true
    }
}
