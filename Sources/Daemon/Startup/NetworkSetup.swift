import Basics
import ClusterConfiguration
import ClusterEngine
import Host
import TotemWire
import Transports

/// Opening the ring's network as the configuration wants it (spec: transports.md 3, 4).
enum NetworkSetup {
    /// Attempts after the first when the port is in use, each after 100 ms more than the one before.
    private static let retries = 10

    /// - Parameter pause: waits so many milliseconds; false when the daemon is to give up instead.
    static func open(
        _ configuration: ClusterConfiguration, logger: Logger, pause: @escaping (Int32) -> Bool
    ) throws(StartFailure) -> RingTransport {
        if let error = StartCheck.networkRefusal(configuration) { throw StartFailure(error, .totem) }
        if let error = configuration.addressRefusal { throw StartFailure(error, .totem) }
        guard configuration.transport != .knet else {
            return .links(try LinkSetup.open(configuration, logger: logger))
        }
        let name = configuration.transport == .udp ? "UDP/IP Multicast" : "UDP/IP Unicast"
        logger.log(.notice, .totem, "Initializing transport (\(name)).")
        guard let link = configuration.links.first, let local = link.localAddress else {
            throw StartFailure(.totem, .totem, "parse error in config: No interfaces defined")
        }
        let transport: UDPTransport
        do throws(TransportError) {
            transport = try UDPTransport(
                address: local, port: link.port, node: configuration.localNodeID, members: members(of: link),
                group: link.multicastAddress.map { UDPGroup(address: $0, ttl: link.ttl) },
                blocksUnlistedAddresses: configuration.timings.blockUnlistedIPs,
                serviceCodePoint: configuration.serviceCodePoint
            ) { attempt in
                logger.log(
                    .warning, .totem,
                    "bind token socket failed: Address already in use (98): attempt \(attempt) for port \(link.port) "
                        + "on \(local)")
                return attempt <= retries && pause(Int32(attempt) * 100)
            }
        } catch {
            throw failure(error)
        }
        report(transport, link, logger)
        return .udp(transport)
    }

    /// What Corosync writes when its sockets are open.
    private static func report(_ transport: UDPTransport, _ link: Link, _ logger: Logger) {
        logger.log(
            .notice, .totem,
            transport.interfaceState == .regular
                ? "The network interface [\(transport.address)] is now up." : "The network interface is down.")
        logger.log(.info, .totem, "Configuring link \(link.number)")
        logger.log(
            .info, .totem,
            "Configured link number \(link.number): local addr: \(transport.address), port=\(transport.port)")
        // With multicasts nothing is sent to a member but tokens, and Corosync names none.
        guard link.multicastAddress == nil else { return }
        for member in link.members { logger.log(.notice, .totem, "adding new UDPU member {\(member.address)}") }
    }

    /// Whether this build has what links run over, and this machine the address: `-t` asks no more, and opens nothing.
    static func check(_ configuration: ClusterConfiguration) throws(StartFailure) {
        if let error = StartCheck.networkRefusal(configuration) { throw StartFailure(error, .totem) }
        if let error = configuration.addressRefusal { throw StartFailure(error, .totem) }
        if let error = RingKey.fault(of: configuration) ?? LocalAddressCheck.fault(of: configuration) {
            throw StartFailure(error, .totem)
        }
    }

    static func members(of link: Link) -> [UDPTransport.Member] {
        link.members.map { .init(node: $0.nodeID, address: $0.address) }
    }

    private static func failure(_ error: TransportError) -> StartFailure {
        switch error {
        case .portInUse, .notPermitted, .system:
            StartFailure(.usage, .totem, "Unable to create sockets, exiting: \(error)")
        case .addressNotLocal, .interfaceDown:
            StartFailure(LocalAddressCheck.refusal(because: error), .totem)
        case .mixedFamilies:
            StartFailure(.configuration, .totem, error.description)
        }
    }
}
