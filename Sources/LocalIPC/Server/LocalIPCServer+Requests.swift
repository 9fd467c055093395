import CQB
import ClientProtocol
import ClusterMap
import Diagnostics
import Glibc
import TotemWire

extension LocalIPCServer {
    /// Handles one request that libqb found in a connection's ring.
    ///
    /// - Returns: zero, or a negative errno after which libqb serves this connection no further for now.
    func process(_ data: UnsafeMutableRawPointer, from connection: Connection) -> Int32 {
        var request: [UInt8] = []
        swap(&request, &spareRequest)
        defer { swap(&request, &spareRequest) }
        let bufferSize = connection.bufferSize
        let header = copy(data, bufferSize: bufferSize, into: &request)
        var response = ByteWriter()
        swap(&response, &spareResponse)
        defer { swap(&response, &spareResponse) }

        let service = connection.endpoint.service
        let outcome = handle(
            request, header: header, bufferSize: bufferSize, service: service, from: connection, response: &response)
        let isAnswered = service.isAnswered(header.id)
        switch outcome {
        case .answered:
            send(response, to: connection)
            return 0
        case .later, .unanswered: return 0
        case .invalid:
            connection.invalidRequests &+= 1
            if isAnswered { send(response, to: connection) }
            return -EINVAL
        case .overloaded:
            connection.overload &+= 1
            if isAnswered {
                send(response, to: connection)
            } else {
                host.log(
                    LogLine(
                        .error, .main,
                        "A message of \(connection.identity.processName) (pid \(connection.identity.process)) to its "
                            + "process group is lost: the ring cannot take it now"))
            }
            return -ENOBUFS
        }
    }

    private func handle(
        _ request: [UInt8], header: RequestHeader, bufferSize: Int, service: LocalService,
        from connection: Connection, response: inout ByteWriter
    ) -> RequestOutcome {
        let size = Int(header.size)
        let hasRoom = host.reserveRoom(bytes: max(0, min(size, bufferSize)))
        defer { host.releaseRoom() }
        let admission = Admission.decide(
            service: service, id: header.id, size: size, bufferSize: bufferSize, hasRoom: hasRoom,
            isSynchronizing: host.isSynchronizing)
        switch admission {
        case .invalid:
            response.refuseInvalid()
            return .invalid
        case .overload:
            response.refuseOverload()
            return .overloaded
        case .run:
            return host.handle(request.span, from: connection.id, of: service, response: &response)
        }
    }

    /// Copies a request out of memory the client can write to, so that what is checked is what is used: the header
    /// once, then as much of the rest as the copied header claims.
    ///
    /// Reading up to the buffer size from the message's start stays inside the mapping, whatever was really sent: the
    /// ring is mapped twice, back to back, and the receive buffer of socket mode has that size (spec: ipc.md 2.5).
    private func copy(
        _ data: UnsafeMutableRawPointer, bufferSize: Int, into request: inout [UInt8]
    ) -> RequestHeader {
        request.removeAll(keepingCapacity: true)
        request.append(contentsOf: UnsafeRawBufferPointer(start: data, count: RequestHeader.size))
        guard let header = try? RequestHeader(decoding: request.span) else { return RequestHeader.none }
        let size = Int(header.size)
        if size > RequestHeader.size, size <= bufferSize {
            let rest = UnsafeRawBufferPointer(
                start: data + RequestHeader.size, count: size - RequestHeader.size)
            request.append(contentsOf: rest)
        }
        return header
    }

    private func send(_ response: ByteWriter, to connection: Connection) {
        send(response.bytes, .response, to: connection)
    }
}
