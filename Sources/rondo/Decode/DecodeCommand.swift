import ArgumentParser
import CaptureFiles
import ClusterConfiguration
import Dissection

/// `rondo decode`: what the packets of a ring say.
struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Explain the packets of a ring in a capture.",
        discussion: """
            Reads a capture (pcap or pcapng, as tcpdump -w and Wireshark write it) or hexadecimal text (plain digits, \
            or the dumps of tcpdump -x, xxd, hexdump -C, Wireshark) and prints one line a packet: time, sender, \
            receiver, what it is in plain words, its main figures, and the interval since the last packet of its \
            kind. The joins of one gathering are one line. Knows Corosync 3, 2 and 1 on UDP, and knet: its own packets, and \
            what was cut into fragments put together again; encrypted ones with --key.

            A ring can be watched live: tcpdump -i eth0 -U -w - udp port 5405 | rondo decode -

            Exit status: 0 when all input was read, 1 when it cannot be read, is no capture, or no key \
            given opens anything, 64 for wrong usage.
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Argument(help: ArgumentHelp("The capture; - or nothing for standard input.", valueName: "file"))
    var file: String = "-"

    @Flag(name: .shortAndLong, help: "Show every field with its place, value and meaning.")
    var verbose = false

    @Flag(name: .shortAndLong, help: "End with packets of each kind, token rotation and retransmits.")
    var summary = false

    @Option(help: "text, or json: one object a line.")
    var format: Format = .text

    @Option(help: ArgumentHelp("UDP port of the ring, and of knet's first link; 0 for every port.", valueName: "port"))
    var port: UInt16 = 5405

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Open encrypted packets of knet with the key in this file. Repeatable, for a ring whose key was changed.",
            valueName: "file"))
    var key: [String] = []

    @Option(help: ArgumentHelp("The ring's crypto_cipher (default: all are tried).", valueName: "name"))
    var cipher: SealCipher?

    @Option(help: ArgumentHelp("The ring's crypto_hash (default: all are tried).", valueName: "name"))
    var hash: SealHash?

    @Flag(help: "Take the input for hexadecimal text, whatever it looks like.")
    var hex = false

    @Flag(help: "Show times in UTC, not in local time.")
    var utc = false

    @Option(
        name: .shortAndLong, parsing: .singleValue, help: ArgumentHelp("\(PacketFilter.help)", valueName: "filter"),
        transform: Self.filter)
    var filter: [PacketFilter] = []

    @Flag(help: "Show each join of a gathering, as --verbose and --format json do.")
    var all = false

    @Option(help: "Colours: auto (on a terminal, unless NO_COLOR is set), always, never.")
    var color = ColorChoice.auto

    private static func filter(_ text: String) throws -> PacketFilter {
        do {
            return try PacketFilter(text)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func validate() throws {
        if key.isEmpty, cipher != nil || hash != nil {
            throw ValidationError("--cipher and --hash say how --key is used; give it, too.")
        }
        if key.contains("-"), file == "-" {
            throw ValidationError("--key and the capture cannot both be standard input.")
        }
    }

    func run() throws {
        var session: DecodeSession
        do {
            session = try DecodeSession(command: self)
        } catch {
            StandardError.print("\(error)")
            throw ExitCode(1)
        }
        do {
            try session.run()
        } catch {
            session.output.flush()
            StandardError.print("\(file == "-" ? "standard input" : file): \(error)")
            throw ExitCode(1)
        }
        if session.isKeyWrong { throw ExitCode(1) }
    }
}

extension SealCipher: ExpressibleByArgument {}
extension SealHash: ExpressibleByArgument {}
