extension DerivedTimings {
    func consensusAdvice() -> [Advice] {
        let wanted = CorosyncArithmetic.consensus(token: totem.token)
        guard totem.consensus < wanted else { return [] }
        let remedy =
            "remove totem.consensus, it then is \(wanted) ms and follows the token and the node count"
        if totem.consensus >= totem.token {
            return [
                advice(
                    .note, .consensus,
                    "consensus \(totem.consensus) ms is less than 1.2 times the token timeout (\(wanted) ms).",
                    remedy: remedy)
            ]
        }
        let risk =
            totem.ringSize > 2
            ? "A membership change then excludes a node for a silence that the running ring forgives."
            : "With two nodes that is safe; with a third one it no longer is."
        return [
            advice(
                totem.ringSize > 2 ? .warning : .note, .consensus,
                "consensus \(totem.consensus) ms is smaller than the token timeout \(totem.token) ms. \(risk)",
                remedy: remedy)
        ]
    }

    func tokenAdvice(hop: Microseconds) -> [Advice] {
        var found: [Advice] = []
        let coefficient =
            inputs.given(.tokenCoefficient)?.value.asU32 ?? TimingParameter.tokenCoefficient.defaultValue ?? 0
        let extra = UInt64(inputs.nodeCount > 2 ? inputs.nodeCount - 2 : 0) * UInt64(coefficient)
        if UInt64(inputs.given(.token)?.value.asU32 ?? 3000) + extra > UInt64(UInt32.max) {
            found.append(
                advice(
                    .warning, .token,
                    "token plus token_coefficient for each node exceeds 4294967295 ms and starts again at zero: "
                        + "the token timeout is \(totem.token) ms.",
                    remedy: "lower totem.token or totem.token_coefficient"))
        }
        if CorosyncArithmetic.consensus(token: totem.token) == 0x8000_0000 {
            found.append(
                advice(
                    .warning, .token, "token \(totem.token) ms is so large that values derived from it are capped.",
                    remedy: "lower totem.token"))
        }
        if totem.token < 500 {
            found.append(
                advice(
                    .warning, .token,
                    "token \(totem.token) ms is short: a busy machine or a paused virtual one is easily silent that "
                        + "long, and is then excluded.",
                    remedy: "give totem.token at least 1000 ms, unless every node is real-time capable"))
        }
        let failure = FailureTimeline(.nodeDies, totem, hop: hop)?.longest ?? .zero
        if failure > .milliseconds(30_000) {
            found.append(
                advice(
                    .note, .token,
                    "it can take \(failure.shortText) until a dead node is excluded; nothing is decided in that time.",
                    remedy: totem.nodeCount > 2 && coefficient > 0
                        ? "lower totem.token_coefficient on all nodes, or accept the delay"
                        : "lower totem.token on all nodes, or accept the delay"))
        }
        return found
    }

    func retransmissionAdvice(hop: Microseconds) -> [Advice] {
        var found: [Advice] = []
        let rotation = hop * UInt64(max(1, totem.ringSize))
        if totem.tokenRetransmit >= totem.token {
            found.append(
                advice(
                    .warning, .tokenRetransmit,
                    "token_retransmit \(totem.tokenRetransmit) ms is not below the token timeout \(totem.token) ms: "
                        + "one lost token ends the ring.",
                    remedy: "remove totem.token_retransmit"))
        } else if totem.token / max(1, totem.tokenRetransmit) < 2 {
            found.append(
                advice(
                    .warning, .tokenRetransmit,
                    "the token is sent again only once before it counts as lost.",
                    remedy: "remove totem.token_retransmit, or raise totem.token_retransmits_before_loss_const"))
        }
        if Microseconds.milliseconds(totem.tokenRetransmit) < rotation * 2 {
            found.append(
                advice(
                    .warning, .tokenRetransmit,
                    "token_retransmit \(totem.tokenRetransmit) ms leaves too little time for a rotation of about "
                        + "\(rotation.millisecondsText): tokens are sent again although none was lost.",
                    remedy: "raise totem.token, or lower totem.token_retransmits_before_loss_const"))
        } else if totem.tokenRetransmit < 100 {
            found.append(
                advice(
                    .note, .tokenRetransmit,
                    "token_retransmit \(totem.tokenRetransmit) ms is short: a loaded network or machine delays the "
                        + "token that long, and it is sent again although it was not lost.",
                    remedy: inputs.given(.tokenRetransmit) == nil
                        ? "raise totem.token, or lower totem.token_retransmits_before_loss_const"
                        : "remove totem.token_retransmit"))
        }
        return found
    }

    func holdAdvice() -> [Advice] {
        var found: [Advice] = []
        if totem.hold >= totem.token {
            found.append(
                advice(
                    .warning, .hold,
                    "hold \(totem.hold) ms is not below the token timeout \(totem.token) ms: an idle ring breaks up "
                        + "again and again.",
                    remedy: "remove totem.hold"))
        } else if totem.hold >= totem.tokenRetransmit {
            found.append(
                advice(
                    .warning, .hold,
                    "hold \(totem.hold) ms is not below token_retransmit \(totem.tokenRetransmit) ms: on an idle ring "
                        + "every node sends the token again while the representative holds it.",
                    remedy: "remove totem.hold"))
        } else if totem.hold < 30 {
            found.append(
                advice(
                    .note, .hold,
                    "hold \(totem.hold) ms: even an idle ring passes the token \(1000 / max(1, totem.hold)) times a "
                        + "second.",
                    remedy: "raise totem.token, or lower totem.token_retransmits_before_loss_const"))
        }
        if totem.seqnoUnchangedConst > 10_000 {
            found.append(
                advice(
                    .note, .seqnoUnchangedConst,
                    "the ring rests only after \(totem.seqnoUnchangedConst) rotations without a message; until then "
                        + "the token costs processor time.",
                    remedy: "remove totem.seqno_unchanged_const for 30"))
        }
        return found
    }

    func heartbeatAdvice() -> [Advice] {
        guard totem.heartbeatFailuresAllowed > 0 else { return [] }
        guard let timeout = totem.heartbeatTimeout else {
            return [
                advice(
                    .warning, .heartbeatFailuresAllowed,
                    "heartbeat_failures_allowed has no effect: \(totem.heartbeatFailuresAllowed) times "
                        + "token_retransmit plus max_network_delay is not below the token timeout \(totem.token) ms.",
                    remedy: "lower totem.heartbeat_failures_allowed, or remove it")
            ]
        }
        guard timeout <= totem.hold else { return [] }
        return [
            advice(
                .warning, .heartbeatFailuresAllowed,
                "the heartbeat times out after \(timeout) ms, but the token of an idle ring passes only every hold, "
                    + "\(totem.hold) ms: an idle ring breaks up again and again.",
                remedy: "raise totem.heartbeat_failures_allowed, or remove it")
        ]
    }
}
