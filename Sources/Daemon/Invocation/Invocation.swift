import Glibc

/// What the command line asks for (spec: daemon-and-tools.md 1.1).
public struct Invocation: Sendable, Equatable {
    public enum Action: Sendable, Equatable {
        case run
        /// `-t`: check the configuration and stop.
        case test
        /// `-v` or `--version`.
        case version
        /// `--help`. There is no `-h`: to Corosync it is a wrong option like others.
        case help
    }

    public var action = Action.run
    /// `-c`.
    public var configurationFile = "/etc/corosync/corosync.conf"
    /// `-f`.
    public var staysInForeground = false
    /// `-l`: the lock file with the process id; nil: `/var/run/corosync.pid`.
    public var lockFile: String?

    public init() {}

    /// Reads the arguments behind the program's name. Options may be joined (`-fc FILE`). Arguments that are no options
    /// are refused: Corosync ignores them, and so tests or starts with another file than the one somebody names.
    public init(_ arguments: [String]) throws(InvocationError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                if let word = rest.first { throw .unexpectedArgument(word) }
                return
            }
            guard argument.hasPrefix("-"), argument != "-" else { throw .unexpectedArgument(argument) }
            if argument.hasPrefix("--") {
                try take(longOption: argument)
                if action == .help { return }
                continue
            }
            var letters = argument.dropFirst()
            while let letter = letters.popFirst() {
                switch letter {
                case "f": staysInForeground = true
                case "t": if action != .version { action = .test }
                case "v": action = .version
                case "c", "l":
                    let joined = String(letters)
                    letters = ""
                    guard let value = joined.isEmpty ? rest.popFirst() : joined else {
                        throw .missingValue(letter)
                    }
                    try take(value, for: letter)
                default: throw .unknownOption("-\(letter)")
                }
            }
        }
    }

    /// Corosync has no long options; these are what everybody tries.
    private mutating func take(longOption option: String) throws(InvocationError) {
        switch option {
        case "--version": action = .version
        case "--help": action = .help
        default: throw .unknownOption(option)
        }
    }

    private mutating func take(_ value: String, for letter: Character) throws(InvocationError) {
        guard value.utf8.count < Int(PATH_MAX) else { throw letter == "c" ? .pathTooLong : .lockPathTooLong }
        if letter == "c" { configurationFile = value } else { lockFile = value }
    }

    /// What `--help` prints.
    public static var help: String {
        """
        rondod joins the ring that its configuration file describes and serves the local programs of the cluster.

        \(usage)        --help : Display this text and exit.
                --version : The same as -v.

        Manual: rondod(8). Configuration: corosync.conf(5); rondo timing FILE explains what follows from it.
        """
    }

    /// What is printed behind the complaint about a wrong option.
    public static let usage = """
        usage:
                -c     : Configuration file (default: /etc/corosync/corosync.conf)
                -f     : Start application in foreground.
                -l     : Lock file with the process id (default: /var/run/corosync.pid)
                -t     : Test configuration and exit.
                -v     : Display version and exit.

        """
}

/// Why a command line cannot be understood.
public enum InvocationError: Error, Equatable, CustomStringConvertible {
    case unknownOption(String)
    case missingValue(Character)
    case unexpectedArgument(String)
    case pathTooLong
    case lockPathTooLong

    public var description: String {
        switch self {
        case .unknownOption(let option): "rondod: unknown option '\(option)'"
        case .missingValue(let letter): "rondod: option '-\(letter)' needs a file name behind it"
        case .unexpectedArgument(let word):
            "rondod: '\(word)' is no option; the configuration file is named with -c \(word)"
        case .pathTooLong: "Config file path too long."
        case .lockPathTooLong: "Lock file path too long."
        }
    }

    /// Whether the usage text helps.
    public var showsUsage: Bool {
        switch self {
        case .unknownOption, .missingValue, .unexpectedArgument: true
        case .pathTooLong, .lockPathTooLong: false
        }
    }
}
