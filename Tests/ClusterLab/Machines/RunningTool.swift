import Glibc

/// A program that runs beside the test, with its standard input open and its output collected.
public final class RunningTool {
    private let child: ChildProcess
    private let input: Int32
    private let outputEnd: Int32
    private var collected: [UInt8] = []
    private var ended = false

    init(_ command: [String]) throws {
        let entry = try Pipe()
        let exit = try Pipe()
        defer {
            close(entry.readEnd)
            close(exit.writeEnd)
        }
        child = try ChildProcess(
            command, input: .descriptor(entry.readEnd), output: .descriptor(exit.writeEnd),
            errors: .descriptor(exit.writeEnd))
        input = entry.writeEnd
        outputEnd = exit.readEnd
    }

    deinit {
        child.destroy()
        close(input)
        close(outputEnd)
    }

    /// Everything printed so far, both streams.
    public var output: String {
        collect(for: 0)
        return String(decoding: collected, as: UTF8.self)
    }

    /// Types into the program.
    public func type(_ text: String) { _ = writeAll(input, Array(text.utf8)) }

    /// Waits until the output contains `text`.
    public func awaitOutput(_ text: String, within limit: Duration = .seconds(5)) throws {
        let deadline = ContinuousClock.now + limit
        while !output.contains(text) {
            guard ContinuousClock.now < deadline else {
                throw LabError.timedOut(
                    what: "'\(text)' printed by \(child.command.last ?? "?")", limit: limit, diagnostics: output)
            }
            collect(for: 20)
        }
    }

    /// Waits until the output contains `text` beyond its first `offset` bytes.
    public func awaitOutput(_ text: String, after offset: Int, within limit: Duration) throws {
        let deadline = ContinuousClock.now + limit
        let wanted = Array(text.utf8)
        while true {
            collect(for: 0)
            if collected.dropFirst(offset).firstRange(of: wanted) != nil { return }
            guard child.poll() == nil, ContinuousClock.now < deadline else {
                let state = child.poll().map { "it has ended: \($0)" } ?? "it runs"
                throw LabError.timedOut(
                    what: "'\(text)' printed by \(child.command.last ?? "?"); \(state)", limit: limit,
                    diagnostics: String(decoding: collected.suffix(2000), as: UTF8.self))
            }
            collect(for: 20)
        }
    }

    /// Waits for the program's end.
    public func awaitEnd(within limit: Duration = .seconds(5)) throws -> ExitStatus {
        let deadline = ContinuousClock.now + limit
        while true {
            if let status = child.poll() {
                collect(for: 20)
                return status
            }
            guard ContinuousClock.now < deadline else {
                throw LabError.timedOut(what: "the end of \(child.command)", limit: limit, diagnostics: output)
            }
            collect(for: 20)
        }
    }

    private func collect(for milliseconds: Int32) {
        var timeout = milliseconds
        while !ended {
            var waiting = pollfd(fd: outputEnd, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, timeout) > 0 else { break }
            timeout = 0
            if let part = readAvailable(outputEnd) { collected += part } else { ended = true }
        }
        if ended && milliseconds > 0 { usleep(UInt32(milliseconds) * 1000) }
    }
}
