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

    /// What a ring is for.
    public enum Name: String, CaseIterable, Sendable {
        case request, response, event

        fileprivate func stem(_ service: String) -> String { "qb-\(rawValue)-\(service)" }

        public func headerFile(of service: String) -> String { stem(service) + "-header" }

        public func dataFile(of service: String) -> String { stem(service) + "-data" }
    }
}
