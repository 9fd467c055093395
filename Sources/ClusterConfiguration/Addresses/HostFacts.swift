import Basics

/// What a configuration needs to know about the machine it is read on.
public struct HostFacts: Sendable, Hashable {
    /// The kernel's host name (uname).
    public var hostName: String
    /// The addresses of the machine in the kernel's order, loopback included.
    public var interfaces: [InterfaceAddress]

    public init(hostName: String, interfaces: [InterfaceAddress]) {
        self.hostName = hostName
        self.interfaces = interfaces
    }
}

/// Turns names into addresses and back; the shell asks the system's resolver.
public protocol NameService {
    /// The addresses of `name` in the resolver's order; with a family only addresses of it. Empty when there are none.
    func addresses(of name: String, family: IPAddress.Family?) -> [IPAddress]
    /// The name `address` resolves to, or nil.
    func name(of address: IPAddress) -> String?
}

/// Names known in advance, for tests, simulations and tools that must not wait for a resolver.
public struct NameTable: NameService, Sendable {
    public var addresses: [String: [IPAddress]]
    public var names: [IPAddress: String]

    public init(addresses: [String: [IPAddress]] = [:], names: [IPAddress: String] = [:]) {
        self.addresses = addresses
        self.names = names
    }

    public func addresses(of name: String, family: IPAddress.Family?) -> [IPAddress] {
        (addresses[name] ?? []).filter { family == nil || $0.family == family }
    }

    public func name(of address: IPAddress) -> String? { names[address] }
}

extension NameService {
    /// One address of `text`, a literal or a name, by the rule of `preference` (spec: configuration.md 4.3).
    func resolve(_ text: String, _ preference: FamilyPreference) -> IPAddress? {
        if let literal = IPAddress(literal: text) {
            return preference.only == nil || preference.only == literal.family ? literal : nil
        }
        let found = addresses(of: text, family: preference.only)
        return found.first { $0.family == preference.first } ?? found.first
    }
}

/// Which address family is taken when a name has several (`totem.ip_version`).
public enum FamilyPreference: String, Sendable, Hashable {
    case ipv4
    case ipv6
    case ipv4First = "ipv4-6"
    case ipv6First = "ipv6-4"

    var only: IPAddress.Family? {
        switch self {
        case .ipv4: .v4
        case .ipv6: .v6
        case .ipv4First, .ipv6First: nil
        }
    }

    var first: IPAddress.Family {
        switch self {
        case .ipv4, .ipv4First: .v4
        case .ipv6, .ipv6First: .v6
        }
    }
}

extension HostFacts {
    /// The interface address that carries `wanted`: an exact match at once, otherwise the first in its network
    /// (spec: transports.md 3.10).
    public func interfaceAddress(for wanted: IPAddress) -> InterfaceAddress? {
        var sameNetwork: InterfaceAddress?
        for candidate in interfaces {
            guard let netmask = candidate.netmask, candidate.address.family == wanted.family else { continue }
            if candidate.address == wanted { return candidate }
            if sameNetwork == nil, candidate.address.isInNetwork(of: wanted, netmask: netmask) {
                sameNetwork = candidate
            }
        }
        return sameNetwork
    }
}
