import Basics
import ClusterConfiguration
import ClusterEngine
import Host
import Transports

/// Configuration that changes while the node runs.
extension Node {
    /// A client changed a `logging.` key of the map: the whole set-up is read from there again.
    func reconfigureLogging() {
        var document = ConfigurationDocument()
        for entry in engine.map.entries(withPrefix: "logging.") {
            let text = entry.value.text ?? ""
            // After a reload the map has what the file says, and that has a line.
            let written = configuration.document.entries[entry.name]
            let origin = written?.value.text == text ? written?.origin : nil
            do throws(ConfigurationError) {
                try document.override(entry.name, text, at: origin ?? Origin(file: "the map", line: 0))
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
        // The slots of the keys are both taken until then.
        guard !engine.isChangingKeys else { return isReloadDue = true }
        let now = EventLoop.clock()
        reloadRefusal = nil
        guard let new = newConfiguration(), let links = linkReload(new) else {
            return engine.reloadFailed(reloadRefusal, now: now)
        }
        let fault = applyMembers(new)
        transport.blocksUnlistedAddresses = new.timings.blockUnlistedIPs
        configuration = new
        // The engine asks for the logging settings to be read again if they changed.
        engine.reconfigure(EngineConfiguration(new), fault: fault, now: now)
        clients?.limits = engine.configuration.waitingLimits
        apply(links, now: now)
    }

    /// What the file says now, if a running node can follow it; nil when not, which is logged.
    private func newConfiguration() -> ClusterConfiguration? {
        var document: ConfigurationDocument
        do throws(ConfigurationError) {
            document = try ConfigurationFiles.read(configurationFile)
        } catch {
            refuse("Unable to reload config file", error)
            return nil
        }
        for warning in document.warnings + document.waitingForStart(since: configuration.document) {
            logger.log(warning)
        }
        for key in document.keepUnchangeable(of: configuration.document) {
            logger.log(
                .notice, .configuration, "Modified entry '\(key)' in corosync.conf cannot be changed at run-time")
        }
        let new: ClusterConfiguration
        do throws(ConfigurationError) {
            new = try ClusterConfiguration(document, host: HostFacts.current(), names: SystemNames())
        } catch {
            refuse(
                error.isAboutMembers ? "Cannot configure new interface definitions" : "Configuration is not valid",
                error)
            return nil
        }
        guard new.localNodeID == configuration.localNodeID else {
            refuse(
                "Cannot configure new interface definitions: This node is \(configuration.localNodeID) and cannot become "
                    + "\(new.localNodeID) while it runs",
                ["to do: restore its nodeid, or stop the node before its id changes"])
            return nil
        }
        for warning in new.warnings { logger.log(warning) }
        if let refusal = new.refusal(whileRunning: configuration) {
            for line in refusal.changes { logger.log(.error, .totem, line) }
            refuse("Cannot configure new interface definitions", refusal.error)
            return nil
        }
        if let error = StartCheck.networkRefusal(new) {
            refuse("Cannot configure new interface definitions", error)
            return nil
        }
        return new
    }

    func refuse(_ step: String, _ error: ConfigurationError) {
        refuse("\(step): \(error.message)", [error.explanation] + error.proposal)
    }

    private func refuse(_ message: String, _ explanation: [String]) {
        reloadRefusal = message
        for text in [message] + explanation where !text.isEmpty { logger.log(.error, .configuration, text) }
    }

    /// Adds and removes nodes. Returns what did not work.
    private func applyMembers(_ new: ClusterConfiguration) -> String? {
        guard case .udp(let transport) = transport, let link = new.links.first else { return nil }
        var fault: String?
        logger.log(.info, .totem, "Configuring link \(link.number)")
        let wanted = NetworkSetup.members(of: link)
        let isMulticast = transport.groupDescriptor != nil
        for member in transport.configuredMembers where !wanted.contains(where: { $0.node == member.node }) {
            transport.remove(member.node)
            if !isMulticast { logger.log(.notice, .totem, "removing UDPU member {\(member.address)}") }
        }
        for member in wanted {
            do throws(TransportError) {
                if try transport.add(member), !isMulticast {
                    logger.log(.notice, .totem, "adding new UDPU member {\(member.address)}")
                }
            } catch {
                logger.log(.error, .totem, error.description)
                fault = error.description
            }
        }
        return fault
    }

    private func applyLogging(_ document: ConfigurationDocument) {
        func refuse(_ error: ConfigurationError) {
            logger.log(.error, .main, "The logging settings stay as they were: \(error)")
        }
        do {
            try logger.configure(LogSettings(try LoggingSettings(document)))
            engine.logThreshold = logger.leastUrgent
        } catch let failure as LogFileFailure {
            refuse(StartFiles(document).logRefusal(failure.path, failure.code))
        } catch let error as ConfigurationError {
            refuse(error)
        } catch {}
    }
}
