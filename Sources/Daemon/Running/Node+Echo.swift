import Basics
import Transports

/// Asking the machines of other nodes whether they are there.
struct EchoSockets {
    private var sockets: [EchoSocket] = []
    /// Families of which no socket could be opened.
    private var missing: [IPAddress.Family] = []

    var descriptors: [Int32] { sockets.map(\.descriptor) }

    enum Opening {
        case open(EchoSocket)
        case opened(EchoSocket)
        case failed(TransportError)
        /// It had failed before.
        case none
    }

    mutating func socket(_ family: IPAddress.Family) -> Opening {
        if let socket = sockets.first(where: { $0.family == family }) { return .open(socket) }
        guard !missing.contains(family) else { return .none }
        do throws(TransportError) {
            let socket = try EchoSocket(family)
            sockets.append(socket)
            return .opened(socket)
        } catch {
            missing.append(family)
            return .failed(error)
        }
    }
}

extension Node {
    /// Asks a machine at each address that it has in the nodelist.
    func askMachine(of node: NodeID) {
        for link in configuration.links {
            for member in link.members where member.nodeID == node {
                let target = SocketAddress(member.address, port: 0)
                switch echoSockets.socket(member.address.family) {
                case .open(let socket): socket.ask(target)
                case .opened(let socket):
                    // Held strongly, for as long as it runs.
                    loop.add(socket.descriptor, .readable, .ring, isAwaited: false) { _, _ in
                        self.takeAnswers(from: socket)
                        return true
                    }
                    socket.ask(target)
                case .failed(let error):
                    logger.log(
                        .warning, .totem,
                        "The machines of other nodes cannot be asked whether they are there: \(error). A lost machine is noticed "
                            + "by the token and consensus timeouts only. To do: give rondod CAP_NET_RAW, or put its group into "
                            + "net.ipv4.ping_group_range.")
                case .none: break
                }
            }
        }
    }

    /// So many answers are taken in at once; what is left is reported again.
    private static let mostAnswers = 128

    private func takeAnswers(from socket: EchoSocket) {
        for _ in 0..<Self.mostAnswers {
            guard let address = socket.nextAnswer() else { return }
            for link in configuration.links {
                for member in link.members where member.address == address {
                    engine.machineAnswered(member.nodeID, now: loop.now)
                }
            }
        }
    }
}
