import Basics
import ClusterConfiguration
import ClusterServices

/// Whether the services would start with a configuration: they are loaded, and thrown away again.
public struct StartCheck {
    /// What they said that is at least a warning, in order.
    public let lines: [LogLine]
    /// Why they would not start; nil when they would.
    public let error: ConfigurationError?

    public init(_ configuration: ClusterConfiguration) {
        var services = ServiceEngine(configuration: EngineConfiguration(configuration).services)
        var error: ConfigurationError?
        do throws(ServiceLoadError) {
            try services.start(Instant(nanoseconds: 0))
        } catch let failure {
            error = ConfigurationError(failure, in: configuration.entries)
        }
        var outputs: [ServiceOutput] = []
        services.takeOutputs(into: &outputs)
        lines = outputs.compactMap { output in
            guard case .log(let line) = output, line.severity <= .warning else { return nil }
            return line
        }
        self.error = error
    }
}

extension ConfigurationError {
    /// A service's refusal with the lines of the file that it is about.
    public init(_ failure: ServiceLoadError, in entries: ConfigurationEntries) {
        let written = failure.keys.compactMap { entries[$0] }
        let others = written.dropFirst().map { entry in
            "\(entry.key) is \"\(entry.value)\"" + (entry.origin.map { " (line \($0.line))" } ?? "")
        }
        self.init(
            failure.description, origin: written.first?.origin, key: written.first?.key ?? failure.keys.first,
            value: written.first?.value.description, permitted: written.count == 1 ? Self.permitted(failure) : nil,
            reason: others.isEmpty ? nil : others.joined(separator: ", "), remedy: failure.remedy, exitStatus: 20)
    }

    private static func permitted(_ failure: ServiceLoadError) -> String? {
        failure.keys == ["quorum.provider"] ? ServiceEngine.voteQuorumProvider : nil
    }
}
