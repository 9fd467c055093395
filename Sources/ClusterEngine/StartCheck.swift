import Basics
import ClusterConfiguration
import ClusterServices

/// Whether a node would start with a configuration, as far as no machine is asked: settings are read, and
/// services are loaded and thrown away again.
public struct StartCheck {
    /// What they said that is at least a warning, in order.
    public let lines: [LogLine]
    /// Why it would not start; nil when it would.
    public let error: ConfigurationError?

    public init(_ configuration: ClusterConfiguration) {
        if let missing = Self.networkRefusal(configuration) {
            lines = []
            error = missing
            return
        }
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
            return Self.placed(line, configuration.entries)
        }
        self.error = Self.settings(configuration) ?? error
    }

    /// `line` with the place in the file where it begins with the name of a key.
    private static func placed(_ line: LogLine, _ entries: ConfigurationEntries) -> LogLine {
        let key = line.text.prefix { $0 != " " && $0 != ":" }
        guard key.hasPrefix("quorum."), let origin = entries[String(key)]?.origin else { return line }
        var line = line
        line.text = "\(origin): \(line.text)"
        return line
    }

    /// What the file itself shows to be no value that a start takes, in the order of a start.
    private static func settings(_ configuration: ClusterConfiguration) -> ConfigurationError? {
        do throws(ConfigurationError) {
            _ = try LoggingSettings(configuration.document)
            return priorityRefusal(configuration.document) ?? configuration.addressRefusal
        } catch {
            return error
        }
    }

    /// Why a start refuses `system.priority`; nil when it does not.
    public static func priorityRefusal(_ document: ConfigurationDocument) -> ConfigurationError? {
        do throws(ConfigurationError) {
            _ = try NiceValue.read(document)
            return nil
        } catch {
            return error
        }
    }

    /// Why a start refuses the network: this build has not what a link runs over, or cannot compress as it should; nil when
    /// it can all.
    public static func networkRefusal(_ configuration: ClusterConfiguration) -> ConfigurationError? {
        if configuration.transport == .knet, let link = configuration.links.first(where: { $0.knetTransport == .sctp })
        {
            let key = "totem.interface.\(link.number).knet_transport"
            return ConfigurationError(
                "The knet transport sctp is not available in Rondo \(Release.rondo)",
                origin: configuration.document.entries[key]?.origin, key: key, value: link.knetTransport.rawValue,
                permitted: "udp", reason: "Corosync can where the kernel has SCTP, this release cannot",
                remedy: "write 'knet_transport: udp', or remove the line, on all nodes", exitStatus: 15)
        }
        return configuration.compressionRefusal
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
