import ClientProtocol
import TotemWire

/// The decoders of the requests of all client libraries: each is given the whole input.
enum RequestTarget {
    static func run(_ input: [UInt8]) {
        let bytes = input.span
        if let header = try? RequestHeader(decoding: bytes) {
            for service in LocalService.allCases {
                _ = Admission.decide(
                    service: service, id: header.id, size: Int(header.size), bufferSize: input.count, hasRoom: true,
                    isSynchronizing: false)
            }
        }
        _ = try? CmapRequest(decoding: bytes)
        _ = try? CfgRequest(decoding: bytes)
        _ = try? CpgRequest(decoding: bytes)
        _ = try? QuorumRequest(decoding: bytes)
        _ = try? VotequorumRequest(decoding: bytes)
        _ = CpgRequest.multicastPayload(of: bytes)?.count
        _ = try? CpgBufferRequest(decoding: bytes)
        if let length = try? CpgBufferRequest.payloadLength(header: bytes) {
            // What a buffer says it holds is attached to the request before the service sees it.
            var writer = ByteWriter()
            CpgBufferRequest.attach(Array(repeating: 0x5A, count: min(length, 4096)), into: &writer)
            _ = try? CpgRequest(decoding: writer.span)
        }
    }
}
