import ClusterLab
import Foundation

/// The member of a process group that the benchmark runs on each node: a C program on the client library of the
/// installed Corosync, so that both engines serve the same one.
struct LoadProgram {
    enum Role: String { case send, pace, receive }

    let path: String

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "load")

    /// Compiles it once for the process.
    static let compiled: Result<LoadProgram, any Error> = Result {
        let target = FileManager.default.temporaryDirectory.appending(path: "rondo-cpg-load-\(getpid())").path
        let result = try ClusterLab.run(
            ["cc", "-O2", "-o", target, folder.appending(path: "cpg-load.c").path, "-lcpg"], within: .seconds(60))
        guard result.succeeded else {
            throw LabError.commandFailed(
                command: result.command, status: "\(result.status)",
                output: result.output + result.errors + "needed: packages gcc and libcpg-dev")
        }
        return LoadProgram(path: target)
    }

    /// Removes the program when the benchmark has ended.
    static func removeCompiled() {
        if case .success(let program) = compiled { unlink(program.path) }
    }

    /// One member on every node; they have begun when this returns.
    func start(_ roles: [Role], group: String, size: Int, in lab: Laboratory) throws -> [Member] {
        let members = try zip(lab.nodes, roles).map { node, role in
            let name = "progress-\(group)"
            let tool = try node.launch([
                path, role.rawValue, group, "\(roles.count)", "\(size)", "/run/lab/\(name)",
            ])
            return Member(tool: tool, file: node.folder + "/" + name)
        }
        try lab.wait(for: "the group \(group) to be complete", within: .seconds(15)) {
            try members.allSatisfy { try $0.progress().hasStarted }
        }
        return members
    }

    /// A running member.
    struct Member {
        let tool: RunningTool
        let file: String

        struct Progress {
            var hasStarted = false
            var received: UInt64 = 0
            var bytes: UInt64 = 0
        }

        private static let headerSize = 32
        private static let samples: UInt64 = 65_536

        func progress() throws -> Progress {
            guard let words = try words(at: 0, count: 3) else { return Progress() }
            return Progress(hasStarted: words[0] != 0, received: words[1], bytes: words[2])
        }

        /// How long deliveries took, in microseconds, ascending.
        func latencies(_ range: Range<UInt64>) throws -> [Double] {
            guard let words = try words(at: Self.headerSize, count: Int(Self.samples)) else { return [] }
            return range.suffix(Int(Self.samples)).map { Double(words[Int($0 % Self.samples)]) / 1000 }.sorted()
        }

        /// Nil as long as the program has not made the file.
        private func words(at offset: Int, count: Int) throws -> [UInt64]? {
            guard let handle = FileHandle(forReadingAtPath: file) else { return nil }
            defer { try? handle.close() }
            try handle.seek(toOffset: UInt64(offset))
            guard let data = try handle.read(upToCount: count * 8), data.count == count * 8 else { return nil }
            return data.withUnsafeBytes { bytes in
                (0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self) }
            }
        }
    }
}
