import Foundation

/// Runs the tool as an administrator does.
enum Tool {
    struct Result {
        var status: Int32
        var output: String
        var complaint: String

        var lines: [Substring] { output.split(separator: "\n", omittingEmptySubsequences: false) }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static var fixtures: URL { root.appending(path: "Tests/Fixtures/runtime-config") }

    static func fixture(_ name: String) -> String { fixtures.appending(path: "\(name).conf").path }

    /// The directory of the built products: that of the program this test runs in, or of its bundle.
    private static var products: URL {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
        return (bundle?.bundleURL ?? URL(filePath: CommandLine.arguments[0])).deletingLastPathComponent()
    }

    static var program: URL { products.appending(path: "rondo") }

    static func run(_ arguments: [String], input: [UInt8]? = nil) throws -> Result {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        let directory = FileManager.default.temporaryDirectory.appending(path: "rondo-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        func file(_ name: String) throws -> (URL, FileHandle) {
            let url = directory.appending(path: name)
            FileManager.default.createFile(atPath: url.path, contents: nil)
            return (url, try FileHandle(forWritingTo: url))
        }
        let (outputFile, output) = try file("output")
        let (complaintFile, complaint) = try file("complaint")
        if let input {
            let url = directory.appending(path: "input")
            try Data(input).write(to: url)
            process.standardInput = try FileHandle(forReadingFrom: url)
        }
        process.standardOutput = output
        process.standardError = complaint
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: try String(contentsOf: outputFile, encoding: .utf8),
            complaint: try String(contentsOf: complaintFile, encoding: .utf8))
    }

    /// Runs the tool on a file with this content.
    static func run(_ arguments: [String], on text: String) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "rondo-\(UUID().uuidString).conf")
        try text.write(to: file, atomically: false, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        return try run(arguments + [file.path])
    }
}
