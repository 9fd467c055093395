import Basics
import ClientProtocol
import ClusterMap
import Testing
import TotemWire

/// The vote on a shutdown (spec: ipc.md 7.2).
@Suite struct ShutdownTests {
    typealias Service = ConfigurationService

    private static let caller: UInt64 = 1
    private static let request: UInt32 = 0
    private static let regardless: UInt32 = 1
    private static let immediate: UInt32 = 2

    private func service(trackers: [UInt64]) -> Service {
        var service = Service()
        for tracker in trackers {
            let answer = service.ask(Service.number(10, 0), by: tracker)
            #expect((answer?.id, answer?.error) == (2, 1))
        }
        return service
    }

    /// What each connection got since last time: `event FLAGS` or `ERROR`.
    private func received(_ service: inout Service) -> [String] {
        service.frontend.takeMessages().map { message in
            let fields = ResponseFields(bytes: message.bytes)
            switch message.channel {
            case .event:
                #expect((fields.id, fields.size, fields.error) == (10, 32, 1))
                return "\(message.connection.rawValue): event \(fields.u32(24))"
            case .response:
                #expect((fields.id, fields.size) == (9, 24))
                return "\(message.connection.rawValue): \(fields.error)"
            }
        }
    }

    private func vote(_ service: inout Service, _ voter: UInt64, _ response: UInt32) -> UInt32? {
        service.ask(Service.number(4, response), by: voter)?.error
    }

    @Test func withoutTrackersItHappensAtOnce() {
        var service = service(trackers: [Self.caller])
        #expect(service.ask(Service.number(3, Self.request), by: Self.caller)?.error == 1)
        #expect(service.frontend.takeActions() == [.shutDown])
        #expect(service.ask(Service.number(3, Self.request), by: 2)?.error == 14)
        service.frontend.connectionClosed(ConnectionID(Self.caller))
        #expect(service.ask(Service.number(3, Self.request), by: 2)?.error == 1)
    }

    @Test func immediateAsksNobody() {
        var service = service(trackers: [2])
        #expect(service.ask(Service.number(3, Self.immediate), by: Self.caller)?.error == 1)
        #expect(service.frontend.takeActions() == [.shutDown])
        #expect(received(&service).isEmpty)
    }

    @Test func everybodyIsAskedAndAllMustAgree() {
        var service = service(trackers: [2, Self.caller, 3])
        #expect(service.ask(Service.number(3, Self.request), by: Self.caller) == nil)
        #expect(received(&service) == ["2: event 0", "3: event 0"])
        #expect(vote(&service, 2, 1) == 1)
        #expect(received(&service).isEmpty)
        #expect(service.frontend.takeActions().isEmpty)
        #expect(vote(&service, 3, 1) == 1)
        #expect(received(&service) == ["1: 1"])
        #expect(service.frontend.takeActions() == [.shutDown])
        #expect(service.frontend.nextDeadline == nil)
    }

    @Test func trackersSeeFlagsWithoutANameAsTheyAre() {
        var service = service(trackers: [2])
        #expect(service.ask(Service.number(3, 7), by: Self.caller) == nil)
        #expect(received(&service) == ["2: event 7"])
        _ = vote(&service, 2, 0)
        #expect(received(&service) == ["1: 10"])
    }

    @Test func oneRefusalPreventsIt() {
        var service = service(trackers: [2, 3])
        _ = service.ask(Service.number(3, Self.request), by: Self.caller)
        _ = received(&service)
        _ = vote(&service, 2, 0)
        _ = vote(&service, 3, 1)
        #expect(received(&service) == ["1: 10"])
        #expect(service.frontend.takeActions().isEmpty)
        #expect(service.ask(Service.number(3, Self.request), by: Self.caller) == nil)
    }

    @Test func regardlessHappensAgainstARefusal() {
        var service = service(trackers: [2])
        _ = service.ask(Service.number(3, Self.regardless), by: Self.caller)
        #expect(received(&service) == ["2: event 1"])
        _ = vote(&service, 2, 0)
        #expect(received(&service) == ["1: 1"])
        #expect(service.frontend.takeActions() == [.shutDown])
    }

    @Test func silenceIsARefusalAfterTheTimeout() {
        var service = service(trackers: [2])
        _ = service.ask(Service.number(3, Self.request), by: Self.caller)
        _ = received(&service)
        #expect(service.frontend.nextDeadline == Instant(nanoseconds: 5_000_000_000))
        service.frontend.advance(now: Instant(nanoseconds: 4_999_999_999))
        #expect(received(&service).isEmpty)
        service.frontend.advance(now: Instant(nanoseconds: 5_000_000_000))
        #expect(received(&service) == ["1: 10"])
        #expect(service.frontend.nextDeadline == nil)
    }

    @Test func theTimeoutIsConfigured() throws {
        var service = service(trackers: [2])
        try service.map.set("cfg.shutdown_timeout", .u32(200))
        _ = service.ask(Service.number(3, Self.request), by: Self.caller)
        #expect(service.frontend.nextDeadline == Instant(nanoseconds: 200_000_000))
    }

    @Test func whoLeavesAgrees() {
        var service = service(trackers: [2, 3])
        _ = service.ask(Service.number(3, Self.request), by: Self.caller)
        _ = received(&service)
        _ = vote(&service, 2, 0)
        service.frontend.connectionClosed(ConnectionID(2))
        #expect(service.ask(Service.simple(11), by: 3)?.id == 3)
        #expect(received(&service) == ["1: 1"])
        #expect(service.frontend.takeActions() == [.shutDown])
    }

    @Test func whoComesDuringTheVoteIsAskedToo() {
        var service = service(trackers: [2])
        _ = service.ask(Service.number(3, Self.request), by: Self.caller)
        _ = received(&service)
        _ = service.ask(Service.number(10, 0), by: 3)
        _ = service.ask(Service.number(10, 0), by: 3)
        #expect(received(&service) == ["3: event 0"])
        _ = vote(&service, 2, 1)
        #expect(received(&service).isEmpty)
        _ = vote(&service, 3, 1)
        #expect(received(&service) == ["1: 1"])
    }

    /// Corosync counted them both.
    @Test func nobodyVotesTwice() {
        var service = service(trackers: [2, 3])
        _ = service.ask(Service.number(3, Self.request), by: Self.caller)
        _ = received(&service)
        _ = vote(&service, 2, 1)
        _ = vote(&service, 2, 1)
        #expect(received(&service).isEmpty)
        #expect(service.frontend.takeActions().isEmpty)
    }

    @Test func aVoteWithoutSessionOrRightIsRefused() {
        var service = service(trackers: [2])
        #expect(vote(&service, 2, 1) == 11)
        _ = service.ask(Service.number(3, Self.request), by: Self.caller)
        _ = received(&service)
        #expect(vote(&service, 9, 1) == 11)
        #expect(received(&service).isEmpty)
    }

    @Test func theCallersEndEndsTheVote() {
        var service = service(trackers: [2])
        _ = service.ask(Service.number(3, Self.request), by: Self.caller)
        _ = received(&service)
        service.frontend.connectionClosed(ConnectionID(Self.caller))
        #expect(service.frontend.nextDeadline == nil)
        #expect(vote(&service, 2, 1) == 11)
        #expect(service.frontend.takeActions().isEmpty)
    }

    @Test func thereIsOneVoteAtATime() {
        var service = service(trackers: [2])
        _ = service.ask(Service.number(3, Self.request), by: Self.caller)
        #expect(service.ask(Service.number(3, Self.request), by: 3)?.error == 14)
    }

    /// spec: ipc.md 14.
    @Test func theCapturedQuestionIsSentByteForByte() {
        var service = service(trackers: [2])
        _ = service.ask(Service.number(3, Self.regardless), by: Self.caller)
        let expected = hex(
            """
            0000: 0a 00 00 00 00 00 00 00  20 00 00 00 00 00 00 00
            0010: 01 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00
            """)
        #expect(service.frontend.takeMessages().map(\.bytes) == [expected])
    }
}
