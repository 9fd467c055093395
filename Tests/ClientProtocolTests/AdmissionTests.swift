import ClientProtocol
import ClusterMap
import Testing

/// Who may connect, and which requests are taken when (spec: ipc.md 2.3, 2.5, 2.6).
@Suite struct AdmissionTests {
    private func decide(
        _ user: UInt32, _ group: UInt32, synchronized: Bool = true, running: Bool = true, low: Bool = false,
        _ keys: [String: MapValue] = [:]
    ) throws -> AccessDecision {
        var map = ClusterMap()
        for (name, value) in keys { try map.set(name, value) }
        return AccessPolicy.decide(
            user: user, group: group, isSynchronized: synchronized, isServiceRunning: running,
            isLowOnDescriptors: low, map: map)
    }

    @Test func theFirstReasonCounts() throws {
        #expect(try decide(0, 0, synchronized: false, running: false, low: true) == .notYet)
        #expect(try decide(0, 0, running: false, low: true) == .serviceGone)
        #expect(try decide(0, 0, low: true) == .lowOnDescriptors)
        #expect(try decide(0, 5) == .accept)
        #expect(try decide(5, 0) == .accept)
        #expect(try decide(5, 5) == .denied)
    }

    @Test(arguments: ["uidgid.uid.7", "uidgid.config.uid.7", "uidgid.gid.9", "uidgid.config.gid.9"])
    func anyOfFourKeysOpensTheDoor(key: String) throws {
        #expect(try decide(7, 9, [key: .u8(1)]) == .accept)
        #expect(try decide(9, 7, [key: .u8(1)]) == .denied)
        #expect(try decide(7, 9, [key: .u8(0)]) == .denied)
        #expect(try decide(7, 9, [key: .u32(1)]) == .denied)
    }

    @Test func descriptorsAreLowUntilThereAreClearlyEnough() {
        var budget = DescriptorBudget()
        #expect(budget.update(limit: 100, used: 48) == nil)
        #expect(budget.update(limit: 100, used: 49) == 1)
        #expect(budget.isLow)
        #expect(budget.update(limit: 100, used: 48) == nil)
        #expect(budget.isLow)
        #expect(budget.update(limit: 100, used: 47) == 3)
        #expect(!budget.isLow)
    }

    @Test func aFewDescriptorsAreForRefusalsAndTheLastForTheDaemon() {
        let budget = DescriptorBudget()
        #expect(budget.allowsRefusals(limit: 100, used: 74))
        #expect(!budget.allowsRefusals(limit: 100, used: 75))
        #expect(!budget.allowsRefusals(limit: 10, used: 20))
    }

    private func admit(
        _ service: LocalService, _ id: UInt32, size: Int = 400, room: Bool = true, synchronizing: Bool = false
    ) -> Admission {
        Admission.decide(
            service: service, id: id, size: size, bufferSize: 1_048_576, hasRoom: room,
            isSynchronizing: synchronizing)
    }

    @Test func onlyRequestsThatNeedTheRingWaitForIt() {
        for service in LocalService.allCases {
            for id in 0..<service.requestCount {
                let waits = service.isFlowControlled(id)
                #expect(admit(service, id) == .run)
                #expect(admit(service, id, room: false) == (waits ? .overload : .run))
                #expect(admit(service, id, synchronizing: true) == (waits ? .overload : .run))
            }
            for id in [service.requestCount, 99, 65536, .max] { #expect(admit(service, id) == .invalid) }
        }
        #expect((0..<13).filter { LocalService.cpg.isFlowControlled($0) } == [0, 1, 2, 8, 9, 10, 11, 12])
        #expect((0..<12).filter { LocalService.cfg.isFlowControlled($0) } == [1, 2, 3, 4, 7, 10, 11])
    }

    @Test(arguments: [0, 15, -5, 5_000_000, 1_048_577]) func impossibleSizesAreInvalid(size: Int) {
        #expect(admit(.cmap, 2, size: size) == .invalid)
    }

    @Test func onlyTheMulticastHasNoResponse() {
        for service in LocalService.allCases {
            for id in 0..<service.requestCount {
                #expect(service.isAnswered(id) == !(service == .cpg && id == 2))
            }
        }
    }

    @Test func theQueueLevelHasHysteresis() {
        func level(_ level: QueueLevel, used: Int) -> QueueLevel {
            level.updated(free: 1000 - used * 10 + 1, reserved: 0, capacity: 1000, largestMessage: 10)
        }
        #expect(level(.good, used: 29) == .low)
        #expect(level(.low, used: 30) == .low)
        #expect(level(.low, used: 40) == .low)
        #expect(level(.low, used: 41) == .good)
        #expect(level(.good, used: 55) == .good)
        #expect(level(.high, used: 55) == .high)
        #expect(level(.good, used: 61) == .high)
        #expect(level(.high, used: 74) == .high)
        #expect(level(.high, used: 75) == .critical)
        #expect(level(.critical, used: 74) == .critical)
        #expect(level(.critical, used: 69) == .high)
        #expect(level(.critical, used: 10) == .low)
    }

    /// Near three quarters a message of 1 MB did not fit and was lost without anybody knowing.
    @Test func noRoomForTheLargestMessageIsCriticalWhateverTheShare() {
        #expect(QueueLevel.low.updated(free: 740, reserved: 1, capacity: 2974, largestMessage: 744) == .critical)
        #expect(QueueLevel.low.updated(free: 100, reserved: 1, capacity: 100, largestMessage: 744) == .critical)
    }

    @Test func ratesFollowQueueAndSynchronization() {
        #expect(RequestRate(for: .cpg, level: .low, isSynchronizing: false) == .fast)
        #expect(RequestRate(for: .cpg, level: .good, isSynchronizing: false) == .normal)
        #expect(RequestRate(for: .cpg, level: .high, isSynchronizing: false) == .slow)
        #expect(RequestRate(for: .cpg, level: .critical, isSynchronizing: false) == .offForMulticast)
        #expect(RequestRate(for: .cmap, level: .low, isSynchronizing: true) == .offForMulticast)
        #expect(RequestRate(for: .votequorum, level: .low, isSynchronizing: true) == .fast)
        #expect(RequestRate(for: .votequorum, level: .critical, isSynchronizing: true) == .offForMulticast)
    }
}
