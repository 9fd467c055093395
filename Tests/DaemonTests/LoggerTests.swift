import Basics
import Glibc
import Testing

@testable import Daemon

struct LoggerTests {
    func settings(_ file: String, _ severity: Severity = .info) -> LogSettings {
        var settings = LogSettings()
        settings.toStandardError = false
        settings.toSyslog = false
        settings.timestamp = .off
        settings.standard.file = file
        settings.standard.fileSeverity = severity
        return settings
    }

    @Test func `Only lines as urgent as wanted are written, and a subsystem may want more in a file of its own`() throws
    {
        let directory = try TemporaryDirectory()
        let logger = Logger(hostName: "h")
        var settings = settings(directory.path + "/main")
        settings.overrides = [(.totem, .init(file: directory.path + "/totem", fileSeverity: .debug))]
        try logger.configure(settings)
        logger.log(.info, .main, "seen")
        logger.log(.debug, .main, "not seen")
        logger.log(.debug, .totem, "detail")
        #expect(!logger.wants(.debug, .main) && logger.wants(.debug, .totem))
        #expect(text(of: directory.path + "/main").hasSuffix("[MAIN  ] seen\n"))
        #expect(!text(of: directory.path + "/main").contains("detail"))
        #expect(text(of: directory.path + "/totem").hasSuffix("[TOTEM ] detail\n"))
    }

    @Test func `A text nobody wants is never made`() throws {
        let directory = try TemporaryDirectory()
        let logger = Logger(hostName: "h")
        try logger.configure(settings(directory.path + "/main"))
        var made = 0
        func expensive() -> String {
            made += 1
            return "x"
        }
        logger.log(.trace, .totem, expensive())
        #expect(made == 0)
    }

    @Test func `A log file that cannot be opened is named and leaves the old settings in force`() throws {
        let directory = try TemporaryDirectory()
        let logger = Logger(hostName: "h")
        try logger.configure(settings(directory.path + "/main"))
        let failure = #expect(throws: LogFileFailure.self) {
            try logger.configure(settings(directory.path + "/no/such/file"))
        }
        #expect(failure?.path == directory.path + "/no/such/file")
        #expect(failure?.code == ENOENT)
        logger.log(.info, .main, "still here")
        #expect(text(of: directory.path + "/main").contains("still here"))
    }

    @Test func `The writer thread writes every line in order before the daemon ends`() throws {
        let directory = try TemporaryDirectory()
        let logger = Logger(hostName: "h")
        try logger.configure(settings(directory.path + "/main"))
        #expect(logger.startWriter())
        for number in 0..<2000 { logger.log(.info, .main, "line \(number).") }
        logger.stopWriter()
        let lines = text(of: directory.path + "/main").split(separator: "\n")
        #expect(lines.count == 2000)
        #expect(lines.enumerated().allSatisfy { $0.element.hasSuffix("line \($0.offset).") })
    }

    @Test func `A reopened log goes to a new file`() throws {
        let directory = try TemporaryDirectory()
        let logger = Logger(hostName: "h")
        try logger.configure(settings(directory.path + "/main"))
        logger.log(.info, .main, "before")
        rename(directory.path + "/main", directory.path + "/old")
        logger.reopen()
        logger.log(.info, .main, "after")
        #expect(text(of: directory.path + "/old").contains("before"))
        #expect(text(of: directory.path + "/main").hasSuffix("after\n"))
        #expect(!text(of: directory.path + "/main").contains("before"))
    }

    @Test func `A stuck target does not stop the caller; what does not fit is counted`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/pipe"
        // As the daemon does; closing the reader below must not end the test.
        signal(SIGPIPE, SIG_IGN)
        #expect(mkfifo(path, 0o600) == 0)
        // A reader that never reads: the pipe takes 64 KiB and then blocks its writer.
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        let logger = Logger(hostName: "h")
        try logger.configure(settings(path))
        #expect(logger.startWriter())
        let long = String(repeating: "x", count: 400)
        for _ in 0..<8000 { logger.log(.info, .main, long) }
        // Reaching this line is the point. Reading frees the writer, which then ends.
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        _ = fcntl(reader, F_SETFL, 0)
        var total = 0
        while total < 1 << 20 {
            let count = read(reader, &buffer, buffer.count)
            guard count > 0 else { break }
            total += count
        }
        close(reader)
        logger.stopWriter()
        #expect(total >= 1 << 20)
    }
}
