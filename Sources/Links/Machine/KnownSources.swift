import Basics

/// The addresses that links have at their other end, so that a datagram of anybody else costs no digest (spec: knet.md
/// 13.2).
struct KnownSources: Sendable {
    /// Only ever asked for a key: its order has no influence.
    private var links: [IPAddress: Int] = [:]

    func contains(_ source: IPAddress) -> Bool { links[source] != nil }

    mutating func add(_ source: IPAddress) { links[source, default: 0] += 1 }

    mutating func remove(_ source: IPAddress) {
        guard let count = links[source] else { return }
        links[source] = count > 1 ? count - 1 : nil
    }
}
