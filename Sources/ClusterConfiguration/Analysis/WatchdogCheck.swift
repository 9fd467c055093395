import Basics

/// A watchdog that resets machines, beside the time the ring needs to do without a dead node.
public struct WatchdogCheck: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        /// watchdog-mux of Proxmox VE: it resets a node whose HA services could not renew their lock for 60 s.
        case proxmox
        /// sbd's hardware watchdog (`SBD_WATCHDOG_TIMEOUT`, 5 s unless set).
        case sbd
        /// The daemon's own (`resources.watchdog_device`).
        case own
    }

    public enum Result: String, Sendable, Hashable {
        case fits, tight
        case tooShort = "too-short"
    }

    public var kind: Kind
    public var timeout: Microseconds
    /// Token timeout plus consensus: for so long nothing is decided after a node's death.
    public var silence: Microseconds
    public var result: Result
    public var text: String

    public static let proxmoxTimeout = Microseconds.milliseconds(60_000)
    public static let sbdTimeout = Microseconds.milliseconds(5_000)

    /// Those of most clusters, and the daemon's own where the configuration has one.
    ///
    /// - Parameters:
    ///   - sbd: sbd's watchdog timeout.
    ///   - entries: the configuration's, empty for none.
    static func all(_ timings: TotemTimings, sbd: Microseconds, _ entries: ConfigurationEntries) -> [WatchdogCheck] {
        let silence = Microseconds.milliseconds(timings.token) + .milliseconds(timings.consensus)
        var found = [proxmox(silence), self.sbd(silence, sbd, deviceWait(entries))]
        if let device = entries.text("resources.watchdog_device"), !device.isEmpty, device != "off" {
            let seconds = entries.u32("resources.watchdog_timeout") ?? ResourceDefault.watchdogTimeout
            found.append(
                WatchdogCheck(
                    kind: .own, timeout: .milliseconds(UInt32(clamping: UInt64(seconds) * 1000)), silence: silence,
                    result: .fits,
                    text: "resets this machine when the daemon itself stands still for \(seconds) s; no change of the "
                        + "membership keeps it from being fed."))
        }
        return found
    }

    private static func proxmox(_ silence: Microseconds) -> WatchdogCheck {
        // The services renew their lock every 10 s; Proxmox VE itself advises to stay below 30 s.
        let result: Result =
            silence > .milliseconds(50_000) ? .tooShort : silence > .milliseconds(30_000) ? .tight : .fits
        let reason = "While the ring does without a dead node, for \(silence.shortText), no lock can be renewed: "
        let text =
            switch result {
            case .fits: reason + "\((proxmoxTimeout - silence).shortText) are left."
            case .tight: reason + "Proxmox VE advises less than 30 s. Lower totem.token_coefficient, as to 125."
            case .tooShort:
                reason
                    + "one dead node can reset all others that run HA services. Lower totem.token_coefficient, as to "
                    + "125, or totem.token."
            }
        return WatchdogCheck(kind: .proxmox, timeout: proxmoxTimeout, silence: silence, result: result, text: text)
    }

    private static func sbd(_ silence: Microseconds, _ timeout: Microseconds, _ deviceWait: Microseconds?)
        -> WatchdogCheck
    {
        let delay = silence + timeout * 2
        var text =
            timeout < silence
            ? "A node that hangs is reset before the others do without it."
            : "The others do without a node that hangs \((timeout - silence).shortText) before its watchdog resets it."
        text +=
            " Nothing it ran may start elsewhere before: stonith-watchdog-timeout (or msgwait, with disks) at least "
            + "\((timeout * 2).shortText), SBD_DELAY_START at least \(delay.shortText) (token + consensus + twice the watchdog)."
        var result = Result.fits
        if let deviceWait, timeout <= deviceWait {
            result = .tooShort
            text +=
                " With a quorum device a change of the membership can take quorum.device.sync_timeout, "
                + "\(deviceWait.shortText): without a shared disk nodes reset themselves meanwhile. Raise "
                + "SBD_WATCHDOG_TIMEOUT above that, as to \((deviceWait + .milliseconds(5000)).shortText)."
        }
        return WatchdogCheck(kind: .sbd, timeout: timeout, silence: silence, result: result, text: text)
    }

    /// How long a quorum device can keep a membership change waiting; nil without one.
    private static func deviceWait(_ entries: ConfigurationEntries) -> Microseconds? {
        guard let model = entries.text(QuorumOption.deviceModel.key), !model.isEmpty else { return nil }
        return .milliseconds(
            entries.u32(QuorumOption.deviceSyncTimeout.key) ?? QuorumOption.Default.deviceSyncTimeout)
    }
}
