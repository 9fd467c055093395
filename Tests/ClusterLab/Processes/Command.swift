import Glibc

/// What a finished program left behind.
public struct CommandResult: Sendable {
    public let command: String
    public let status: ExitStatus
    public let output: String
    public let errors: String

    public var succeeded: Bool { status == .exited(0) }
    public var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
}

/// Runs a program to its end, or kills it with everything below it after `limit`.
///
/// - Parameter input: bytes for its standard input, which is then closed.
public func run(_ command: [String], input: String? = nil, within limit: Duration = .seconds(10)) throws
    -> CommandResult
{
    let output = try Pipe()
    let errors = try Pipe()
    let entry = try input.map { _ in try Pipe() }
    let child: ChildProcess
    do {
        defer {
            close(output.writeEnd)
            close(errors.writeEnd)
            if let entry { close(entry.readEnd) }
        }
        child = try ChildProcess(
            command, input: entry.map { .descriptor($0.readEnd) } ?? .null, output: .descriptor(output.writeEnd),
            errors: .descriptor(errors.writeEnd))
    }
    defer {
        close(output.readEnd)
        close(errors.readEnd)
    }
    if let entry {
        _ = writeAll(entry.writeEnd, Array((input ?? "").utf8))
        close(entry.writeEnd)
    }

    let deadline = ContinuousClock.now + limit
    var texts: [[UInt8]] = [[], []]
    var open = [output.readEnd, errors.readEnd]
    var killed = false
    while open.contains(where: { $0 >= 0 }) {
        let left = ContinuousClock.now.duration(to: deadline)
        if left <= .zero {
            killed = true
            break
        }
        var waiting = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = poll(&waiting, nfds_t(waiting.count), Int32(min(left.milliseconds + 1, 1000)))
        for index in waiting.indices where waiting[index].revents != 0 {
            if let part = readAvailable(open[index]) {
                texts[index] += part
            } else {
                open[index] = -1
            }
        }
    }
    let status = killed ? nil : child.wait(within: ContinuousClock.now.duration(to: deadline) + .milliseconds(100))
    if status == nil { child.destroy() }
    return CommandResult(
        command: command.joined(separator: " "), status: status ?? .timedOut,
        output: String(decoding: texts[0], as: UTF8.self), errors: String(decoding: texts[1], as: UTF8.self))
}

/// Runs a program that must succeed.
@discardableResult
func mustRun(_ command: [String], input: String? = nil, within limit: Duration = .seconds(10)) throws -> CommandResult {
    let result = try run(command, input: input, within: limit)
    guard result.succeeded else {
        throw LabError.commandFailed(
            command: result.command, status: "\(result.status)", output: result.output + result.errors)
    }
    return result
}

extension Duration {
    /// Whole milliseconds, rounded down.
    public var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// Seconds with fraction.
    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
