import Foundation
import RondoKit

/// A key-value map that is the same on every node: `replicated-map [GROUP]`, then commands, one a line.
@main
enum ReplicatedMapProgram {
    static func main() async {
        let replica = Replica()
        let name = GroupName(CommandLine.arguments.dropFirst().first ?? "replicated-map")
        let membership = Task { await replica.run(in: name) }
        let quorum = Task { await replica.followQuorum() }
        for await line in typedLines() {
            guard await obey(line, replica) else { break }
        }
        if await !replica.leave() { membership.cancel() }
        await membership.value
        quorum.cancel()
        await quorum.value
    }

    /// - Returns: Whether to go on.
    private static func obey(_ line: String, _ replica: Replica) async -> Bool {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        switch (words.first, words.count) {
        case ("set", 3): await replica.change(words[1], to: words[2])
        case ("delete", 2): await replica.change(words[1], to: nil)
        case ("get", 2): await replica.get(words[1])
        case ("list", 1): await replica.list()
        case ("status", 1...2): await replica.status(words.count == 2 ? words[1] : "status")
        case ("quit", 1): return false
        case (nil, _): break
        default: say("commands: set KEY VALUE, delete KEY, get KEY, list, status [WORD], quit")
        }
        return true
    }

    /// Reading blocks, so it has a thread of its own.
    private static func typedLines() -> AsyncStream<String> {
        AsyncStream { continuation in
            Thread.detachNewThread {
                while let line = readLine() { continuation.yield(line) }
                continuation.finish()
            }
        }
    }
}

/// Prints a line at once, also into a pipe.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
