import Basics

/// A service cannot start: the daemon must not either (spec: daemon-and-tools.md 1.2, exit code 20).
public struct ServiceLoadError: Error, Sendable, Equatable, CustomStringConvertible {
    public var service: ServiceID
    public var reason: String
    /// The keys of the configuration that are wrong or contradict each other.
    public var keys: [String]
    /// What the administrator can do about it.
    public var remedy: String

    public var description: String {
        "Service engine '\(service.loadName)' failed to load for reason '\(reason)'"
    }
}

extension ServiceLoadError {
    init(_ service: ServiceID, _ cause: QuorumSettings.Failure) {
        self.init(service: service, reason: cause.reason, keys: cause.keys, remedy: cause.remedy)
    }
}

/// How far the end of the services has come.
enum Unloading: Sendable, Equatable {
    case no
    /// A last message is on its way; it is given until the deadline.
    case lastMessage(until: Instant)
    case done

    var deadline: Instant? {
        if case .lastMessage(let deadline) = self { deadline } else { nil }
    }
}

extension ServiceEngine {
    /// How long a leaving node waits for its last message to come round, in milliseconds.
    static let lastMessagePatience: UInt64 = 1000

    /// Loads the services in their order, before there is any ring: messages sent here wait for the first one
    /// (spec: services.md 1.1).
    public mutating func start(_ now: Instant) throws(ServiceLoadError) {
        for service in [ServiceID.map, .configuration, .processGroups] { load(service) }
        monitor.load(configuration.resources, now, &out)
        load(.monitor)
        let others = configuration.resources.filter { !$0.name.hasSuffix(".poll_period") }
        watchdog.load(others + monitor.entries, now, &out)
        load(.watchdog)
        if let provider = configuration.quorum.provider {
            guard provider == Self.voteQuorumProvider else {
                throw refuse(
                    provider,
                    QuorumSettings.Failure(
                        reason: "Invalid quorum provider", keys: ["quorum.provider"],
                        remedy: "write \(Self.voteQuorumProvider), or remove the line: then every partition is quorate")
                )
            }
            out.log(.notice, .quorum, "Using quorum provider \(provider)")
            do {
                var service = try VoteQuorum(nodeID: nodeID, configuration: configuration.quorum)
                service.load(&quorum, &out)
                voteQuorum = service
            } catch {
                out.log(.critical, .voteQuorum, error.reason)
                out.log(.error, .services, ServiceLoadError(.voteQuorum, error).description)
                throw refuse(provider, error)
            }
            load(.voteQuorum)
        }
        load(.quorum)
        out.event(.quorateChanged(isQuorate))
    }

    private mutating func refuse(_ provider: String, _ cause: QuorumSettings.Failure) -> ServiceLoadError {
        out.log(.critical, .quorum, "Quorum provider: \(printable(provider.utf8)) failed to initialize.")
        let failure = ServiceLoadError(.quorum, cause)
        out.log(.error, .services, failure.description)
        return failure
    }

    private mutating func load(_ service: ServiceID) {
        loaded.insert(service)
        let internalPrefix = "internal_configuration.service.\(service.rawValue)."
        out.map(internalPrefix + "name", .text(service.loadName))
        out.map(internalPrefix + "ver", .u32(0))
        out.map("runtime.services.\(service.shortName).service_id", .u16(service.rawValue))
        out.log(.notice, .services, "Service engine loaded: \(service.engineName) [\(service.rawValue)]")
    }

    /// Ends the services; `ServiceEvent.allUnloaded` follows, at once or after a last message has come round.
    public mutating func unload(_ now: Instant) {
        guard unloading == .no else { return }
        out.log(.notice, .services, "Unloading all Corosync service engines.")
        if voteQuorum?.unload(&out) == true {
            unloading = .lastMessage(until: now.adding(milliseconds: Self.lastMessagePatience))
        } else {
            finishUnloading()
        }
    }

    mutating func finishUnloading() {
        guard unloading != .done else { return }
        unloading = .done
        let order = ServiceID.allCases.filter(loaded.contains).sorted {
            ($1.priority, $0.rawValue) < ($0.priority, $1.rawValue)
        }
        for service in order {
            if service == .watchdog { watchdog.unload(&out) }
            loaded.remove(service)
            out.event(.unloaded(service))
            out.log(.notice, .services, "Service engine unloaded: \(service.engineName)")
        }
        out.event(.allUnloaded)
    }
}
