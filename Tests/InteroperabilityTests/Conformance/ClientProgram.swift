import ClusterLab
import Foundation

/// The C program in `Clients`, built where its libraries' headers are installed.
enum ClientProgram {
    static let folder = Checkout.root + "/Tests/InteroperabilityTests/Clients"
    private static let sources = [
        "client", "cpg", "cfg", "cmap", "quorum", "votequorum", "sam", "hostile", "meddle", "crowd",
    ]

    private static let hasHeaders: Bool = {
        let headers = ClientLibrary.names.map { "/usr/include/corosync/\($0).h" }
        return headers.allSatisfy { FileManager.default.fileExists(atPath: $0) } && findProgram("cc") != nil
    }()

    /// Whether a test that needs it runs; where everything must be there it runs and fails.
    static var isPossible: Bool { hasHeaders || Requirements.areMandatory }

    static let explanation =
        "a C compiler and the client libraries' headers are needed (apt-get install gcc libcpg-dev libcfg-dev "
        + "libcmap-dev libquorum-dev libvotequorum-dev libsam-dev)"

    /// Compiles it into a folder.
    ///
    /// - Returns: the program's path.
    static func build(in place: String) throws -> String {
        let program = place + "/client"
        let result = try run(
            ["cc", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", "-O1", "-o", program]
                + sources.map { "\(folder)/\($0).c" } + ClientLibrary.names.map { "-l" + $0 }, within: .seconds(60))
        guard result.succeeded else {
            throw LabError.commandFailed(
                command: result.command, status: "\(result.status)", output: result.output + result.errors)
        }
        return program
    }
}

/// The text of a file.
func contents(of path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
