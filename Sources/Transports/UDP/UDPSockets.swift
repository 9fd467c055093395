import Basics
import Glibc

/// The sockets of a transport.
struct UDPSockets {
    /// With the port that the kernel chose where none was given.
    private(set) var own: SocketAddress
    /// Bound to the own address and port.
    let descriptor: Int32
    private(set) var group: GroupSockets?

    /// Opens them, and joins the group where the interface is up.
    ///
    /// - Parameter retry: as of `UDPTransport.init`.
    static func open(
        _ own: SocketAddress, _ group: UDPGroup?, on interface: InterfaceAddress, codePoint: UInt8,
        retry: ((Int) -> Bool)? = nil
    ) throws(TransportError) -> UDPSockets {
        var attempt = 1
        while true {
            do throws(TransportError) {
                return try UDPSockets(own, group, on: interface, codePoint)
            } catch {
                guard case .portInUse(let address, let port, _) = error else { throw error }
                guard let retry, retry(attempt) else {
                    throw .portInUse(address, port: port, attempts: attempt)
                }
                attempt += 1
            }
        }
    }

    func close() {
        Glibc.close(descriptor)
        group?.close()
    }

    private init(
        _ own: SocketAddress, _ target: UDPGroup?, on interface: InterfaceAddress, _ codePoint: UInt8
    ) throws(TransportError) {
        self.own = own
        descriptor = try UDPSocket.open(own, mayBeAbsent: target != nil, codePoint: codePoint)
        if own.port == 0 { self.own.port = UDPSocket.port(of: descriptor) }
        guard let target else { return }
        do throws(TransportError) {
            var sockets = try GroupSockets(
                target, own: self.own, interface: interface.index, codePoint: codePoint)
            if interface.isUp, let error = sockets.join(on: interface.index) {
                sockets.close()
                throw error
            }
            group = sockets
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }
}
