/// What must hold of links whatever the network does (docs/reliability.md).
package enum LinksInvariant: String, Sendable, CaseIterable, GuaranteeName {
    case integrity
    case once
    case fresh
    case life
    case up
    case down
    case pongs
    case flow
    case pathMTU = "path-mtu"
    case unauthenticated
    case memory
    case equality
    case liveness

    package var name: String { rawValue }

    package var title: String {
        switch self {
        case .integrity: "what is delivered was sent, byte for byte, to this node"
        case .once: "of a host's last 4096 packets none is delivered twice, and none of before them"
        case .fresh: "a packet that comes for the first time is delivered, if it is not far behind the host's newest"
        case .life: "nothing that a host sent before its restart is delivered after what it sent since"
        case .up: "a link whose both directions carry is up within pong count + 1 intervals, and stays up"
        case .down: "a link that does not carry in both directions goes down within its timeout, and stays down"
        case .pongs: "a link comes up with the pong that is one more than the pong count, or with data after a pong"
        case .flow: "what is sent arrives where a link carries, an interval and a doubt after another was cut"
        case .pathMTU: "datagrams fit the path soon after it has changed, and carry as much as it does in the end"
        case .unauthenticated: "what nobody with the key has sent changes nothing"
        case .memory: "what waits for missing pieces, and what there is to tell, is bounded"
        case .equality: "two machines that are told the same say the same"
        case .liveness: "when faults stop, all links come up within the bound"
        }
    }
}

package typealias LinksViolation = Breach<LinksInvariant>
