import Basics
import ClientProtocol
import ClusterMap
import Glibc
import TotemWire

extension LocalIPCServer {
    /// What becomes of a connection after a request.
    enum Sequel {
        case next
        /// No more requests of it for now.
        case enough
        case end
    }

    /// Asks to be disconnected.
    private static let farewell = UInt32(bitPattern: -3)

    /// Handles one request, which nobody else can change any more.
    func process(_ request: inout [UInt8], from connection: Connection) -> Sequel {
        var header = claim(&request)
        guard header.id != Self.farewell else { return .end }
        let service = connection.endpoint.service
        if service == .cpg { header = attachMessage(to: &request, header, from: connection) }
        var response = ByteWriter()
        swap(&response, &spareResponse)
        defer { swap(&response, &spareResponse) }

        let outcome = handle(
            request, header: header, bufferSize: connection.bufferSize, service: service, from: connection,
            response: &response)
        let isAnswered = service.isAnswered(header.id)
        switch outcome {
        case .answered:
            send(response, to: connection)
            return .next
        case .later, .unanswered: return .next
        case .invalid:
            connection.noteInvalidRequest()
            if isAnswered { send(response, to: connection) }
            return .enough
        case .overloaded:
            connection.noteOverload()
            if isAnswered {
                send(response, to: connection)
            } else {
                host.log(
                    LogLine(
                        .error, .main,
                        "A message of \(connection.client) to its process group is lost: the ring cannot take it now",
                        kind: .client(connection.identity.process)))
            }
            return .enough
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
            let isThere =
                sharedBufferCount < SharedBuffers.mostOfAll && sharedBytes < SharedBuffers.mostBytesOfAll
                && connection.buffers.add(path: path, size: size)
            return .buffer(isThere ? nil : .access)
        case .free(let address): return .buffer(connection.buffers.remove(address) ? nil : .notExist)
        case .multicast: return nil
        }
    }

    /// The header of a request, whose bytes are cut to what it claims; to the header when that claims more than came.
    private func claim(_ request: inout [UInt8]) -> RequestHeader {
        guard let header = try? RequestHeader(decoding: request.span) else { return RequestHeader.none }
        let size = Int(header.size)
        let rest = size >= RequestHeader.size && size <= request.count ? size : RequestHeader.size
        request.removeLast(request.count - rest)
        return header
    }

    private func send(_ response: ByteWriter, to connection: Connection) {
        send(response.bytes, .response, to: connection)
    }
}
