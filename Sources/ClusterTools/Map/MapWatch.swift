import Glibc
import JSONText
import RondoKit

/// `-t` and `-T`: changes of keys as they happen, until somebody types q or the daemon ends.
struct MapWatch {
    let kind: ConfigurationMap.Kind
    let tracksPrefix: Bool
    let style: KeyStyle

    private enum News: Sendable {
        case change(MapChange)
        case broken(ClusterError)
        case quit
    }

    func run(_ names: [String], _ output: inout Output) async -> Int32 {
        let (news, feed) = AsyncStream.makeStream(of: News.self)
        var tasks: [Task<Void, Never>] = []
        defer { for task in tasks { task.cancel() } }
        for name in names {
            let changes: ClusterEvents<MapChange>
            do {
                changes =
                    tracksPrefix
                    ? try await ConfigurationMap.changes(under: name, of: kind, patience: .none)
                    : try await ConfigurationMap.changes(ofKey: name, of: kind, patience: .none)
            } catch {
                Output.complain("Failed to add tracking function. Error \(error.code.name)")
                return EXIT_FAILURE
            }
            tasks.append(
                Task {
                    do throws(ClusterError) {
                        for try await change in changes { feed.yield(.change(change)) }
                    } catch {
                        feed.yield(.broken(error))
                    }
                })
        }
        KeyboardWatch.start { feed.yield(.quit) }
        if !output.json { output.line("Type \"q\" to finish") }
        output.flush()
        for await item in news {
            switch item {
            case .quit: return EXIT_SUCCESS
            case .broken(let error):
                Output.complain("Dispatch error \(error.code.name)")
                return EXIT_SUCCESS
            case .change(let change): write(change, &output)
            }
            output.flush()
        }
        return EXIT_SUCCESS
    }

    private func write(_ change: MapChange, _ output: inout Output) {
        let value = change.kind == .deleted ? change.oldValue : change.newValue
        let word =
            switch change.kind {
            case .added: "create"
            case .modified: "modify"
            case .deleted: "delete"
            }
        guard let value else { return }
        if output.json {
            output.line(
                JSONValue.object([
                    ("change", .string(word)), ("key", .string(change.key)), ("type", .string(value.typeName)),
                    ("value", KeyStyle.json(value)),
                ]).line)
        } else {
            output.line("\(word)> \(style.text(change.key, value))")
        }
    }
}

/// Waits on a thread of its own for a line that begins with q, or the end of standard input.
enum KeyboardWatch {
    private final class Waiting {
        let whenDone: @Sendable () -> Void
        init(_ whenDone: @escaping @Sendable () -> Void) { self.whenDone = whenDone }
    }

    static func start(_ whenDone: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        // The thread takes over the reference.
        let waiting = Unmanaged.passRetained(Waiting(whenDone)).toOpaque()
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let waiting = Unmanaged<Waiting>.fromOpaque(argument).takeRetainedValue()
                KeyboardWatch.wait()
                waiting.whenDone()
                return nil
            }, waiting)
        if result == 0 { pthread_detach(thread) } else { Unmanaged<Waiting>.fromOpaque(waiting).release() }
    }

    private static func wait() {
        var byte: UInt8 = 0
        var isAtStart = true
        while true {
            let count = read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            if isAtStart, byte == UInt8(ascii: "q") { return }
            isAtStart = byte == 0x0A
        }
    }
}
