import Glibc

/// A network of its own for the length of a test; needs root.
enum NetworkNamespace {
    /// Whether this process may make one.
    static var isAvailable: Bool { geteuid() == 0 && access("/proc/self/ns/net", F_OK) == 0 }

    /// Runs `body` on a thread of its own in a new network namespace whose loopback is up, and returns what it throws.
    static func run(_ body: @escaping @Sendable () throws -> Void) throws {
        let box = Box(body)
        var thread = pthread_t()
        let context = Unmanaged.passRetained(box)
        let started = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let box = Unmanaged<Box>.fromOpaque(context).takeRetainedValue()
                do {
                    try NetworkNamespace.enter()
                    try box.body()
                } catch {
                    box.failure = error
                }
                return nil
            }, context.toOpaque())
        guard started == 0 else {
            context.release()
            throw Failure(step: "pthread_create", code: started)
        }
        pthread_join(thread, nil)
        if let failure = box.failure { throw failure }
    }

    /// Runs ip(8) in the namespace of the calling thread.
    static func ip(_ arguments: String...) throws { try run(["ip"] + arguments) }

    /// Runs a program in the namespace of the calling thread.
    static func run(_ words: [String]) throws {
        var process = pid_t()
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { arguments.forEach { free($0) } }
        let result = posix_spawnp(&process, words[0], nil, nil, &arguments, environ)
        guard result == 0 else { throw Failure(step: words[0], code: result) }
        var status: Int32 = 0
        waitpid(process, &status, 0)
        guard status == 0 else { throw Failure(step: words.joined(separator: " "), code: status) }
    }

    struct Failure: Error {
        var step: String
        var code: Int32
    }

    /// Handed to the thread before it starts and read after it has ended.
    private final class Box: @unchecked Sendable {
        let body: @Sendable () throws -> Void
        var failure: (any Error)?
        init(_ body: @escaping @Sendable () throws -> Void) { self.body = body }
    }

    private static func enter() throws {
        let newNetwork: Int32 = 0x4000_0000
        guard let symbol = dlsym(nil, "unshare") else { throw Failure(step: "unshare", code: ENOSYS) }
        let unshare = unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
        guard unshare(newNetwork) == 0 else { throw Failure(step: "unshare", code: errno) }
        try ip("link", "set", "lo", "up")
    }
}
