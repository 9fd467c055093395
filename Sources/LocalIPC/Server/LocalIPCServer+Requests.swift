import Basics
import CQB
import ClientProtocol
import ClusterMap
import Glibc
import TotemWire

extension LocalIPCServer {
    /// Handles one request that libqb found in a connection's ring.
    ///
    /// - Returns: zero, or a negative errno after which libqb serves this connection no further for now.
    func process(_ data: UnsafeMutableRawPointer, from connection: Connection) -> Int32 {
        LastRequests.noteTaken()
        var request: [UInt8] = []
        swap(&request, &spareRequest)
        defer { swap(&request, &spareRequest) }
        let bufferSize = connection.bufferSize
        var header = copy(data, bufferSize: bufferSize, into: &request)
        if connection.endpoint.service == .cpg { header = attachMessage(to: &request, header, from: connection) }
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
                            + "process group is lost: the ring cannot take it now",
                        kind: .client(connection.identity.process)))
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
        if let refused = admission.refusal(&response) { return refused }
        if service == .cpg, let answer = answerAboutBuffer(request.span, from: connection) {
            answer.encode(into: &response)
            return .answered
        }
        return host.handle(request.span, from: connection.id, of: service, response: &response)
    }

    /// A request to multicast what is in a shared buffer becomes one that carries it, and is admitted by that size.
    private func attachMessage(
        to request: inout [UInt8], _ header: RequestHeader, from connection: Connection
    ) -> RequestHeader {
        guard let asked = try? CpgBufferRequest(decoding: request.span), case .multicast(let address) = asked else {
            return header
        }
        guard let message = connection.buffers.message(in: address) else {
            // What the client itself may have attached is no message.
            request.removeLast(max(0, request.count - CpgBufferRequest.multicastSize))
            return header
        }
        var writer = ByteWriter()
        CpgBufferRequest.attach(message, into: &writer)
        request = writer.bytes
        return (try? RequestHeader(decoding: request.span)) ?? header
    }

    /// - Returns: nil when the request is for the service.
    private func answerAboutBuffer(_ request: Span<UInt8>, from connection: Connection) -> CpgResponse? {
        guard let asked = try? CpgBufferRequest(decoding: request) else { return nil }
        switch asked {
        case .allocate(let path, let size):
            return .buffer(connection.buffers.add(path: path, size: size) ? nil : .access)
        case .free(let address): return .buffer(connection.buffers.remove(address) ? nil : .notExist)
        case .multicast: return nil
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
