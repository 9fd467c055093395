import Basics
import Glibc
import TotemWire
import Transports

/// Finds a UDP port that is free on the addresses of all nodes; where there are links, that of link 0, and the next one for
/// link 1.
enum PortFinder {
    private static let attempts = 32

    /// - Parameter wanted: 0 for any.
    static func find(_ wanted: UInt16, for plan: RingPlan) throws -> UInt16 {
        guard wanted == 0 else {
            try check(wanted, plan)
            return wanted
        }
        for _ in 0..<attempts {
            // The system chooses one that is free for the first node.
            guard let first = plan.nodes.first.map({ RingPlan.address(of: $0) }) else { break }
            let port = try open(0, first).port
            if (try? check(port, plan)) != nil { return port }
        }
        throw DemonstrationError("no UDP port is free on the addresses of all nodes; give one with --port")
    }

    private static func check(_ port: UInt16, _ plan: RingPlan) throws {
        for id in plan.nodes {
            for (number, address) in plan.addresses(of: id).enumerated() {
                guard let port = UInt16(exactly: Int(port) + number) else {
                    throw DemonstrationError(
                        "--port \(port) leaves no port for link \(number); give \(Int(UInt16.max) - number) or less",
                        isUsage: true)
                }
                try check(port, address)
            }
        }
    }

    private static func check(_ port: UInt16, _ address: String) throws {
        do {
            _ = try open(port, address)
        } catch TransportError.portInUse(let address, _, _) {
            throw DemonstrationError(
                "UDP port \(port) on \(address) is in use by another process; find it with 'ss -ulpn sport = :\(port)', "
                    + "give another --port, or none to take a free one")
        } catch TransportError.notPermitted(let address, _) {
            throw DemonstrationError(
                "not permitted to use UDP port \(port) on \(address); "
                    + (port < 1024 ? "give a --port from 1024 on, or none" : "check the security policy"))
        }
    }

    private static func open(_ port: UInt16, _ text: String) throws -> UDPTransport {
        guard let address = IPAddress(text) else { throw DemonstrationError("\(text) is no address") }
        do {
            return try UDPTransport(address: address, port: port, node: NodeID(1), members: [])
        } catch TransportError.addressNotLocal {
            throw DemonstrationError(
                "the address \(address) is not available: the loopback interface is down or has lost its network "
                    + "127.0.0.0/8; as root: ip link set lo up, or ip address add 127.0.0.1/8 dev lo")
        } catch TransportError.interfaceDown(_, let name) {
            throw DemonstrationError(
                "the loopback interface \(name) is down; as root: ip link set \(name) up")
        }
    }
}
