import Basics
import Links
import TotemWire

/// Everything that happens to links without a ring on them: nodes that send each other numbered packets over several
/// links, the networks of these, and what goes wrong when. One scenario has one course of events.
package struct LinksScenario: Course {
    /// Seed of everything left to chance. The whole scenario when it was drawn from it.
    package var seed: UInt64
    /// Ascending, at most 65535.
    package var nodes: [NodeID]
    /// Of the links between any two nodes, by number.
    package var links: [LinkPlan]
    package var policy = LinkPolicy.passive
    /// Milliseconds from search to search for the path MTU.
    package var probeInterval: UInt64 = 2000
    /// `knet_mtu`; 0 to find out what paths carry.
    package var mtu = 0
    /// Longer packets are compressed; nil for none.
    package var compressionThreshold: Int?
    /// How datagrams are sealed at the start.
    package var protection = Protection.clear
    /// Kernels tell their interfaces' MTUs, at once and when they change; otherwise only refusals do.
    package var tellsInterfaces = true
    /// What all links do to datagrams at the start.
    package var network: NetworkConditions
    package var starts: [UInt64]
    package var traffic: [PacketTraffic]
    /// Somebody records what is sent, sends it again, puts parts of it together anew, and forges what needs no key.
    package var hasIntruder = false
    package var faults: [PlannedLinkFault] = []
    package var calmAt: UInt64
    package var comesBack: [Bool]
    package var losesDisk: [Bool]

    package static var layer: SimulatedLayer { .links }

    package init(seed: UInt64, nodes: [NodeID], links: [LinkPlan] = [LinkPlan()], calmAt: UInt64) {
        self.seed = seed
        self.nodes = nodes
        self.links = links
        network = NetworkConditions()
        starts = Array(repeating: 0, count: nodes.count)
        traffic = Array(repeating: PacketTraffic(), count: nodes.count)
        self.calmAt = calmAt
        comesBack = Array(repeating: true, count: nodes.count)
        losesDisk = Array(repeating: false, count: nodes.count)
    }

    package var tokenTimeout: UInt64 { links.map { UInt64($0.timing.timeout) * 2 }.max() ?? 1 }

    /// What arrives may be falsified and nothing notices: it is only asked that links come up again.
    package var isLenient: Bool {
        func flips(_ conditions: NetworkConditions) -> Bool { conditions.flipPerMillion > 0 }
        let isClear = protections.contains { !$0.isSealed }
        let changes = faults.contains { if case .conditions(let later) = $0.fault { flips(later) } else { false } }
        return isClear && (flips(network) || changes)
    }

    /// That of the start and all later ones, in order.
    package var protections: [Protection] {
        [protection]
            + faults.compactMap { if case .own(.changeKeys(let next, _, _)) = $0.fault { next } else { nil } }
    }

    package var setting: [String] {
        var lines = [
            "\(nodes.count) nodes, \(links.count == 1 ? "1 link" : "\(links.count) links"), \(policy.rawValue), "
                + "\(protection.words); " + network.words
        ]
        for (number, link) in links.enumerated() { lines.append("link \(number): " + link.words) }
        if mtu > 0 { lines.append("all are told that paths carry \(mtu) bytes") }
        if let compressionThreshold { lines.append("packets above \(compressionThreshold) bytes are compressed") }
        let senders = traffic.count { $0.pace > 0 }
        lines.append(senders == 0 ? "nobody sends" : "\(senders) of them send")
        if hasIntruder { lines.append("somebody sends recorded and forged packets") }
        return lines
    }
}

/// One link between any two nodes.
package struct LinkPlan: Sendable, Equatable {
    package var timing = LinkTiming(pingInterval: 200, timeout: 400)
    package var priority: UInt8 = 1
    package var isIPv6 = false
    /// Bytes of IP packet that the interfaces carry at the start.
    package var interfaceMTU = 1500

    package init() {}

    var family: IPAddress.Family { isIPv6 ? .v6 : .v4 }

    var words: String {
        "pinged every \(timing.pingInterval) ms, given up after \(timing.timeout) ms, \(timing.pongCount) pongs, priority "
            + "\(priority), \(isIPv6 ? "IPv6, " : "")MTU \(interfaceMTU)"
    }
}

/// How datagrams are sealed.
package struct Protection: Sendable, Equatable {
    package var hasCipher: Bool
    /// Bytes; 0 for none, which goes with no cipher.
    package var hashSize: Int

    package static let clear = Protection(hasCipher: false, hashSize: 0)

    package init(hasCipher: Bool, hashSize: Int) {
        self.hasCipher = hasCipher && hashSize > 0
        self.hashSize = hashSize
    }

    var isSealed: Bool { hashSize > 0 }
    var overhead: SealOverhead { SealOverhead(hasCipher: hasCipher, hashSize: hashSize) }

    var words: String {
        isSealed ? (hasCipher ? "sealed, \(hashSize) bytes of digest" : "signed, \(hashSize) bytes of digest") : "clear"
    }
}

/// What one node sends.
package struct PacketTraffic: Sendable, Equatable {
    package enum Sizes: String, Sendable, CaseIterable {
        /// Like tokens.
        case small
        /// About one datagram.
        case medium
        /// Up to the longest.
        case large
        case mixed
    }

    /// Microseconds from packet to packet; 0 for silence.
    package var pace: UInt64 = 0
    /// Packets at once.
    package var burst = 1
    package var sizes = Sizes.small

    package init() {}
}
