import ClientProtocol
import ClusterMap
import LocalClient

extension LocalConnection {
    /// Sends a request and reads its response.
    @discardableResult
    func ask(_ request: some ClientRequest, _ operation: String) throws(ClusterError) -> Answer {
        let answer: Answer
        do {
            answer = try self.request(request)
        } catch {
            throw ClusterError(error, operation: operation)
        }
        try ClusterError.check(answer, operation)
        return answer
    }

    /// Sends a request, and reads what its response holds.
    func ask<Result>(
        _ request: some ClientRequest, _ operation: String, _ read: (Answer) throws -> Result
    ) throws(ClusterError) -> Result {
        let answer = try ask(request, operation)
        do {
            return try read(answer)
        } catch {
            throw ClusterError(.messageError, operation: operation, detail: "\(error)")
        }
    }
}

extension ClusterError {
    init(_ error: LocalClientError, operation: String) {
        self.init(Code(rawValue: error.code.rawValue), operation: operation, detail: error.detail)
    }

    /// Throws unless the daemon said CS_OK.
    static func check(_ answer: Answer, _ operation: @autoclosure () -> String) throws(ClusterError) {
        guard answer.error == ClientError.success else {
            throw ClusterError(Code(rawValue: answer.error), operation: operation())
        }
    }
}
