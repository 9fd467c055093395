import CPosix
import Glibc

/// The signals the daemon acts on, as a descriptor of the main loop (spec: daemon-and-tools.md 1.5).
final class Signals {
    enum Request: Equatable {
        /// TERM, INT or QUIT.
        case shutDown
        /// USR2.
        case dumpState
    }

    let descriptor: Int32

    /// Takes the signals over. HUP, USR1 and PIPE are ignored: they would end the node without a leave message, and
    /// nothing relies on that. To be called before any thread is started.
    init() throws(SystemFailure) {
        for ignored in [SIGHUP, SIGUSR1, SIGPIPE] { signal(ignored, SIG_IGN) }
        let wanted = [SIGTERM, SIGINT, SIGQUIT, SIGUSR2]
        descriptor = rondo_open_signals(wanted, wanted.count)
        guard descriptor >= 0 else { throw SystemFailure("signalfd") }
    }

    deinit { close(descriptor) }

    /// The next request that is waiting.
    func next() -> Request? {
        switch rondo_next_signal(descriptor) {
        case 0: nil
        case SIGUSR2: .dumpState
        default: .shutDown
        }
    }

    /// Waits up to `milliseconds` for a signal, without taking it. For pauses before the main loop runs.
    func isWaiting(within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, milliseconds) > 0
    }
}
