import Foundation
import Testing

/// The live picture, seen through a terminal of 80 columns and 24 lines.
@Suite("rondo demo on a terminal", .serialized)
struct DemoTerminalTests {
    /// Starts the demonstration on a terminal and reads what it draws until `isEnough` or its end.
    private func watch(
        _ arguments: [String], environment: [String: String] = [:], until isEnough: (String) -> Bool
    ) throws -> (process: Process, text: String, master: FileHandle) {
        var master: Int32 = -1
        var slave: Int32 = -1
        var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
        try #require(openpty(&master, &slave, nil, nil, &size) == 0)
        let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
        let process = Process()
        process.executableURL = Tool.program
        process.arguments = ["demo", "--set", "token_coefficient=0", "--token", "400"] + arguments
        var variables = ProcessInfo.processInfo.environment
        variables["TERM"] = "xterm"
        variables["NO_COLOR"] = nil
        for (name, value) in environment { variables[name] = value }
        process.environment = variables
        process.standardOutput = terminal
        try process.run()
        let reader = FileHandle(fileDescriptor: master, closeOnDealloc: true)
        var text = ""
        while !isEnough(text), process.isRunning { text += read(master) }
        return (process, text, reader)
    }

    /// What is there within half a second.
    private func read(_ descriptor: Int32) -> String {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 500) > 0 else { return "" }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : ""
    }

    private func drain(_ master: FileHandle) -> String {
        var text = ""
        while case let more = read(master.fileDescriptor), !more.isEmpty { text += more }
        return text
    }

    @Test("draws every node again and again; Ctrl-C leaves the terminal as it was, with status 130")
    func interrupted() throws {
        let (process, text, master) = try watch([]) { $0.components(separatedBy: "members").count > 5 }
        #expect(text.contains("\u{1B}[?25l"))
        #expect(text.contains("127.0.0.3"))
        #expect(text.contains("at rest"))
        process.interrupt()
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        #expect(drain(master).hasSuffix("\u{1B}[?25h"))
    }

    @Test("NO_COLOR is honoured")
    func noColour() throws {
        let (process, text, _) = try watch([], environment: ["NO_COLOR": "1"]) {
            $0.components(separatedBy: "members").count > 2
        }
        process.interrupt()
        process.waitUntilExit()
        #expect(!text.contains("\u{1B}[32m"))
        #expect(!text.contains("\u{1B}[1m"))
    }

    @Test("--plain draws nothing")
    func plain() throws {
        let (process, text, _) = try watch(["--plain"]) { $0.contains("rest: nobody sends") }
        process.interrupt()
        process.waitUntilExit()
        #expect(!text.contains("\u{1B}[?25l"))
        #expect(!text.contains("members"))
    }
}
