import Basics
import ClusterConfiguration
import ClusterEngine
import Host
import TotemWire
import Transports

/// Opening the ring's network as the configuration wants it (spec: transports.md 3).
enum NetworkSetup {
    /// Attempts after the first when the port is in use, each after 100 ms more than the one before.
    private static let retries = 10

    /// - Parameter pause: waits so many milliseconds; false when the daemon is to give up instead.
    static func open(
        _ configuration: ClusterConfiguration, logger: Logger, pause: @escaping (Int32) -> Bool
    ) throws(StartFailure) -> RingTransport {
        if let error = StartCheck.missingTransport(configuration) { throw StartFailure(error, .totem) }
        guard configuration.transport != .knet else {
            return .links(try LinkSetup.open(configuration, logger: logger))
        }
        return .unicast(try openUnicast(configuration, logger: logger, pause: pause))
    }

    private static func openUnicast(
        _ configuration: ClusterConfiguration, logger: Logger, pause: @escaping (Int32) -> Bool
    ) throws(StartFailure) -> UDPUnicastTransport {
        logger.log(.notice, .totem, "Initializing transport (UDP/IP Unicast).")
        guard let link = configuration.links.first, let local = link.localAddress else {
            throw StartFailure(.totem, .totem, "parse error in config: No interfaces defined")
        }
        let transport: UDPUnicastTransport
        do throws(TransportError) {
            transport = try UDPUnicastTransport(
                address: local, port: link.port, node: configuration.localNodeID,
                members: members(of: link), blocksUnlistedAddresses: configuration.timings.blockUnlistedIPs
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
        logger.log(.notice, .totem, "The network interface [\(transport.address)] is now up.")
        logger.log(.info, .totem, "Configuring link \(link.number)")
        logger.log(
            .info, .totem,
            "Configured link number \(link.number): local addr: \(transport.address), port=\(transport.port)")
        for member in link.members { logger.log(.notice, .totem, "adding new UDPU member {\(member.address)}") }
        return transport
    }

    /// Whether this build has the transport, and this machine the address: `-t` asks no more, and opens nothing.
    static func check(_ configuration: ClusterConfiguration) throws(StartFailure) {
        if let error = StartCheck.missingTransport(configuration) { throw StartFailure(error, .totem) }
        if let error = configuration.addressRefusal { throw StartFailure(error, .totem) }
        // Links may wait for their addresses.
        guard configuration.transport != .knet else { return try LinkSetup.check(configuration) }
        if let error = LocalAddressCheck.fault(of: configuration) { throw StartFailure(error, .totem) }
    }

    static func members(of link: Link) -> [UDPUnicastTransport.Member] {
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
