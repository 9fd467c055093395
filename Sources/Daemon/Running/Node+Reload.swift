import ClusterConfiguration
import ClusterEngine
import Diagnostics
import Transports

/// Configuration that changes while the node runs.
extension Node {
    /// A client changed a `logging.` key of the map: the whole set-up is read from there again.
    func reconfigureLogging() {
        var document = ConfigurationDocument()
        for entry in engine.map.entries(withPrefix: "logging.") {
            do throws(ConfigurationError) {
                try document.override(entry.name, entry.value.text ?? "")
            } catch {
                logger.log(.error, .main, "The logging settings stay as they were: \(error.message)")
                return
            }
        }
        applyLogging(document)
    }

    /// Some node asked for a reload: every node reads its own file. A file that is wrong changes nothing, and the engine
    /// is told so, so that no client waits for ever (spec: configuration.md 6).
    func reload() {
        let now = EventLoop.clock()
        let new: ClusterConfiguration
        do throws(ConfigurationError) {
            let document = try ConfigurationFiles.read(configurationFile)
            new = try ClusterConfiguration(document, host: HostFacts.current(), names: SystemNames())
        } catch {
            logger.log(.error, .configuration, "Unable to reload config file: \(error.message)")
            if !error.explanation.isEmpty { logger.log(.error, .configuration, error.explanation) }
            engine.reloadFailed(now: now)
            return
        }
        guard new.localNodeID == configuration.localNodeID, new.transport == configuration.transport else {
            logger.log(
                .error, .configuration,
                "Cannot configure new interface definitions: node id and transport of a running node stay "
                    + "(\(configuration.localNodeID), \(configuration.transport.rawValue)); restart it to change them")
            engine.reloadFailed(now: now)
            return
        }
        applyMembers(new)
        transport.blocksUnlistedAddresses = new.timings.blockUnlistedIPs
        configuration = new
        engine.reconfigure(EngineConfiguration(new), now: now)
        applyLogging(new.document)
    }

    /// Adds and removes nodes, and moves those that have a new address.
    private func applyMembers(_ new: ClusterConfiguration) {
        guard let link = new.links.first else { return }
        let wanted = NetworkSetup.members(of: link)
        for member in transport.configuredMembers where !wanted.contains(where: { $0.node == member.node }) {
            transport.remove(member.node)
            logger.log(.notice, .totem, "removing UDPU member {\(member.address)}")
        }
        for member in wanted {
            do throws(TransportError) {
                if try transport.add(member) {
                    logger.log(.notice, .totem, "adding new UDPU member {\(member.address)}")
                }
            } catch {
                logger.log(.error, .totem, error.description)
            }
        }
    }

    private func applyLogging(_ document: ConfigurationDocument) {
        do {
            try logger.configure(LogSettings(try LoggingSettings(document)))
            engine.logThreshold = logger.leastUrgent
            routeLibqb()
        } catch {
            logger.log(.error, .main, "The logging settings stay as they were: \(error)")
        }
    }
}
