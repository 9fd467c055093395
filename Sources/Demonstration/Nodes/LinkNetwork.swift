import Basics
import Links
import Transports

/// One node's sockets on knet links, each of which can be cut: what arrives on it is thrown away then.
final class LinkNetwork {
    /// One own address.
    struct Socket {
        let number: SocketNumber
        let link: LinkNumber
        let descriptor: Int32
    }

    let transport = KnetTransport()
    private(set) var sockets: [Socket] = []
    private var cut = LinkSet.none

    init(_ key: RingKey?) throws {
        if let key { transport.keys.set(.one, try key.sealer()) }
    }

    /// Opens the socket that the links have asked for.
    ///
    /// - Parameter paths: of the node; one of them says of which link the address is.
    func open(_ number: SocketNumber, at own: SocketAddress, _ paths: [LinkSettings]) throws {
        guard let link = paths.first(where: { $0.own == own })?.number else { return }
        let descriptor: Int32
        do throws(TransportError) {
            descriptor = try transport.open(number, at: own)
        } catch {
            throw DemonstrationError("link \(link.rawValue) cannot be opened: \(error)")
        }
        sockets.append(Socket(number: number, link: link, descriptor: descriptor))
    }

    func setCut(_ link: LinkNumber, _ isCut: Bool) {
        if isCut { cut.insert(link) } else { cut.remove(link) }
    }

    func isCut(_ socket: Socket) -> Bool { cut.contains(socket.link) }
}

/// What carries a node's packets.
enum NodeNetwork {
    case unicast(UDPTransport)
    case links(LinkNetwork)

    var descriptors: [Int32] {
        switch self {
        case .unicast(let transport): [transport.descriptor]
        case .links(let network): network.sockets.map(\.descriptor)
        }
    }
}
