import Testing

@testable import RondoKit

@Suite struct MailboxTests {
    @Test("What came before a failure is taken before it, and the failure once")
    func failure() throws {
        let mailbox = Mailbox<Int>()
        mailbox.put(1)
        mailbox.put(2)
        mailbox.end(ClusterError(.library, operation: "receive"))
        mailbox.put(3)
        #expect(try taken(mailbox) == 1)
        #expect(try taken(mailbox) == 2)
        #expect(throws: ClusterError(.library, operation: "receive")) { try taken(mailbox) }
        #expect(try taken(mailbox) == nil)
    }

    @Test("Closing throws away what is left")
    func discarding() throws {
        let mailbox = Mailbox<Int>()
        mailbox.put(1)
        mailbox.end(discarding: true)
        #expect(try taken(mailbox) == nil)
    }

    @Test("The load is what waits, and nothing once all is taken")
    func load() throws {
        let mailbox = Mailbox<Int>()
        #expect(!mailbox.isReady)
        mailbox.put(1, weight: 100)
        mailbox.put(2, weight: 50)
        #expect(mailbox.load == (150, 2))
        #expect(mailbox.isReady)
        _ = try taken(mailbox)
        _ = try taken(mailbox)
        #expect(mailbox.load == (0, 0))
    }

    /// nil for the end.
    @discardableResult
    private func taken(_ mailbox: Mailbox<Int>) throws -> Int? {
        switch try mailbox.take() {
        case .event(let event): return event
        case .nothing, .ended: return nil
        }
    }
}
