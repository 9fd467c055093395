import Basics

/// The addresses that links have at their other end, so that a datagram of anybody else costs no digest, and a report about
/// one no search (spec: knet.md 13.2).
struct KnownSources: Sendable {
    /// The host of each link with that address. Only ever asked for a key: its order has no influence.
    private var hosts: [IPAddress: [HostID]] = [:]
    /// The same addresses, while they are few.
    private var few: [IPAddress] = []

    /// To compare with so many costs less than to hash for the table: each datagram is asked about.
    private static let fewest = 16

    func contains(_ source: IPAddress) -> Bool {
        hosts.count > Self.fewest ? hosts[source] != nil : few.contains(source)
    }

    /// Hosts with links to an address, as often as they have one.
    func hosts(at address: IPAddress) -> [HostID] { hosts[address] ?? [] }

    mutating func add(_ address: IPAddress, of host: HostID) {
        if hosts[address] == nil { few.append(address) }
        hosts[address, default: []].append(host)
    }

    mutating func remove(_ address: IPAddress, of host: HostID) {
        guard var left = hosts[address], let index = left.firstIndex(of: host) else { return }
        left.remove(at: index)
        hosts[address] = left.isEmpty ? nil : left
        if left.isEmpty { few.removeAll { $0 == address } }
    }
}
