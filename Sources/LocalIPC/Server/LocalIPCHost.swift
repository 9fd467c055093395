import Basics
import ClientProtocol
import ClusterMap
import TotemWire

/// The daemon, as the local IPC sees it: who may connect, whether there is room, and what requests mean.
///
/// Everything is called on the loop's thread. From inside, `LocalIPCServer.send`, `setRate` and `disconnect` may be
/// called, but not `stop`.
public protocol LocalIPCHost: AnyObject {
    /// Whether a program may connect.
    ///
    /// - Parameters:
    ///   - user: the real user id of the process, attested by the kernel.
    ///   - group: its real group id.
    func decideAccess(to service: LocalService, user: UInt32, group: UInt32) -> AccessDecision

    /// Whether there are descriptors for a connection that has not said yet who it is.
    var mayAccept: Bool { get }

    func connectionOpened(_ identity: ConnectionIdentity, to service: LocalService)

    /// No message reaches the connection any more; what was open for it is to be forgotten.
    func connectionClosed(_ connection: ConnectionID, of service: LocalService)

    /// Before each request: reserves room in the ring's send queue.
    ///
    /// - Returns: whether there is room for a message of so many bytes.
    func reserveRoom(bytes: Int) -> Bool

    /// After each request: gives the reserved room back.
    func releaseRoom()

    /// At the end of each turn in which events wait for programs that still read, and of the first in which none do any more:
    /// how many bytes these are, and for which program the most.
    func programsLag(by bytes: Int, most program: ConnectionIdentity?)

    /// Whether services are being synchronised.
    var isSynchronizing: Bool { get }

    /// Handles a request. Events it causes are sent from inside, so that they come before the response.
    ///
    /// - Parameters:
    ///   - request: a private copy; no client can change it meanwhile.
    ///   - response: receives the response.
    func handle(
        _ request: Span<UInt8>, from connection: ConnectionID, of service: LocalService, response: inout ByteWriter
    ) -> RequestOutcome

    func log(_ line: LogLine)
}
