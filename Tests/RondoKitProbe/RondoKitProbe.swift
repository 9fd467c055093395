import Foundation
import RondoKit

/// Uses one part of RondoKit and prints what came of it: the same on every engine, so process numbers and ring sequences
/// are left out.
@main
enum RondoKitProbe {
    static func main() async {
        let descriptors = openDescriptors()
        do {
            switch CommandLine.arguments.dropFirst().first {
            case "map": try await exerciseMap()
            case "groups": try await exerciseGroups()
            case "slow": try await exerciseSlowReader()
            case "endings": try await exerciseEndings()
            case "quorum": try await exerciseQuorum()
            case "cluster": try await exerciseCluster()
            case "shutdown": try await exerciseShutdown()
            default: say("map, groups, slow, endings, quorum, cluster or shutdown?")
            }
        } catch {
            say("failed: \(error)")
        }
        let closed = await eventually { openDescriptors().count <= descriptors.count }
        say(
            closed
                ? "every descriptor is closed" : "descriptors left open: \(openDescriptors()), before: \(descriptors)")
    }

    /// Those of a connection: sockets and shared memory. An epoll of the process stays for good.
    private static func openDescriptors() -> [String] {
        let folder = "/proc/self/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let targets = names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
        return targets.filter { $0.hasPrefix("socket:") || $0.hasPrefix("/dev/shm/") }
    }
}

func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

/// Prints the error's code, or what else came.
func sayRefusal(_ what: String, _ body: @Sendable () async throws(ClusterError) -> Void) async {
    do {
        try await body()
        say("\(what): done")
    } catch {
        say("\(what): \(error.code.name)")
    }
}

/// Whether a condition came to hold within five seconds.
func eventually(_ condition: @Sendable () async throws -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(5)
    while ContinuousClock.now < deadline {
        if let holds = try? await condition(), holds { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return false
}
