import ClusterConfiguration
import Glibc
import JSONText
import Sealing

/// corosync-keygen: the key of an encrypted ring (corosync-keygen(8)).
struct KeyTool {
    private var file = CryptoSettings.standardKeyFile
    private var source = "/dev/urandom"
    private var size = KeyFileCheck.standardSize
    private var output = Output()

    static func run(_ call: ToolCall) -> Int32 {
        var tool = KeyTool()
        let status = tool.read(call)
        defer { tool.output.flush() }
        return status ?? tool.act()
    }

    /// Returns the exit status when there is nothing to do.
    private mutating func read(_ call: ToolCall) -> Int32? {
        let json: Character = "J"
        var options = OptionReader(
            call.program, call.arguments, letters: "k:r:s:lh",
            long: [
                .init(name: "key-file", letter: "k", takesValue: true), .init(name: "less-secure", letter: "l"),
                .init(name: "random-file", letter: "r", takesValue: true),
                .init(name: "size", letter: "s", takesValue: true), .init(name: "help", letter: "h"),
            ] + call.jsonOption(json))
        do throws(OptionReader.Complaint) {
            while let option = try options.next() {
                let value = option.value ?? ""
                switch option.letter {
                case "k": file = value
                case "r": source = value
                case "s":
                    guard let size = Numbers.whole(value, in: KeyFileCheck.sizes) else {
                        let (lowest, highest) = (KeyFileCheck.sizes.lowerBound, KeyFileCheck.sizes.upperBound)
                        Self.complain("Unsupported key size (supported <\(lowest),\(highest)>)\n")
                        return 1
                    }
                    self.size = size
                case "h":
                    output.line(Self.usage)
                    return EXIT_SUCCESS
                case json: output.json = true
                // -l is kept for compatibility and does nothing.
                default: break
                }
            }
            return nil
        } catch {
            Output.complain(error.text)
            output.line("Error parsing command line options.")
            return 1
        }
    }

    private mutating func act() -> Int32 {
        say("Corosync Cluster Engine Authentication key generator.")
        say("Gathering \(size * 8) bits for key from \(source).")
        let descriptor = open(source, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            Self.complain("Failed to open random source: \(String(cString: strerror(errno)))")
            return 1
        }
        defer { close(descriptor) }
        if source == "/dev/random" { say("Press keys on your keyboard to generate entropy.") }
        output.flush()
        do throws(KeyFile.Failure) {
            try KeyFile.create(file, size: size, from: descriptor)
        } catch {
            // What is only said when the key is written.
            if error.status > 3 { say("Writing corosync key to \(file).") }
            Self.complain(error.description)
            return error.status
        }
        say("Writing corosync key to \(file).")
        if output.json { output.value(.object([("file", .string(file)), ("bits", .integer(size * 8))])) }
        return EXIT_SUCCESS
    }

    private mutating func say(_ text: String) {
        if !output.json { output.line(text) }
    }

    private static func complain(_ text: String) { Output.complain("corosync-keygen: \(text)") }

    private static let usage = """
        Usage: corosync-keygen [-k <keyfile>] [-s size] [-m <randomfile>] [-l] [-h]
             -k / --key-file=<filename> -  Write to the specified keyfile
                    instead of the default \(CryptoSettings.standardKeyFile).
             -r / --random-file -  Random number source file. Default is\u{20}
                    /dev/urandom. As an example /dev/random may be requested
                    (that may require user input for entropy).
             -l / --less-secure - Not used, option is kept only
                    for compatibility.
             -s / --size -  Length of key.
             -h / --help -  Print basic usage.

        """
}
