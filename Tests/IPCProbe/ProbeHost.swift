import Basics
import ClientProtocol
import ClusterEngine
import ClusterMap
import Glibc
import LocalIPC
import Totem
import TotemWire

/// A daemon without a ring: the map and the configuration service on fixed facts, the other services as on a ring of one.
final class ProbeHost: LocalIPCHost {
    var map = ClusterMap()
    var statistics = StatisticsMap(figures: NodeFigures().list)
    var cmap = CmapFrontend()
    var cfg = CfgFrontend()
    var isSynchronizing = false
    weak var server: LocalIPCServer?
    private let status: ClusterStatus
    private var services: LonelyServices
    private var waiting: [(MessageGroup, [UInt8])] = []
    private let loop: PollLoop

    init(loop: PollLoop) throws {
        self.loop = loop
        let nodes = (1...3).map { number in
            let address = NodeAddress(
                family: .inet, bytes: [127, 0, 0, UInt8(number)], text: "127.0.0.\(number)")
            return ClusterStatus.Node(
                id: NodeID(UInt32(number)), isReachable: number < 3, links: [LinkStatus(number: 0, address: address)])
        }
        status = ClusterStatus(localNode: NodeID(1), transport: .udpu, netMTU: 1410, nodes: nodes)
        services = try LonelyServices(now: Self.now, map: &map)
        try fillMap()
    }

    private func fillMap() throws {
        try map.set("totem.version", .u32(2))
        try map.set("totem.transport", .text("udpu"))
        try map.set("quorum.provider", .text("corosync_votequorum"))
        try map.set("runtime.config.totem.token", .u32(3000))
        try map.set("nodelist.local_node_pos", .u32(0))
        for number in 1...3 {
            try map.set("nodelist.node.\(number - 1).nodeid", .u32(UInt32(number)))
            try map.set("nodelist.node.\(number - 1).ring0_addr", .text("127.0.0.\(number)"))
            guard number < 3 else { continue }
            try map.set("runtime.members.\(number).ip", .text("r(0) ip(127.0.0.\(number)) "))
            try map.set("runtime.members.\(number).status", .text("joined"))
        }
        _ = try map.makeCounter("runtime.services.cmap.0.tx")
    }

    func decideAccess(to service: LocalService, user: UInt32, group: UInt32) -> AccessDecision {
        AccessPolicy.decide(
            user: user, group: group, isSynchronized: map["probe.starting"] == nil, isLowOnDescriptors: false, map: map)
    }

    var mayAccept: Bool { true }

    func connectionOpened(_ identity: ConnectionIdentity, to service: LocalService) {
        statistics.connectionOpened(identity)
        if service == .cmap { cmap.connectionOpened(identity.id) }
        services.connectionOpened(identity.id, to: service)
        sendEvents()
    }

    func connectionClosed(_ connection: ConnectionID, of service: LocalService) {
        switch service {
        case .cmap: cmap.connectionClosed(connection, map: &map, statistics: &statistics)
        case .cfg: cfg.connectionClosed(connection)
        case .cpg, .quorum, .votequorum:
            send(services.connectionClosed(connection, of: service, now: Self.now, map: &map))
        }
        statistics.connectionClosed(connection)
        sendEvents()
    }

    func reserveRoom(bytes: Int) -> Bool { true }

    func releaseRoom() {}

    func programsLag(by bytes: Int, most program: ConnectionIdentity?) {}

    func handle(
        _ request: Span<UInt8>, from connection: ConnectionID, of service: LocalService, response: inout ByteWriter
    ) -> RequestOutcome {
        var outcome = RequestOutcome.invalid
        switch service {
        case .cmap:
            if cmap.readsStatistics(connection) { refreshStatistics() }
            outcome = cmap.handle(
                request, from: connection, map: &map, statistics: &statistics, response: &response)
            for notification in map.takeNotifications(for: .daemon) { obey(notification, of: connection) }
        case .cfg:
            outcome = cfg.handle(
                request, from: connection, status: status, map: map, now: Self.now, response: &response)
            for action in cfg.takeActions() {
                say("action \(action)")
                if case .reload(let ticket) = action { cfg.reloadFinished(ticket, error: .invalidParameter) }
            }
        case .cpg, .quorum, .votequorum:
            let (result, messages, multicasts) = services.handle(
                request, from: connection, of: service, now: Self.now, map: &map, response: &response)
            outcome = result
            send(messages)
            circulate(multicasts)
        }
        sendEvents()
        return outcome
    }

    func log(_ line: LogLine) {
        say("log \(line.severity.name) \(line.subsystem.rawValue) \(line.text)")
    }

    /// Lets clients command the probe through the map.
    func offerCommands() throws { _ = try map.track("probe.", [.add, .modify, .delete, .prefix]) }

    private func obey(_ notification: MapNotification, of connection: ConnectionID) {
        switch notification.name {
        case "probe.flood": flood(connection)
        case "probe.hold": server?.setRate(notification.new == nil ? .fast : .offForMulticast, for: .cpg)
        default: break
        }
    }

    /// Gives a client events of 1 MB each, far more than it has room for.
    private func flood(_ connection: ConnectionID) {
        var writer = ByteWriter()
        let notification = MapNotification(
            tracker: TrackerID(0), event: .modify, name: "probe.flood",
            new: .binary([UInt8](repeating: 7, count: 1_000_000)), old: nil)
        for number in 0..<20 {
            writer.cmapNotification(notification, instance: UInt64(number))
            server?.send(ClientMessage(.event, to: connection, bytes: writer.bytes))
        }
    }

    private func refreshStatistics() {
        for id in server?.connectionIDs ?? [] {
            if let figures = server?.statistics(of: id) { statistics.update(id, figures) }
        }
    }

    private func sendEvents() {
        send(cmap.takeEvents(map: &map, statistics: &statistics))
        send(cfg.takeMessages())
    }

    private func send(_ messages: [ClientMessage]) {
        for message in messages { server?.send(message) }
    }

    /// Brings messages round the ring a little later, so that responses come before what their requests cause.
    private func circulate(_ multicasts: [(MessageGroup, [UInt8])]) {
        guard !multicasts.isEmpty else { return }
        waiting += multicasts
        guard waiting.count == multicasts.count else { return }
        loop.addJob(priority: .high) { [self] in
            let multicasts = waiting
            waiting = []
            send(services.circulate(multicasts, now: Self.now, map: &map))
            sendEvents()
        }
    }

    static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }
}
