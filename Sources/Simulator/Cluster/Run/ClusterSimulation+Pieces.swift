import ClientProtocol

/// Messages too long for one request, as cpg_mcast_joined sends them: piece after piece, each when the one before has
/// been answered (spec: ipc.md 6.4).
extension ClusterSimulation {
    /// Bytes of a message that one request carries at most.
    private static let longestPiece = 1_047_552

    mutating func multicastInPieces(_ program: Int, _ connection: Int) {
        let rest = scenario.budgetInPieces - spentInPieces
        guard rest > Self.longestPiece else { return }
        let size = programs[program].chance.between(Self.longestPiece + 1, min(rest, 4 * Self.longestPiece + 1))
        spentInPieces += size
        let body = checker.multicasts(connection, size: size, inPieces: true)
        var pieces: [[UInt8]] = []
        var start = 0
        while start < body.count {
            let end = min(start + Self.longestPiece, body.count)
            let position: UInt32 = start == 0 ? 1 : end == body.count ? 3 : 2
            pieces.append(LibraryRequests.fragment(body[start..<end], of: body.count, position: position))
            start = end
        }
        programs[program].pieces = pieces.reversed()
        sendPiece(program)
    }

    /// A library waits ten milliseconds, a hundred times at most, while the daemon takes nothing.
    mutating func sendPiece(_ program: Int) {
        guard !programs[program].pieces.isEmpty, programs[program].connection != nil else { return }
        guard nodes[programs[program].plan.node].takesRequests(.cpg) else {
            programs[program].attempts += 1
            guard programs[program].attempts < 100 else { return giveUp(program) }
            programs[program].question = .piece
            return queue.plan(.piece(program: Int32(clamping: program)), at: now + 10_000_000)
        }
        programs[program].attempts = 0
        ask(program, .piece, programs[program].pieces.removeLast())
    }

    /// The next attempt, unless the program has ended meanwhile.
    mutating func sendPieceAgain(_ program: Int) {
        guard programs[program].question == .piece, programs[program].attempts > 0 else { return }
        programs[program].question = nil
        sendPiece(program)
    }

    mutating func pieceAnswered(_ program: Int, _ connection: Int, _ message: LibraryMessage) {
        guard message.isSuccess else { return giveUp(program) }
        if programs[program].pieces.isEmpty { return checker.completed(connection) }
        sendPiece(program)
    }

    /// The message remains half sent; nobody is told of it.
    private mutating func giveUp(_ program: Int) {
        programs[program].pieces = []
        programs[program].attempts = 0
        programs[program].question = nil
    }
}
