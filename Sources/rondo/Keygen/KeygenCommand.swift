import ArgumentParser
import ClusterConfiguration
import JSONText
import Sealing

/// `rondo keygen`: makes the key of an encrypted ring (spec: configuration.md 9.3).
struct KeygenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make the key that the nodes of an encrypted ring share.",
        discussion: """
            Writes random bytes to a file that only its owner can read (mode 0400). A file that is there is replaced, as \
            corosync-keygen does. Copy the key to every node: a node with another one takes no part in the ring.

            Exit status: 0 when the key is there, 1 without random bytes, 2 when the file cannot be created, 3 when its \
            mode cannot be set, 4 when it cannot be written, 5 when it cannot be closed, 64 for wrong usage.
            """
    )

    @Option(
        name: [.customShort("k"), .customLong("key-file")],
        help: ArgumentHelp("Where the key goes.", valueName: "file"))
    var keyFile: String = CryptoSettings.standardKeyFile

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Its size in bytes, \(KeyFileCheck.sizes.lowerBound) to \(KeyFileCheck.sizes.upperBound).",
            valueName: "bytes"))
    var size: Int = KeyFileCheck.standardSize

    @Flag(help: "Print JSON (docs/schema/keygen.json).")
    var json = false

    @Flag(name: [.customShort("l"), .customLong("less-secure")], help: .hidden)
    var lessSecure = false

    func validate() throws {
        guard KeyFileCheck.sizes.contains(size) else {
            throw ValidationError(
                "--size must be \(KeyFileCheck.sizes.lowerBound)..\(KeyFileCheck.sizes.upperBound) bytes.")
        }
        guard !keyFile.isEmpty else { throw ValidationError("--key-file must name a file.") }
    }

    func run() throws {
        do throws(KeyFile.Failure) {
            let isReplaced = try KeyFile.create(keyFile, size: size)
            guard !json else {
                return print(JSONValue.object([("file", .string(keyFile)), ("bits", .integer(size * 8))]).text)
            }
            print("Wrote a key of \(size * 8) bits to \(keyFile)\(isReplaced ? ", in place of what was there" : "").")
            print("Copy it to every node of the cluster, owned by root, with mode 0400.")
        } catch {
            StandardError.print("\(error)")
            throw ExitCode(error.status)
        }
    }
}
