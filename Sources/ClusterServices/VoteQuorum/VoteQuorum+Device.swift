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
        own.flags.subtract(.device)
        waitsForDevice = false
        if masterWins { setMasterWins(false, &out) }
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
