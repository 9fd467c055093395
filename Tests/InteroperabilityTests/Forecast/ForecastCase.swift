import ClusterLab
import Foundation

/// A ring under a network, as the laboratory makes it and as `rondo simulate` is told of it.
struct ForecastCase {
    let name: String
    let nodes: Int
    let totem: [(key: String, value: String)]
    let shape: NetworkShape
    /// How long a node is paused for, where that is looked at.
    var pause: Duration?

    /// Delays that the daemons' own time, some tenths of a millisecond a hop, is small beside; and in the second a
    /// short token, so that in a test's time enough tokens get lost for their cost to be counted.
    static let all = [
        ForecastCase(
            name: "2 ms ± 1 ms", nodes: 3, totem: [("token", "1000"), ("token_coefficient", "100")],
            shape: NetworkShape(delay: .milliseconds(2), jitter: .milliseconds(1))),
        ForecastCase(
            name: "5 ms ± 2 ms, 0.5 % lost", nodes: 5, totem: [("token", "300"), ("token_coefficient", "100")],
            shape: NetworkShape(delay: .milliseconds(5), jitter: .milliseconds(2), loss: 0.5)),
        ForecastCase(
            name: "4 ms, token 3000, pauses", nodes: 3, totem: [("token", "3000"), ("token_coefficient", "0")],
            shape: NetworkShape(delay: .milliseconds(4)), pause: .milliseconds(5500)),
    ]

    var configuration: RingConfiguration {
        var configuration = RingConfiguration(totem: totem)
        // A forecast is of machines that are lost; here processes are killed, whose machines would tell.
        configuration.extra = "rondo {\n    beat: 0\n}\n"
        // Writing every packet down would be measured, too.
        configuration.debug = false
        return configuration
    }

    /// Bytes that the daemon's process groups put around each message.
    private static let groupHeader = 184
    static let messageSize = 1000

    /// What `rondo simulate` says of it.
    ///
    /// - Parameter turn: what a node was seen to need for it on the ring at full load, in milliseconds; nil to ask about
    ///   the idle ring, where it is too little to count.
    func forecast(_ configurationFile: String, turn: Double? = nil) throws -> ForecastFigures {
        var words = [
            try Self.tool(), "simulate", "--config", configurationFile, "--format", "json", "--seed", "11",
            "--delay", "\(shape.delay.milliseconds)ms±\(shape.jitter.milliseconds)ms", "--loss", "\(shape.loss)%",
            "--message-size", "\(Self.messageSize + Self.groupHeader)",
        ]
        if let turn {
            words += ["--turn", "\(turn)ms", "--hours", "1", "--deaths", "0"]
        } else if let pause {
            // Rare enough for each to meet a ring at rest.
            words += ["--pause", "\(pause.milliseconds)ms every 1h", "--hours", "24"]
        } else {
            words += ["--hours", "1"]
        }
        let result = try run(words, within: .seconds(60))
        guard result.succeeded else {
            throw LabError.commandFailed(
                command: result.command, status: "\(result.status)", output: result.output + result.errors)
        }
        return try ForecastFigures(result.output)
    }

    /// The tool of the same build as the daemon.
    static func tool() throws -> String {
        let daemon = Engine.rondo.program ?? ""
        let tool =
            daemon.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/rondo"
        guard findProgram(tool) != nil else {
            throw LabError.machineNotReady(["no rondo beside \(daemon) (swift build -c release --product rondo)"])
        }
        return tool
    }
}

/// The answers that are compared, times in milliseconds.
struct ForecastFigures {
    let heartbeat: Double
    /// Nil when no deaths were asked about.
    let failover: Double?
    let rotation: Double
    let messagesPerSecond: Double
    /// How long a break lasts; nil when there was none.
    let breakLength: Double?

    init(_ json: String) throws {
        guard let root = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] else {
            throw LabError.unreadable("not a forecast: \(json)")
        }
        func value(_ path: String...) -> Double? {
            var here: Any? = root
            for name in path { here = (here as? [String: Any])?[name] }
            return (here as? NSNumber)?.doubleValue
        }
        guard let heartbeat = value("heartbeat_ms", "median"),
            let rotation = value("load", "rotation_ms", "median"),
            let messages = value("load", "messages_per_second")
        else { throw LabError.unreadable("figures are missing in the forecast: \(json)") }
        self.heartbeat = heartbeat
        failover = value("failover", "any_node_ms", "median")
        self.rotation = rotation
        messagesPerSecond = messages
        breakLength = value("false_failures", "duration_ms", "median")
    }
}
