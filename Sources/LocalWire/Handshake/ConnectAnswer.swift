import TotemWire

/// What a client's library is told (spec: ipc.md 3.1).
public enum ConnectAnswer: Sendable, Equatable {
    public static let size = 12_328

    /// The errno that the library sees.
    case refused(Int32)
    /// - connection: any number.
    /// - rings: the paths of the three rings' files without their endings.
    case accepted(connection: UInt64, largestMessage: Int, rings: RingPaths)

    private static let sharedMemory: UInt32 = 1

    public func encode(into writer: inout ByteWriter) {
        writer.slot32(ConnectRequest.id)
        writer.slot32(UInt32(Self.size))
        switch self {
        case .refused(let code):
            writer.slot32(UInt32(bitPattern: 0 &- code))
            writer.zeros(Self.size - 24)
        case .accepted(let connection, let largestMessage, let rings):
            writer.slot32(0)
            writer.u32(Self.sharedMemory)
            writer.u32(UInt32(clamping: largestMessage))
            writer.u64(connection)
            writer.path(rings.request)
            writer.path(rings.response)
            writer.path(rings.event)
        }
    }

    /// - Throws: when a client cannot use it.
    public init(decoding bytes: Span<UInt8>) throws(HandshakeFault) {
        var reader = ByteReader(bytes, order: .native, at: 16)
        guard bytes.count == Self.size, let code = try? reader.u32("error"), (try? reader.skip(4, "padding")) != nil,
            let kind = try? reader.u32("type"), let largest = try? reader.u32("largest message"),
            let connection = try? reader.u64("connection")
        else { throw .size(bytes.count) }
        guard code == 0 else {
            self = .refused(0 &- Int32(bitPattern: code))
            return
        }
        guard kind == Self.sharedMemory else { throw .kind(kind) }
        guard let request = reader.path(), let response = reader.path(), let event = reader.path() else { throw .paths }
        self = .accepted(
            connection: connection, largestMessage: Int(largest),
            rings: RingPaths(request: request, response: response, event: event))
    }
}

/// Why an answer to a connect request is none that a client can use.
public enum HandshakeFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// It has another length.
    case size(Int)
    /// The connection is to be of another kind than shared memory: 0 stands for datagram sockets.
    case kind(UInt32)
    /// Rings are not named.
    case paths

    public var description: String {
        switch self {
        case .size(let bytes): "an answer of \(bytes) bytes is none"
        case .kind(let number):
            "connections are of kind \(number), and this library speaks through shared memory only; to do: take "
                + "system.qb_ipc_type out of corosync.conf"
        case .paths: "the answer names no rings"
        }
    }
}

/// The three rings of a connection, by the paths that their client's library opens: a file with the ending `-header`, and
/// the one that its header names.
public struct RingPaths: Sendable, Equatable {
    public var request: String
    public var response: String
    public var event: String

    /// - Parameters:
    ///   - folder: where the files lie.
    ///   - service: the name of the service.
    public init(folder: String, service: String) {
        request = "\(folder)/\(Name.request.stem(service))"
        response = "\(folder)/\(Name.response.stem(service))"
        event = "\(folder)/\(Name.event.stem(service))"
    }

    init(request: String, response: String, event: String) {
        self.request = request
        self.response = response
        self.event = event
    }

    /// What the path of a ring's header has behind the ring's own.
    public static let headerEnding = "-header"

    /// What a ring is for.
    public enum Name: String, CaseIterable, Sendable {
        case request, response, event

        fileprivate func stem(_ service: String) -> String { "qb-\(rawValue)-\(service)" }

        public func headerFile(of service: String) -> String { stem(service) + RingPaths.headerEnding }

        public func dataFile(of service: String) -> String { stem(service) + "-data" }
    }
}
