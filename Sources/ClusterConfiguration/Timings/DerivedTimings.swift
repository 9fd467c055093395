/// All timings of a configuration with their derivations.
public struct DerivedTimings: Sendable, Hashable {
    public let inputs: TimingInputs
    public private(set) var totem = TotemTimings()
    /// Every published value, in the order in which they depend on each other.
    public private(set) var all: [Timing] = []

    /// Derives every timing; never fails. `validate()` says whether a ring can work with them.
    public init(_ inputs: TimingInputs) {
        self.inputs = inputs
        totem.nodeCount = inputs.nodeCount
        totem.ringSize = inputs.ringSize
        deriveToken()
        deriveRetransmission()
        deriveMembership()
        takeOverRest()
        for link in inputs.links { derivePings(link) }
    }

    public subscript(name: String) -> Timing? { all.first { $0.name == name } }

    public subscript(parameter: TimingParameter) -> Timing? { self[parameter.rawValue] }

    /// The entries `runtime.config.totem.*` of the configuration map (spec: configuration.md 8.1).
    public var runtimeEntries: [ConfigurationEntry] {
        all.map { ConfigurationEntry(key: $0.runtimeKey, value: $0.value) }
    }

    // MARK: Derivation

    private mutating func deriveToken() {
        totem.tokenRetransmitsBeforeLoss = takeOver(.retransmitsBeforeLoss)
        let base = value(.token)
        let coefficient = value(.tokenCoefficient)
        totem.writtenToken = base.number
        totem.token = CorosyncArithmetic.scaledToken(
            base.number, coefficient: coefficient.number, nodes: inputs.nodeCount)
        if inputs.nodeCount > 2 {
            add(
                .token, totem.token,
                formula: "\(base.number) + (\(inputs.nodeCount) - 2) * \(coefficient.number)",
                inputs: [
                    Timing.Input("totem.token", base.number, base.source),
                    Timing.Input("nodes", inputs.nodeCount, inputs.nodeCountSource),
                    Timing.Input("totem.token_coefficient", coefficient.number, coefficient.source),
                ])
        } else {
            add(.token, totem.token, source: base.source)
        }
        totem.tokenWarning = takeOver(.tokenWarning)
        totem.maxNetworkDelay = takeOver(.maxNetworkDelay)
        totem.windowSize = takeOver(.windowSize)
        totem.maxMessages = takeOver(.maxMessages)
        totem.missCountConst = takeOver(.missCountConst)
        totem.knetPathMTUInterval = takeOver(.knetPathMTUInterval)
        totem.knetMTU = takeOver(.knetMTU)
    }

    private mutating func deriveRetransmission() {
        totem.tokenRetransmit = takeOver(
            .tokenRetransmit,
            or: CorosyncArithmetic.tokenRetransmit(
                token: totem.token, retransmits: totem.tokenRetransmitsBeforeLoss),
            formula: "\(totem.token) / (\(totem.tokenRetransmitsBeforeLoss) + 0.2)",
            from: [.token, .retransmitsBeforeLoss])
        totem.hold = takeOver(
            .hold, or: CorosyncArithmetic.hold(tokenRetransmit: totem.tokenRetransmit),
            formula: "\(totem.tokenRetransmit) * 0.8 - 10", from: [.tokenRetransmit])
    }

    private mutating func deriveMembership() {
        totem.join = takeOver(.join)
        totem.consensus = takeOver(
            .consensus, or: CorosyncArithmetic.consensus(token: totem.token), formula: "1.2 * \(totem.token)",
            from: [.token])
        totem.merge = takeOver(.merge)
        totem.downcheck = takeOver(.downcheck)
        totem.failRecvConst = takeOver(.failRecvConst)
        totem.seqnoUnchangedConst = takeOver(.seqnoUnchangedConst)
        totem.sendJoin = takeOver(.sendJoin)
        totem.heartbeatFailuresAllowed = takeOver(.heartbeatFailuresAllowed)
    }

    private mutating func takeOverRest() {
        totem.knetCompressionThreshold = takeOver(.knetCompressionThreshold)
        let level = inputs.given(.knetCompressionLevel)
        if case .i32(let number) = level?.value { totem.knetCompressionLevel = number }
        all.append(
            Timing(
                name: TimingParameter.knetCompressionLevel.rawValue, value: .i32(totem.knetCompressionLevel),
                unit: .none, source: level?.source ?? .builtIn))
        let model = inputs.given(.knetCompressionModel)
        totem.knetCompressionModel = model?.value.text ?? "none"
        all.append(
            Timing(
                name: TimingParameter.knetCompressionModel.rawValue, value: .text(totem.knetCompressionModel),
                unit: .none, source: model?.source ?? .builtIn))
        totem.blockUnlistedIPs = takeOverSwitch(.blockUnlistedIPs)
        totem.cancelTokenHoldOnRetransmit = takeOverSwitch(.cancelTokenHoldOnRetransmit)
    }

    /// The knet timers of a link; each is derived independently of the other (spec: configuration.md 5.3).
    private mutating func derivePings(_ link: TimingInputs.Link) {
        let configured = link.pongCount?.value.asU32 ?? 0
        let pongs = configured == 0 ? 2 : configured
        let pongInput = Timing.Input(
            "totem.interface.\(link.number).knet_pong_count", pongs,
            configured == 0 ? .builtIn : link.pongCount?.source ?? .builtIn)
        let tokenInput = Timing.Input("token", totem.token, self[.token]?.source ?? .derived)
        func timing(
            _ name: String, _ given: TimingInputs.Given?, _ derived: UInt32, _ formula: String
        ) -> (UInt32, Timing) {
            let name = "interface.\(link.number).\(name)"
            if let given, let number = given.value.asU32, number != 0 {
                return (number, Timing(name: name, value: .u32(number), unit: .milliseconds, source: given.source))
            }
            let timing = Timing(
                name: name, value: .u32(derived), unit: .milliseconds, formula: formula, source: .derived,
                inputs: [tokenInput, pongInput])
            return (derived, timing)
        }
        let (timeout, timeoutTiming) = timing(
            "knet_ping_timeout", link.pingTimeout, totem.token / pongs, "\(totem.token) / \(pongs)")
        let divisor = 2 &* pongs
        let (interval, intervalTiming) = timing(
            "knet_ping_interval", link.pingInterval, divisor == 0 ? 0 : totem.token / divisor,
            "\(totem.token) / (2 * \(pongs))")
        all += [timeoutTiming, intervalTiming]
        totem.links.append(
            TotemTimings.Link(number: link.number, pingInterval: interval, pingTimeout: timeout, pongCount: pongs))
    }

    // MARK: Taking over

    private func value(_ parameter: TimingParameter) -> (number: UInt32, source: ValueSource) {
        if let given = inputs.given(parameter), let number = given.value.asU32 { return (number, given.source) }
        return (parameter.defaultValue ?? 0, .builtIn)
    }

    private mutating func takeOver(_ parameter: TimingParameter) -> UInt32 {
        let (number, source) = value(parameter)
        add(parameter, number, source: source)
        return number
    }

    private mutating func takeOver(
        _ parameter: TimingParameter, or derived: UInt32, formula: String, from names: [TimingParameter]
    ) -> UInt32 {
        if let given = inputs.given(parameter), let number = given.value.asU32 {
            add(parameter, number, source: given.source)
            return number
        }
        let inputs = names.compactMap { self[$0] }.map { Timing.Input($0.name, $0.value, $0.source) }
        add(parameter, derived, formula: formula, inputs: inputs)
        return derived
    }

    private mutating func takeOverSwitch(_ parameter: TimingParameter) -> Bool {
        let given = inputs.given(parameter)
        let standard = parameter.defaultValue == 1
        let word = given?.value.text
        let isOn = word == "yes" || (word != "no" && standard)
        add(parameter, isOn ? 1 : 0, source: word == "yes" || word == "no" ? given?.source ?? .builtIn : .builtIn)
        return isOn
    }

    private mutating func add(
        _ parameter: TimingParameter, _ number: UInt32, formula: String = "", source: ValueSource = .derived,
        inputs: [Timing.Input] = []
    ) {
        all.append(
            Timing(
                name: parameter.rawValue, value: .u32(number), unit: parameter.unit, formula: formula, source: source,
                inputs: inputs))
    }
}
