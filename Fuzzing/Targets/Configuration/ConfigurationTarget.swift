import Basics
import ClusterConfiguration
import ClusterEngine

/// A configuration as a daemon and the tools read it. Behind a NUL a second one follows, to which the node reloads.
enum ConfigurationTarget {
    static func run(_ input: [UInt8]) throws(Finding) {
        guard let flags = input.first else { return }
        let texts = input.dropFirst().split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        guard let first = texts.first else { return }
        let lists = texts.count > 2 ? [(file: "uidgid.d/list", text: Array(texts[2]))] : []
        guard let running = try read(Array(first), lists, flags) else { return }
        guard texts.count > 1, flags & 1 != 0 else { return }
        try reload(running, to: Array(texts[1]), flags)
    }

    private static func read(
        _ text: [UInt8], _ lists: [(file: String, text: [UInt8])], _ flags: UInt8
    ) throws(Finding) -> ClusterConfiguration? {
        do throws(ConfigurationError) {
            let document = try ConfigurationDocument(text, file: "corosync.conf", userLists: lists)
            _ = SystemSettings(document)
            _ = document.advice
            do throws(ConfigurationError) { _ = try LoggingSettings(document) } catch { _ = error.description }
            let report = try TimingReport(document, nodes: flags & 2 == 0 ? nil : UInt32(flags) * 3)
            _ = report.failures.map { "\($0.longest.millisecondsText) \($0.latestStart(of: $0.steps.count))" }
            _ = report.heartbeat.beatsPerTokenTimeout + report.heartbeat.beatsPerSecondInTenths
            _ = document.deprecations
            do throws(ConfigurationError) {
                _ = StartCheck(try ClusterConfiguration.elsewhere(document)).error?.description
            } catch {
                _ = error.description
            }
            return try ClusterConfiguration(document, host: host(flags), names: names)
        } catch {
            try require(!error.message.isEmpty && !error.description.isEmpty, "an error without words")
            return nil
        }
    }

    /// What the daemon does at start and when it is told to read its file again.
    private static func reload(_ running: ClusterConfiguration, to text: [UInt8], _ flags: UInt8) throws(Finding) {
        var now = Instant(nanoseconds: 1_000_000_000)
        var engine = ClusterEngine(configuration: EngineConfiguration(running), storedRingSequence: 0)
        do { try engine.start(now: now) } catch { return }
        turn(&engine, &now)
        guard var document = try? ConfigurationDocument(text, file: "corosync.conf") else {
            engine.reloadFailed(now: now)
            return turn(&engine, &now)
        }
        _ = document.keepUnchangeable(of: running.document)
        do throws(ConfigurationError) {
            let new = try ClusterConfiguration(document, host: host(flags), names: names)
            engine.reconfigure(EngineConfiguration(new), now: now)
        } catch {
            _ = error.description
            engine.reloadFailed(now: now)
        }
        turn(&engine, &now)
    }

    /// Some turns of a shell whose network loses everything.
    private static func turn(_ engine: inout ClusterEngine, _ now: inout Instant) {
        for _ in 0..<8 {
            while let step = engine.nextStep(now: now) {
                switch step {
                case .store: break
                case .send:
                    while engine.nextDatagram() != nil {}
                    engine.withLinks { links in while links.nextOutgoing() != nil {} }
                case .carryOut: while engine.nextDirective() != nil {}
                }
            }
            now = max(now, engine.nextDeadline ?? now)
            engine.advance(to: now)
        }
    }

    private static func host(_ flags: UInt8) -> HostFacts {
        let isV6 = flags & 4 != 0
        let number = UInt32(flags >> 4) & 3
        var interfaces = [
            InterfaceAddress(
                interface: "lo", address: .v4(0x7F00_0001), netmask: .v4(0xFF00_0000), isUp: true, index: 1),
            InterfaceAddress(
                interface: "eth0", address: .v4(0x0A4D_0001 + number), netmask: .v4(0xFFFF_FF00), isUp: true, index: 2),
            InterfaceAddress(
                interface: "eth1", address: .v4(0x0A4E_0001 + number), netmask: .v4(0xFFFF_FF00), isUp: flags & 8 == 0,
                index: 3),
        ]
        if isV6, let address = IPAddress("fd00::\(1 + number)"), let mask = IPAddress("ffff:ffff:ffff:ffff::") {
            interfaces.append(
                InterfaceAddress(interface: "eth0", address: address, netmask: mask, isUp: true, index: 2))
        }
        return HostFacts(hostName: "node\(1 + number)", interfaces: interfaces)
    }

    private static let names = NameTable(
        addresses: [
            "node1": [.v4(0x0A4D_0001)], "node2": [.v4(0x0A4D_0002)], "node3": [.v4(0x0A4D_0003)],
            "node1.example.org": [.v4(0x0A4D_0001), .v4(0x0A4E_0001)],
        ],
        names: [.v4(0x0A4D_0001): "node1"])
}
