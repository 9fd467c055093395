import Basics

/// The addresses that links have at their other end, so that a datagram of anybody else costs no digest, and a report about
/// one no search (spec: knet.md 13.2).
struct KnownSources: Sendable {
    /// The host of each link with that address. Only ever asked for a key: its order has no influence.
    private var hosts: [IPAddress: [HostID]] = [:]

    func contains(_ source: IPAddress) -> Bool { hosts[source] != nil }

    /// Hosts with links to an address, as often as they have one.
    func hosts(at address: IPAddress) -> [HostID] { hosts[address] ?? [] }

    mutating func add(_ address: IPAddress, of host: HostID) { hosts[address, default: []].append(host) }

    mutating func remove(_ address: IPAddress, of host: HostID) {
        guard var left = hosts[address], let index = left.firstIndex(of: host) else { return }
        left.remove(at: index)
        hosts[address] = left.isEmpty ? nil : left
    }
}
