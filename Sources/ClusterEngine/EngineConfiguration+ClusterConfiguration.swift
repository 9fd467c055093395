import Basics
import ClientProtocol
import ClusterConfiguration
import ClusterMap
import ClusterServices
import Totem
import TotemWire

extension EngineConfiguration {
    /// What a checked corosync.conf says, in the terms of the engine.
    ///
    /// - Parameter storedTrackingBarrier: content of the `ev_tracking` file, 0 when there is none.
    public init(_ configuration: ClusterConfiguration, storedTrackingBarrier: UInt32 = 0) {
        let nodes = configuration.nodes.compactMap(\.nodeID)
        let netMTU = UInt32(clamping: Int64(configuration.mtu) - Int64(TotemLimits.nestedHeadersSize))
        let entries = configuration.entries.sorted.map { MapEntry(name: $0.key, value: MapValue($0.value)) }
        self.init(
            nodeID: configuration.localNodeID, nodes: nodes,
            ring: RingParameters(
                configuration.timings, netMTU: Int(netMTU), rondo: configuration.rondo,
                maximumDatagram: configuration.transport == .knet ? TotemLimits.frameSize : TotemLimits.udpPayload),
            services: ServicesConfiguration(
                nodeID: configuration.localNodeID, map: ClusterMap(entries),
                memberAddresses: Self.memberAddresses(configuration), storedTrackingBarrier: storedTrackingBarrier),
            entries: entries, status: ClusterStatus(configuration, netMTU: netMTU),
            timingInputs: configuration.derivedTimings.inputs)
        links = LinksConfiguration(configuration)
        rondo = configuration.rondo
        let limits = configuration.rondo.programs
        waitingLimits = WaitingLimits(
            ofProgram: Int(limits.ofProgram), ofAll: Int(limits.ofAll), holdBack: Int(limits.holdBack))
        blocksUnlistedAddresses = configuration.timings.blockUnlistedIPs
        waitReason = configuration.addressFault == nil ? nil : configuration.addressWarning?.description
    }

    /// `r(0) ip(ADDR) ` for each address of a node, counted from 0 whatever its link (spec: configuration.md 8.1).
    private static func memberAddresses(_ configuration: ClusterConfiguration) -> [NodeID: String] {
        var texts: [NodeID: String] = [:]
        var counts: [NodeID: Int] = [:]
        for link in configuration.links {
            for member in link.members {
                let number = counts[member.nodeID, default: 0]
                texts[member.nodeID, default: ""] += "r(\(number)) ip(\(member.address)) "
                counts[member.nodeID] = number + 1
            }
        }
        return texts
    }
}

extension ClusterMap {
    /// A map of these entries, but for names that no map can hold.
    init(_ entries: [MapEntry]) {
        self.init()
        for entry in entries { try? set(entry.name, entry.value) }
    }
}

extension RingParameters {
    /// - Parameter rondo: nil for a ring without beats.
    public init(
        _ timings: TotemTimings, netMTU: Int, rondo: RondoSettings? = nil,
        maximumDatagram: Int = TotemLimits.udpPayload
    ) {
        self.init()
        token = timings.token
        tokenWarning = timings.tokenWarning
        tokenRetransmit = timings.tokenRetransmit
        hold = timings.hold
        join = timings.join
        consensus = timings.consensus
        merge = timings.merge
        failToReceiveConstant = timings.failRecvConst
        sequenceUnchangedConstant = timings.seqnoUnchangedConst
        missCountConstant = timings.missCountConst
        windowSize = timings.windowSize
        maxMessages = timings.maxMessages
        heartbeatFailuresAllowed = timings.heartbeatFailuresAllowed
        maxNetworkDelay = timings.maxNetworkDelay
        cancelHoldOnRetransmit = timings.cancelTokenHoldOnRetransmit
        self.netMTU = netMTU
        beat = rondo?.beat(timings) ?? 0
        silence = rondo?.silence(timings) ?? 0
        self.maximumDatagram = maximumDatagram
    }
}

extension ClusterStatus {
    init(_ configuration: ClusterConfiguration, netMTU: UInt32) {
        let transport: ClusterStatus.Transport =
            switch configuration.transport {
            case .udp: .udp
            case .udpu: .udpu
            case .knet: .knet
            }
        let nodes = configuration.nodes.compactMap(\.nodeID).sorted().map { id in
            ClusterStatus.Node(
                id: id, isReachable: false,
                links: configuration.links.compactMap { link in
                    link.members.first { $0.nodeID == id }.map {
                        LinkStatus(number: link.number, address: NodeAddress($0.address), mtu: netMTU)
                    }
                })
        }
        self.init(localNode: configuration.localNodeID, transport: transport, netMTU: netMTU, nodes: nodes)
    }
}

extension NodeAddress {
    init(_ address: IPAddress) {
        self.init(
            family: address.family == .v4 ? .inet : .inet6, bytes: address.bytes, text: address.description)
    }
}

extension MapValue {
    init(_ value: ConfigurationValue) {
        self =
            switch value {
            case .u8(let number): .u8(number)
            case .u16(let number): .u16(number)
            case .u32(let number): .u32(number)
            case .i32(let number): .i32(number)
            case .u64(let number): .u64(number)
            case .string(let bytes): .string(bytes)
            }
    }
}

extension ConfigurationValue {
    /// The value of a key as the file could have given it; nil for types that no file can.
    init?(_ value: MapValue) {
        switch value {
        case .u8(let number): self = .u8(number)
        case .u16(let number): self = .u16(number)
        case .u32(let number): self = .u32(number)
        case .i32(let number): self = .i32(number)
        case .u64(let number): self = .u64(number)
        case .string(let bytes): self = .string(bytes)
        case .i8, .i16, .i64, .float, .double, .binary: return nil
        }
    }
}
