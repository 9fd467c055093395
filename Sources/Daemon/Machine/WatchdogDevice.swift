import Basics
import CPosix
import Glibc

/// The machine's watchdog while it is armed: it resets the machine when it is not kept alive in time, also when the
/// daemon dies without having disarmed it.
final class WatchdogDevice {
    private let path: String
    private let descriptor: FileDescriptor

    /// Opening the device arms it.
    ///
    /// - Parameter seconds: after which it resets the machine.
    init(_ path: String, seconds: UInt32, logger: Logger) throws(SystemFailure) {
        let opened = open(path, O_WRONLY | O_CLOEXEC)
        guard opened >= 0 else { throw SystemFailure("open \(path)") }
        self.path = path
        descriptor = FileDescriptor(opened)
        let actual = rondo_watchdog_set_timeout(opened, Int32(clamping: seconds))
        if actual != Int32(clamping: seconds) {
            let found = actual < 0 ? SystemFailure.text(of: errno) : "it stays at \(actual) s"
            logger.log(
                .error, .watchdog, "Could not change the Watchdog timeout of \(path) to \(seconds) seconds: \(found)")
        }
        keepAlive()
        logger.log(.info, .watchdog, "Watchdog \(path) is now being tickled by corosync.")
    }

    /// Starts its time anew. A refusal is not fatal here: the device itself acts on it.
    func keepAlive() { _ = rondo_watchdog_keep_alive(descriptor.rawValue) }

    /// Disarms it; closing it without this would reset the machine.
    func disarm(logger: Logger) {
        logger.log(.info, .watchdog, "magically closing the watchdog.")
        guard write(descriptor.rawValue, "V", 1) == 1 else {
            return logger.log(
                .error, .watchdog,
                "\(SystemFailure("disarm \(path)")); the machine may be reset: stop the watchdog by other means")
        }
    }
}
