import Basics
import CPosix
import ClusterServices

/// What the services that look after the machine want done.
extension Node {
    func measure(_ resource: MonitoredResource) {
        guard let value = MachineFigures.measure(resource) else {
            return logger.log(
                .warning, .monitoring,
                "\(resource.rawValue) cannot be measured: /proc does not tell; remove its max key")
        }
        engine.measured(resource, value, now: loop.now)
    }

    func carryOut(_ order: WatchdogOrder) {
        switch order {
        case .open(let device, let seconds):
            do throws(SystemFailure) {
                watchdog = try WatchdogDevice(device, seconds: seconds, logger: logger)
            } catch {
                logger.log(
                    .warning, .watchdog,
                    "No watchdog: \(error); load its driver (modprobe softdog) or remove resources.watchdog_device")
            }
        case .keepAlive: watchdog?.keepAlive()
        case .close:
            watchdog?.disarm(logger: logger)
            watchdog = nil
        case .reboot: endMachine(powerOff: false)
        case .powerOff: endMachine(powerOff: true)
        }
    }

    private func endMachine(powerOff: Bool) {
        logger.log(
            .emergency, .watchdog,
            "A watched resource has failed: the machine is \(powerOff ? "switched off" : "reset")")
        if rondo_end_machine(powerOff ? 1 : 0) != 0 {
            logger.log(.emergency, .watchdog, "\(SystemFailure("reboot")); the node goes on")
        }
    }
}
