import Glibc

/// How many requests have been taken from clients' rings. Only touched from the loop's thread.
nonisolated(unsafe) private var requestsTaken: UInt64 = 0

/// What a program asked for right before it ended is still done.
///
/// libqb drops a connection as soon as it sees the hang-up, with all requests that are still in its ring: a message that
/// `cpg_mcast_joined` took with `CS_OK` is lost when its sender ends before the daemon has looked. Therefore the hang-up
/// is held back as long as requests come out of the ring.
enum LastRequests {
    static func noteTaken() { requestsTaken &+= 1 }

    /// Hands the events of a descriptor to libqb, requests before the hang-up.
    ///
    /// - Returns: what the callback returned.
    static func handOver(_ descriptor: Int32, _ events: Int32, to callback: (Int32, Int32) -> Int32) -> Int32 {
        guard events & Int32(POLLHUP) != 0, hasBytes(descriptor) else { return callback(descriptor, events) }
        let before = requestsTaken
        let result = callback(descriptor, events & ~Int32(POLLHUP) | Int32(POLLIN))
        // Whatever it did otherwise than leave the connection as it was, the loop comes back for the rest: the hang-up
        // stays. Bytes without a request, or a client whose requests are not taken now, end it.
        guard result == 0, requestsTaken == before else { return result }
        return callback(descriptor, events)
    }

    /// Whether the client sent bytes that nobody has read: one goes with each request in shared memory.
    private static func hasBytes(_ descriptor: Int32) -> Bool {
        clearError(of: descriptor)
        var byte: UInt8 = 0
        // One byte into one byte, left where it is.
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) > 0
    }

    /// A client that ends with events unread leaves an error at the socket, which would be read before its bytes.
    private static func clearError(of descriptor: Int32) {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        _ = getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
    }
}
