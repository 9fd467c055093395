import ClusterMap
import RondoKit
import Testing

@Suite struct ErrorTests {
    @Test("An error says what was asked, the answer by its name, what it means and what to do")
    func description() {
        let error = ClusterError(.access, operation: "join group 'accounts'")
        #expect(
            error.description
                == "join group 'accounts': CS_ERR_ACCESS (11): not allowed: the user may not use the daemon, or the key is "
                + "read-only; run as root, or allow the user in a file of /etc/corosync/uidgid.d; set read-only keys in "
                + "corosync.conf")
        let late = ClusterError(.tryAgain, operation: "send", detail: "still so after 2 seconds")
        #expect(late.description.contains("(still so after 2 seconds)"))
    }

    @Test("Every code of the library has a name, a meaning and a remedy of its own")
    func codes() {
        let numbers = (2...28).map(UInt32.init) + [30, 100]
        #expect(ClusterError.Code.all.map(\.rawValue) == numbers)
        #expect(Set(ClusterError.Code.all.map(\.name)).count == numbers.count)
        #expect(Set(ClusterError.Code.all.map(\.meaning)).count == numbers.count)
        #expect(numbers == ClientError.allCases.map(\.rawValue))
    }

    @Test("A code of a later engine is kept")
    func unknownCode() {
        #expect(ClusterError.Code(rawValue: 77).name == "CS_ERR_77")
    }

    @Test("A name that is none is refused before anybody is asked")
    func names() async {
        for name in [GroupName(""), GroupName(String(repeating: "x", count: 129))] {
            let error = await #expect(throws: ClusterError.self) { _ = try await ProcessGroup.join(name) }
            #expect(error?.code == .nameTooLong)
        }
    }
}
