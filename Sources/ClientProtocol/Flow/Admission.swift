import TotemWire

/// What is decided about a request before its service sees it (spec: ipc.md 2.5).
public enum Admission: Sendable, Equatable {
    case run
    case invalid
    case overload

    /// Bytes of the largest request any library sends. A client may have chosen a larger buffer; its requests may not
    /// be larger all the same.
    public static let largestRequest = 1_048_576

    /// - Parameters:
    ///   - id: the request's id, unsigned.
    ///   - size: the size its header claims.
    ///   - bufferSize: the largest request the connection can carry.
    ///   - hasRoom: whether the ring's send queue has room for `size` bytes.
    public static func decide(
        service: LocalService, id: UInt32, size: Int, bufferSize: Int, hasRoom: Bool, isSynchronizing: Bool
    ) -> Admission {
        guard size >= RequestHeader.size, size <= min(bufferSize, largestRequest), id < service.requestCount else {
            return .invalid
        }
        guard service.isFlowControlled(id) else { return .run }
        return hasRoom && !isSynchronizing ? .run : .overload
    }

    /// Answers a request that is not admitted.
    ///
    /// - Returns: what becomes of it; nil when its service is to handle it.
    public func refusal(_ response: inout ByteWriter) -> RequestOutcome? {
        switch self {
        case .run: return nil
        case .invalid:
            response.refuseInvalid()
            return .invalid
        case .overload:
            response.refuseOverload()
            return .overloaded
        }
    }
}
