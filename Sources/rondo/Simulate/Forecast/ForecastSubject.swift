import ClusterConfiguration
import ClusterEngine
import Simulator
import Totem
import TotemWire

/// The ring that is asked about: a configuration with what the command line changes of it, and the plan made of it.
struct ForecastSubject {
    let file: String?
    let inputs: TimingInputs
    let report: TimingReport
    let plan: ForecastPlan
    /// What is set of beats and silence.
    let rondo: RondoSettings
    let settings: [String]
    let hours: Double

    /// What is computed of the loss of a node's machine, by what tells of it in the forecast.
    var lossOfMachine: FailureTimeline? {
        FailureTimeline.ofLoss(report.timings.totem, hop: report.hop, rondo: simulatedSettings)
    }

    /// What is simulated of beats and silence, which in large rings is nothing.
    var simulatedSettings: RondoSettings { plan.parameters.beat > 0 ? rondo : RondoSettings(beat: 0) }

    /// - Throws: `ConfigurationError` for a configuration or timings no ring accepts.
    init(_ document: ConfigurationDocument, options: ForecastOptions, nodes: Int?, seed: UInt64) throws {
        let network = try options.network()
        var inputs = try TimingInputs(document)
        if let nodes {
            inputs.nodeCount = UInt32(clamping: nodes)
            inputs.ringSize = inputs.nodeCount
            inputs.nodeCountSource = .override
        }
        self.inputs = inputs
        rondo = try RondoSettings.read(document.entries)
        report = TimingReport(
            inputs, documentAdvice: document.advice, hop: Microseconds(network.usualHop), rondo: rondo)
        if let violation = report.violation { throw violation }
        if let error = ForecastPlan.refusal(of: report.timings) { throw error }
        guard report.ringSize > 0 else {
            throw ConfigurationError("there is no nodelist", remedy: "say how many nodes there are with --nodes")
        }
        let netMTU = Int(UInt32(clamping: Int64(document.mtu) - Int64(TotemLimits.nestedHeadersSize)))
        var plan = ForecastPlan(
            nodes: Int(report.ringSize), parameters: RingParameters(report.timings.totem, netMTU: netMTU),
            network: network, pauses: try options.pauses(), span: UInt64((options.hours ?? 24) * 3600e9), seed: seed)
        plan.silences = (rondo.beat(report.timings.totem), rondo.silence(report.timings.totem))
        if plan.nodes <= ForecastPlan.mostBeating {
            plan.parameters.beat = plan.silences.beat
            plan.parameters.silence = plan.silences.silence
        }
        plan.freezes = try options.freezes()
        plan.failovers = options.deaths ?? plan.usualFailovers
        plan.messageSize = try options.size()
        plan.links = try ForecastLinks(document, report, options, loss: network.lossPerMillion)
        if let links = plan.links {
            plan.parameters.maximumDatagram = TotemLimits.frameSize
            plan.network.lossPerMillion = links.lossPerMillion
            plan.network.pieceSize = links.pieceSize
        }
        self.plan = plan
        file = options.config
        settings = options.settings
        hours = options.hours ?? 24
    }
}

/// Everything that is printed.
struct ForecastAnswer {
    let subject: ForecastSubject
    let forecast: Forecast
    let search: TokenSearch
}
