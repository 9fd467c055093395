import ClusterConfiguration
import Glibc
import Transports

/// The files and directories of this machine that a start needs besides its configuration: how it refuses those it cannot use,
/// and whether it would (spec: daemon-and-tools.md 1.2). Looking makes and changes nothing.
public struct StartFiles {
    private let document: ConfigurationDocument
    private let entries: ConfigurationEntries
    private let directory: String

    /// - Parameter directory: the state directory, where its path is known otherwise than as it is configured.
    public init(_ document: ConfigurationDocument, stateDirectory directory: String? = nil) {
        self.document = document
        entries = document.entries
        self.directory = directory ?? SystemSettings(document).stateDirectory
    }

    /// What keeps a start from opening its log files and from entering its state directory; nil when nothing does.
    public func fault() -> ConfigurationError? {
        do throws(ConfigurationError) {
            for path in try LoggingSettings(document).files {
                if let code = Self.reason(againstAppendingTo: path) { return logRefusal(path, code) }
            }
            return Self.reason(againstEntering: directory).map(directoryRefusal)
        } catch {
            return error
        }
    }

    /// What keeps a start from storing its numbers in the state directory; nil when nothing does.
    public func storageFault(of configuration: ClusterConfiguration) -> ConfigurationError? {
        if configuration.tracksExpectedVotes, let code = reason(againstKeeping: SystemSettings.trackingFile) {
            return trackingRefusal(code)
        }
        let file = SystemSettings.ringIDFile(of: configuration.localNodeID)
        return reason(againstKeeping: file).map { ringIDRefusal(of: configuration, $0) }
    }

    /// That the watchdog which the file names is not there: a start goes on without. It is not opened, which would arm it.
    public var watchdogWarning: ConfigurationWarning? {
        guard let entry = entries["resources.watchdog_device"], let path = entry.value.text, !path.isEmpty,
            path != "off", access(path, W_OK) != 0
        else { return nil }
        return ConfigurationWarning(
            "\(entry.key) \(path) cannot be used: \(SystemCall.text(of: errno)). The node starts without a watchdog.",
            key: entry.key, origin: entry.origin,
            remedy: "load the device's driver (modprobe softdog where the machine has none), or remove the line")
    }

    // MARK: What a start says

    /// - Parameters:
    ///   - path: the log file as it is configured.
    ///   - code: the errno value.
    public func logRefusal(_ path: String, _ code: Int32) -> ConfigurationError {
        let entry = entries.all.first { $0.key.hasSuffix(".logfile") && $0.value.text == path }
        let change = "change \(entry?.key ?? "logging.logfile")"
        let remedy =
            switch code {
            case ENOENT, ENOTDIR: "create its directory, writable for this user, or \(change)"
            case EISDIR: "it is a directory: name a file in it, \(change)"
            case EROFS: "mount its file system writable, or \(change)"
            default: "make it writable for this user, or \(change)"
            }
        return ConfigurationError(
            "parse error in config: Can't open logfile '\(path)' for reason: \(SystemCall.text(of: code)) (\(code)).",
            origin: entry?.origin, key: entry?.key, value: path, remedy: remedy, exitStatus: 7)
    }

    public func directoryRefusal(_ code: Int32) -> ConfigurationError {
        refusal(
            "Cannot chdir to state directory \(directory). \(SystemCall.text(of: code))",
            "create the directory, writable for this user, or name another one with system.state_dir", 16)
    }

    /// Of the ring id's file.
    public func ringIDRefusal(of configuration: ClusterConfiguration, _ code: Int32) -> ConfigurationError {
        let path = self.path(of: SystemSettings.ringIDFile(of: configuration.localNodeID))
        return refusal(
            "Couldn't create ringid file '\(path)': \(SystemCall.text(of: code)) (\(code))",
            StorageAdvice.text(for: code, path, in: directory), 21)
    }

    /// Of the file with the highest number of expected votes.
    public func trackingRefusal(_ code: Int32) -> ConfigurationError {
        let path = self.path(of: SystemSettings.trackingFile)
        return refusal(
            "Couldn't read or create '\(path)': \(SystemCall.text(of: code)) (\(code))",
            StorageAdvice.text(for: code, path, in: directory), 20)
    }

    private func refusal(_ message: String, _ remedy: String, _ status: Int32) -> ConfigurationError {
        let entry = entries["system.state_dir"]
        return ConfigurationError(
            message, origin: entry?.origin, key: entry?.key, value: entry.map { "\($0.value)" }, remedy: remedy,
            exitStatus: status)
    }

    private func path(of name: String) -> String {
        directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    // MARK: Looking

    /// Why lines cannot be appended to a file, or a new one not be made; nil when they can.
    private static func reason(againstAppendingTo path: String) -> Int32? {
        // Not to wait for who reads a pipe.
        let descriptor = open(path, O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC)
        guard descriptor < 0 else {
            close(descriptor)
            return nil
        }
        let code = errno
        guard code == ENOENT else { return code == ENXIO ? nil : code }
        let end = path.lastIndex(of: "/").map { path.index(after: $0) }
        guard end != path.endIndex, !path.isEmpty else { return EISDIR }
        return access(end.map { String(path[..<$0]) } ?? ".", W_OK | X_OK) == 0 ? nil : errno
    }

    private static func reason(againstEntering path: String) -> Int32? {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        return faccessat(descriptor, ".", X_OK, 0) == 0 ? nil : errno
    }

    /// Why a number cannot be kept in a file of the state directory: the one there cannot be read, or neither be written over
    /// nor replaced.
    private func reason(againstKeeping name: String) -> Int32? {
        let path = path(of: name)
        let flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        var descriptor = open(path, O_RDWR | flags)
        if descriptor >= 0 { return Self.reason(againstReading: descriptor) }
        let code = errno
        if code != ENOENT {
            descriptor = open(path, O_RDONLY | flags)
            guard descriptor >= 0, Self.reason(againstReading: descriptor) == nil else { return code }
        }
        return access(directory, W_OK) == 0 ? nil : errno
    }

    /// Why a number cannot be read from a file, as from a pipe; closes it.
    private static func reason(againstReading descriptor: Int32) -> Int32? {
        defer { close(descriptor) }
        var byte: UInt8 = 0
        return pread(descriptor, &byte, 1, 0) < 0 ? errno : nil
    }
}
