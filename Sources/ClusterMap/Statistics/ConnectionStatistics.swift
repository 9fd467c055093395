/// The figures of one client connection at one moment (spec: ipc.md 2.4).
public struct ConnectionStatistics: Sendable, Equatable {
    /// Whether events wait because the client does not read.
    public var queueing: Bool = false
    /// Events waiting.
    public var queued: UInt32 = 0
    public var invalidRequests: UInt64 = 0
    public var overload: UInt64 = 0
    public var sent: UInt32 = 0
    public var requests: UInt64 = 0
    public var responses: UInt64 = 0
    /// Events the client could read.
    public var dispatched: UInt64 = 0
    public var sendRetries: UInt64 = 0
    public var recvRetries: UInt64 = 0
    /// 0 running, 1 or 2 held back.
    public var flowControl: UInt32 = 0
    public var flowControlCount: UInt64 = 0

    public init() {}
}

/// Who is connected to what.
public struct ConnectionIdentity: Sendable, Equatable {
    public var id: ConnectionID
    public var service: UInt32
    /// Process id.
    public var process: Int32
    /// At most 31 bytes; empty when it could not be found out.
    public var processName: String

    public init(id: ConnectionID, service: UInt32, process: Int32, processName: String) {
        self.id = id
        self.service = service
        self.process = process
        self.processName = processName
    }

    /// `stats.ipcs.serviceS.PID.0xID.`
    var keyPrefix: String { "stats.ipcs.service\(service).\(process).\(id)." }
}

/// The keys of one connection, each by its last part.
enum ConnectionStatistic: String, Sendable, CaseIterable {
    case queueing
    case queued
    case invalidRequest = "invalid_request"
    case overload
    case sent
    case procname
    case requests
    case responses
    case dispatched
    case sendRetries = "send_retries"
    case recvRetries = "recv_retries"
    case flowControl = "flow_control"
    case flowControlCount = "flow_control_count"

    /// The value in `now`; what counts up starts from where it stood in `base`, when it was last cleared.
    func value(_ now: ConnectionStatistics, since base: ConnectionStatistics, name: String) -> MapValue {
        switch self {
        case .queueing: .i32(now.queueing ? 1 : 0)
        case .queued: .u32(now.queued)
        case .invalidRequest: .u64(now.invalidRequests &- base.invalidRequests)
        case .overload: .u64(now.overload &- base.overload)
        case .sent: .u32(now.sent)
        case .procname: .text(name)
        case .requests: .u64(now.requests &- base.requests)
        case .responses: .u64(now.responses &- base.responses)
        case .dispatched: .u64(now.dispatched &- base.dispatched)
        case .sendRetries: .u64(now.sendRetries &- base.sendRetries)
        case .recvRetries: .u64(now.recvRetries &- base.recvRetries)
        case .flowControl: .u32(now.flowControl)
        case .flowControlCount: .u64(now.flowControlCount &- base.flowControlCount)
        }
    }
}
