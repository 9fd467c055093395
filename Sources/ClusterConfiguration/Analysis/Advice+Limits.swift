extension DerivedTimings {
    func membershipAdvice() -> [Advice] {
        var found: [Advice] = []
        if totem.consensus >= totem.join, totem.consensus / max(1, totem.join) < 4 {
            found.append(
                advice(
                    .warning, .join,
                    "join \(totem.join) ms fits only \(totem.consensus / max(1, totem.join)) times into consensus "
                        + "\(totem.consensus) ms: a few lost joins exclude a living node.",
                    remedy: "remove totem.join for 50 ms"))
        }
        if totem.sendJoin > totem.join, totem.sendJoin > 0 {
            found.append(
                advice(
                    .warning, .sendJoin,
                    "send_join \(totem.sendJoin) ms is longer than join \(totem.join) ms: delayed joins pile up, and "
                        + "membership changes take longer.",
                    remedy: "keep totem.send_join at or below totem.join"))
        }
        if totem.nodeCount > 128, totem.sendJoin == 0 {
            found.append(
                advice(
                    .note, .sendJoin,
                    "\(totem.nodeCount) nodes send their joins at the same moment.",
                    remedy: "set totem.send_join to 80 to spread them"))
        }
        if totem.merge >= totem.token {
            found.append(
                advice(
                    .note, .merge,
                    "merge \(totem.merge) ms: parts of a split cluster find each other again only after that time.",
                    remedy: "remove totem.merge for 200 ms"))
        }
        return found
    }

    /// The kernel's receive buffer holds about 256000 bytes: more in one rotation than fits is lost.
    private var receiveBufferBytes: UInt64 { 256_000 }

    func windowAdvice() -> [Advice] {
        var found: [Advice] = []
        let packet = UInt64(inputs.transport.defaultMTU == 65536 ? 1500 : inputs.transport.defaultMTU)
        let safe = receiveBufferBytes / packet
        if UInt64(totem.windowSize) > safe {
            found.append(
                advice(
                    totem.windowSize > 16384 ? .warning : .note, .windowSize,
                    "window_size \(totem.windowSize): so many packets in one rotation can overrun the receive buffer "
                        + "of a slow node.",
                    remedy: "keep totem.window_size at or below 256000 / packet size, \(safe)"))
        }
        if totem.maxMessages > totem.windowSize {
            found.append(
                advice(
                    .note, .maxMessages,
                    "max_messages \(totem.maxMessages) is above window_size \(totem.windowSize), which limits all nodes "
                        + "together.",
                    remedy: "raise totem.window_size or lower totem.max_messages"))
        }
        if totem.failRecvConst < 100 {
            found.append(
                advice(
                    .warning, .failRecvConst,
                    "fail_recv_const \(totem.failRecvConst): a node that misses a message for so few rotations, a "
                        + "matter of milliseconds on a busy ring, excludes itself.",
                    remedy: "remove totem.fail_recv_const for 2500"))
        }
        return found
    }
}
