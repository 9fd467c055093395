import Basics
import ClientProtocol
import ClusterEngine

/// What the engine wants done.
extension Node {
    /// Carries out everything that waits, in order. A directive may end a connection, which may bring new ones:
    /// those wait for their turn in the call that is running already.
    func carryOutDirectives() {
        guard !isCarryingOut, engine.hasDirectives else { return }
        isCarryingOut = true
        defer { isCarryingOut = false }
        while engine.takeDirectives(into: &directives) {
            // Taken out of the node while they are carried out, which may bring new ones.
            var list: [EngineDirective] = []
            swap(&list, &directives)
            for directive in list { carryOut(directive) }
            swap(&list, &directives)
        }
    }

    private func carryOut(_ directive: EngineDirective) {
        switch directive {
        case .log(let line): logger.log(line)
        case .send(let message): clients?.send(message)
        case .setRate(let rate, let service): clients?.setRate(rate, for: service)
        case .holdMulticasts(let isHeld): clients?.holdMulticasts(isHeld)
        case .ready: ServiceNotification.ready()
        case .stopService(let service): stop(service)
        case .reload: reload()
        case .reopenLogs: logger.reopen()
        case .loggingChanged: reconfigureLogging()
        case .blockUnlistedAddresses(let blocks): transport.blocksUnlistedAddresses = blocks
        case .openSocket(let number, let address): openSocket(number, at: address)
        case .closeSocket(let number): closeSocket(number)
        case .askMachine(let node): askMachine(of: node)
        case .keysChanged: carryOutWaitingReload()
        case .oldKeyGone: wipeOldKey()
        case .measure(let resource): measure(resource)
        case .watchdog(let order): carryOut(order)
        case .storeTrackingBarrier(let barrier): storeTrackingBarrier(barrier)
        case .exit(.left): if end == nil { end = End(status: .success) }
        case .exit(.killed): end = End(status: .killed, place: "\(#fileID):\(#line)")
        }
    }

    /// A service does not end while it handles a request.
    private func stop(_ service: LocalService) {
        if isHandlingRequest {
            loop.addJob(.high) { [unowned self] in clients?.stop(service) }
        } else {
            clients?.stop(service)
        }
    }

    private func storeTrackingBarrier(_ barrier: UInt32) {
        do throws(SystemFailure) {
            if case .overwritten(let reason) = try trackingFile.store(UInt64(barrier)) {
                warnAboutOverwriting(trackingFile, "The number of expected votes", because: reason)
            }
        } catch {
            logger.log(
                .error, .voteQuorum,
                "Cannot store the expected votes seen so far (\(barrier)): \(error); after a restart the node starts "
                    + "from the configured number. To do: \(trackingFile.advice(on: error)).")
        }
    }
}
