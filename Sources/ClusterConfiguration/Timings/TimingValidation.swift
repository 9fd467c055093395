/// The bounds a ring's timings must keep, checked at start, on reload and when a client changes a key
/// (spec: configuration.md 5.5).
extension DerivedTimings {
    /// The shortest timeout that is allowed, in ms.
    public static let minimumTimeout: UInt32 = 30
    /// The shortest hold time that is allowed, in ms.
    public static let minimumHold: UInt32 = 14

    /// - Throws: the first violation, in Corosync's order and words.
    public func validate() throws(ConfigurationError) {
        try check(.maxNetworkDelay, "max_network_delay parameter", totem.maxNetworkDelay)
        try check(.token, "token timeout parameter", totem.token)
        if totem.tokenWarning > 100 {
            throw violation(
                .tokenWarning,
                "The token warning parameter (\(totem.tokenWarning)%) must be between 0 (disabled) and 100.",
                permitted: "0..100 percent, 0 for no warning")
        }
        if totem.tokenRetransmit < Self.minimumTimeout {
            guard inputs.given(.tokenRetransmit) == nil else {
                throw tooShort(.tokenRetransmit, "token retransmit timeout parameter", totem.tokenRetransmit)
            }
            throw violation(
                .tokenRetransmit, "Not appropriate token or token_retransmits_before_loss_const value set",
                permitted: "token / (token_retransmits_before_loss_const + 0.2) of at least \(Self.minimumTimeout) ms",
                remedy: "raise totem.token or lower totem.token_retransmits_before_loss_const")
        }
        try check(.hold, "token hold timeout parameter", totem.hold, minimum: Self.minimumHold)
        try check(.join, "join timeout parameter", totem.join)
        try check(.consensus, "consensus timeout parameter", totem.consensus)
        if totem.consensus < totem.join {
            guard inputs.given(.consensus) != nil else { throw joinTooLong }
            throw violation(
                .consensus,
                "The consensus timeout parameter (\(totem.consensus) ms) may not be less than join timeout "
                    + "(\(totem.join) ms).", permitted: "at least totem.join, \(totem.join) ms",
                remedy: "raise totem.consensus, best by removing the line, or lower totem.join")
        }
        try check(.merge, "merge timeout parameter", totem.merge)
        try check(.downcheck, "downcheck timeout parameter", totem.downcheck)
    }

    private func check(
        _ parameter: TimingParameter, _ name: String, _ value: UInt32, minimum: UInt32 = minimumTimeout
    ) throws(ConfigurationError) {
        if value < minimum { throw tooShort(parameter, name, value, minimum: minimum) }
    }

    private func tooShort(
        _ parameter: TimingParameter, _ name: String, _ value: UInt32, minimum: UInt32 = minimumTimeout
    ) -> ConfigurationError {
        violation(
            parameter, "The \(name) (\(value) ms) may not be less than (\(minimum) ms).",
            permitted: "\(minimum)..4294967295 ms")
    }

    private var joinTooLong: ConfigurationError {
        var error = violation(
            .join,
            "The consensus timeout parameter (\(totem.consensus) ms) may not be less than join timeout "
                + "(\(totem.join) ms).", permitted: "at most totem.consensus, \(totem.consensus) ms",
            remedy: "remove totem.join for \(TimingParameter.join.defaultValue ?? 50) ms")
        error.reason = self[.consensus].map { "consensus is derived: \($0.formula)" }
        return error
    }

    /// Where the value of `parameter` was given, or, where it is derived, the first of what it was derived from.
    public func origin(of parameter: TimingParameter) -> Origin? {
        guard let timing = self[parameter] else { return nil }
        if case .file(let place) = timing.source { return place }
        for input in timing.inputs {
            if case .file(let place) = input.source { return place }
            // Only from earlier ones: this ends.
            if let other = TimingParameter(rawValue: input.name), other != parameter, let place = origin(of: other) {
                return place
            }
        }
        return nil
    }

    private func violation(
        _ parameter: TimingParameter, _ text: String, permitted: String, remedy: String? = nil
    ) -> ConfigurationError {
        let timing = self[parameter]
        let formula = timing.flatMap { $0.formula.isEmpty ? nil : "it is derived: \($0.formula)" }
        let standard = parameter.defaultValue.map { "\($0)" } ?? "a derived value"
        return ConfigurationError(
            "parse error in config: \(text)", origin: origin(of: parameter), key: parameter.key,
            value: timing?.value.description,
            permitted: permitted, reason: formula,
            remedy: remedy ?? "correct \(parameter.key), or remove it for the default (\(standard))")
    }
}
