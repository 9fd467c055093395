import Basics
import ClusterMap
import TotemWire

extension VoteQuorum {
    /// - Returns: `false` when the answer comes later, as `VoteQuorumEvent.deviceRegistered`.
    mutating func registerDevice(
        _ client: ConnectionID, name: [UInt8], _ out: inout ServiceOutputs
    ) throws(ClientError) -> Bool {
        try requireName(name)
        try requireDeviceAllowed()
        if own.flags.contains(.deviceRegistered) {
            guard name == deviceName else { throw .exist }
            return true
        }
        guard registration == nil else { throw .tryAgain }
        registration = (client, name)
        out.multicast(DeviceRegistration(operation: .register, name: name))
        return false
    }

    mutating func unregisterDevice(name: [UInt8], _ out: inout ServiceOutputs) throws(ClientError) {
        try requireRegistered()
        try requireSameName(name)
        deviceDeadline = nil
        let hadInformation = own.flags.contains(.deviceHasInformation)
        own.flags.subtract(.device)
        own.information = []
        waitsForDevice = false
        if masterWins { setMasterWins(false, &out) }
        // Corosync always says so; nodes of up to 3.1.10, which do not know the message, are spared it here.
        if hadInformation { sendDeviceInformation(&out) }
        sendOwnInfo(&out)
        out.multicast(DeviceRegistration(operation: .unregister, name: name))
    }

    func renameDevice(from old: [UInt8], to new: [UInt8], _ out: inout ServiceOutputs) throws(ClientError) {
        try requireName(new)
        try requireRegistered()
        try requireSameName(old)
        out.multicast(DeviceRename(oldName: old, newName: new))
    }

    mutating func pollDevice(
        name: [UInt8], castsVote: Bool, ringID polled: RingID, now: Instant, _ out: inout ServiceOutputs
    ) throws(ClientError) {
        try requireDeviceAllowed()
        try requireRegistered()
        guard polled == ringID else { throw .messageError }
        try requireSameName(name)
        let before = own.flags
        own.flags.insert(.deviceAlive)
        if castsVote { own.flags.insert(.deviceCastsVote) } else { own.flags.remove(.deviceCastsVote) }
        waitsForDevice = false
        let limit = settings.device?.timeout ?? QuorumOption.Default.deviceTimeout
        deviceDeadline = now.adding(milliseconds: UInt64(limit))
        if own.flags != before { sendOwnInfo(&out) }
    }

    mutating func setDeviceMasterWins(name: [UInt8], _ allow: Bool, _ out: inout ServiceOutputs) throws(ClientError) {
        try requireDeviceAllowed()
        try requireRegistered()
        try requireSameName(name)
        setMasterWins(allow, &out)
        guard own.flags.contains(.deviceMasterWins) != allow else { return }
        if allow { own.flags.insert(.deviceMasterWins) } else { own.flags.remove(.deviceMasterWins) }
        sendOwnInfo(&out)
    }

    /// The device wants everybody to know something; empty for nothing any more.
    mutating func setDeviceInformation(
        _ client: ConnectionID, _ bytes: [UInt8], _ out: inout ServiceOutputs
    ) throws(ClientError) {
        informed.insert(client)
        try requireDeviceAllowed()
        guard bytes.count <= DeviceInformation.limit else { throw .invalidParameter }
        try requireRegistered()
        own.information = bytes
        if bytes.isEmpty { own.flags.remove(.deviceHasInformation) } else { own.flags.insert(.deviceHasInformation) }
        sendDeviceInformation(&out)
    }

    /// What a node's device has told; empty when that is nothing.
    mutating func deviceInformation(of node: NodeID, for client: ConnectionID) throws(ClientError) -> [UInt8] {
        informed.insert(client)
        try requireDeviceAllowed()
        guard let record = record(of: node) else { throw .notExist }
        return record.knownInformation
    }

    /// The device has not polled in time.
    mutating func deviceLost(_ out: inout ServiceOutputs) {
        waitsForDevice = false
        guard own.flags.contains(.deviceAlive) else { return }
        own.flags.remove(.deviceAlive)
        own.flags.remove(.deviceCastsVote)
        out.log(.info, .voteQuorum, "lost contact with quorum device \(printable(deviceName ?? []))")
        sendOwnInfo(&out)
    }

    private mutating func setMasterWins(_ allow: Bool, _ out: inout ServiceOutputs) {
        masterWins = allow
        out.map("runtime.votequorum.qdevice_master_wins", .u8(allow ? 1 : 0))
    }

    private func requireName(_ name: [UInt8]) throws(ClientError) {
        guard (1..<DeviceRegistration.nameWidth).contains(name.count), !name.contains(0) else {
            throw .invalidParameter
        }
    }

    /// A device that nobody configured may register all the same; only a conflicting configuration refuses it.
    private func requireDeviceAllowed() throws(ClientError) {
        guard settings.deviceCanOperate != false else { throw .access }
    }

    private func requireRegistered() throws(ClientError) {
        guard own.flags.contains(.deviceRegistered) else { throw .notExist }
    }

    private func requireSameName(_ name: [UInt8]) throws(ClientError) {
        guard name == deviceName else { throw .invalidParameter }
    }
}
