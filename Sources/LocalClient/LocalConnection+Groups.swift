import ClientProtocol
import ClusterMap
import Glibc

/// What libcpg does beyond sending one request.
extension LocalConnection {
    /// For so long a piece of a message is offered again that cannot be taken.
    private static let mostTries = 100
    private static let pause: useconds_t = 10_000
    /// Between two requests while an earlier one is under way.
    private static let shortPause: useconds_t = 1_000

    /// Sends a message to the group that was joined: in one piece, or in several of which each is answered (spec: ipc.md 6.4).
    ///
    /// - Returns: what the daemon says of the pieces: the number of a `ClientError`, or `ClientError.success`. Where it is no
    ///   success no member gets the message.
    /// - Throws: `tryAgain` while messages are held back: no member gets it then either. `library` when the daemon has gone:
    ///   then some may, or none.
    public func multicast(_ message: [UInt8]) throws(LocalClientError) -> UInt32 {
        guard message.count > CpgRequest.longestMulticast else {
            try send(CpgRequest.multicast(payload: message))
            return ClientError.success
        }
        for piece in CpgRequest.fragments(of: message) {
            let answer = try insist(on: piece)
            guard answer.error == ClientError.success else { return answer.error }
        }
        return ClientError.success
    }

    private func insist(on piece: CpgRequest) throws(LocalClientError) -> Answer {
        var tries = 0
        while true {
            do throws(LocalClientError) {
                return try request(piece)
            } catch {
                guard error.code == .tryAgain, tries < Self.mostTries else { throw error }
                tries += 1
                usleep(Self.pause)
            }
        }
    }

    /// Asks again while the daemon is busy with an earlier join of this connection, as libcpg does to join and to leave.
    public func requestWhenFree(_ request: CpgRequest) throws(LocalClientError) -> Answer {
        while true {
            let answer = try self.request(request)
            guard answer.error == ClientError.busy.rawValue else { return answer }
            usleep(Self.shortPause)
        }
    }
}
