import Basics
import Links

/// The knet links of a ring that is asked about, each between all nodes.
package struct ForecastLinks: Sendable, Equatable {
    package struct Link: Sendable, Equatable {
        /// As the configuration counts them.
        package var number: Int
        package var priority: UInt8
        package var timing: LinkTiming
        package var lossPerMillion: UInt32

        package init(number: Int, priority: UInt8, timing: LinkTiming, lossPerMillion: UInt32) {
            self.number = number
            self.priority = priority
            self.timing = timing
            self.lossPerMillion = lossPerMillion
        }
    }

    /// By number; at least one.
    package var links: [Link]
    package var policy: LinkPolicy
    package var protection: Protection
    /// `knet_mtu`; 0 to find out what paths carry.
    package var mtu: UInt32
    /// How often each link is cut, and how often all of them at one node.
    package var cuts: Int

    package init(links: [Link], policy: LinkPolicy, protection: Protection, mtu: UInt32, cuts: Int) {
        self.links = links
        self.policy = policy
        self.protection = protection
        self.mtu = mtu
        self.cuts = cuts
    }

    /// What interfaces are taken to carry, in bytes of IP packet.
    private static let interfaceMTU = 1500

    /// Bytes of the ring's packet in one datagram.
    package var pieceSize: Int {
        LinkSizes(.v4, protection.overhead).linkMTU(path: mtu > 0 ? Int(mtu) : Self.interfaceMTU)
    }

    /// The share of datagrams that reach a node by no link, while none is in doubt: passive's best link decides, of round
    /// robin's links each as often as the others; with active all must lose it.
    package var lossPerMillion: UInt32 {
        let losses = links.map { Double($0.lossPerMillion) / 1e6 }
        let loss: Double
        switch policy {
        case .passive:
            let best = links.enumerated().max { ($0.element.priority, -$0.offset) < ($1.element.priority, -$1.offset) }
            loss = best.map { losses[$0.offset] } ?? 0
        case .active: loss = losses.reduce(1, *)
        case .roundRobin: loss = losses.reduce(0, +) / Double(max(losses.count, 1))
        }
        return UInt32((loss * 1e6).rounded())
    }

    /// In the words of a corosync.conf.
    var written: NodeLinks {
        var written = NodeLinks(links: links.count)
        for (index, link) in links.enumerated() {
            written.links[index].priority = link.priority
            written.links[index].interfaceMTU = Self.interfaceMTU
            written.links[index].timing = link.timing
        }
        written.policy = policy
        written.protection = protection
        written.mtu = mtu
        return written
    }
}

/// What a forecast is of a cut: of one link between all nodes, or of all links of one node.
package enum LinkLoss: Sendable, Hashable {
    /// By its place among the links.
    case link(Int)
    case node
}
