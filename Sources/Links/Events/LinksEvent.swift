import Basics

/// What the links have to tell the ring and the shell, in order.
public enum LinksEvent: Sendable, Equatable {
    case notice(LinksNotice)
    /// No link leads to that node any more.
    case linksLost(NodeID)
    /// The node's machine has refused a datagram on every link that there is to it: no process receives there.
    case refused(NodeID)
    /// The node has answered by a link on which its machine had refused a datagram.
    case answered(NodeID)
    /// A link leads to that node, for the first time or again.
    case linksBack(NodeID)
    /// Bytes of a ring's packet that one datagram carries from now on.
    case dataMTU(Int)
    /// The shell is to open a socket bound to this address, for all links with it.
    case openSocket(SocketNumber, SocketAddress)
    case closeSocket(SocketNumber)
}
