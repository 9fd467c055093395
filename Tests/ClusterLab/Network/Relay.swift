import Glibc

/// The program in `ClusterLab/Relay`, running on the switch in place of the bridge: it takes each frame off one cable
/// and puts it on another after the delay it draws.
///
/// It reads a pipe that only this process writes to, and ends with it.
final class Relay {
    private let child: ChildProcess
    private var commands: Int32
    private let answers: Int32
    /// What it said at its end, for reports.
    private let log: String

    /// Compiles it into a folder.
    ///
    /// - Returns: the program's path.
    static func build(in folder: String) throws -> String {
        let program = folder + "/relay"
        guard access(program, X_OK) != 0 else { return program }
        guard findProgram("cc") != nil else {
            throw LabError.machineNotReady(["a C compiler is needed for the relay (apt-get install gcc libc6-dev)"])
        }
        try mustRun(
            [
                "cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program,
                Checkout.root + "/Tests/ClusterLab/Relay/relay.c",
            ],
            within: .seconds(60))
        return program
    }

    init(_ program: String, ports: [String], machine: Machine, folder: String, seed: UInt64) throws {
        let entry = try Pipe()
        let output = try Pipe()
        log = folder + "/relay.log"
        do {
            defer {
                close(entry.readEnd)
                close(output.writeEnd)
            }
            child = try ChildProcess(
                machine.entrance + [program, "run", "\(seed)"] + ports, input: .descriptor(entry.readEnd),
                output: .descriptor(output.writeEnd), errors: .file(log))
        }
        commands = entry.writeEnd
        answers = output.readEnd
        try awaitAnswer("ready")
    }

    deinit {
        end()
        close(answers)
    }

    /// Puts other conditions in force; when this returns they are.
    func set(_ shape: NetworkShape) throws {
        let line =
            "\(shape.delay.microseconds * 1000) \(shape.jitter.microseconds * 1000) "
            + "\(Int((shape.loss * 10_000).rounded())) \(Int((shape.duplicate * 10_000).rounded()))\n"
        guard writeAll(commands, Array(line.utf8)) else {
            throw LabError.unreadable("the relay has ended: " + ((try? readText(log)) ?? ""))
        }
        try awaitAnswer("ok")
    }

    /// Ends it. A second call does nothing.
    func end() {
        guard commands >= 0 else { return }
        close(commands)
        commands = -1
        if child.wait(within: .seconds(2)) == nil { child.destroy() }
    }

    private func awaitAnswer(_ word: String) throws {
        var text = ""
        while !text.hasSuffix(word + "\n") {
            guard let part = readAvailable(answers) else {
                throw LabError.unreadable("the relay did not say '\(word)': " + ((try? readText(log)) ?? ""))
            }
            text += String(decoding: part, as: UTF8.self)
        }
    }
}
