import ClusterLab
import Foundation

/// Process groups under load.
extension Scenario {
    /// Every size, from one node and from all.
    func groups(
        _ engine: Engine, _ network: BenchNetwork, _ seconds: Int, _ loads: [Load]
    ) throws -> [Figure: Double] {
        let lab = try ring(engine, network, [])
        defer { lab.close() }
        var figures: [Figure: Double] = [:]
        for load in loads {
            let roles: [LoadProgram.Role] = (1...3).map { $0 <= load.senders ? .send : .receive }
            let members = try LoadProgram.compiled.get().start(roles, group: load.name, size: load.size, in: lab)
            // Send buffers and the pace of the flow control settle.
            usleep(300_000)
            let before = try members.map { try $0.progress() }
            let (_, elapsed, processor) = try observe(lab, seconds)
            let after = try members.map { try $0.progress() }
            let count = zip(after, before).map { Double($0.received - $1.received) }.reduce(0, +) / 3
            let bytes = zip(after, before).map { Double($0.bytes - $1.bytes) }.reduce(0, +) / 3
            guard count > 0 else {
                let said = members.map(\.tool.output).joined()
                throw LabError.unreadable("\(engine), \(load.title): nothing was delivered\n\(said)\(lab.report())")
            }
            figures[.groupRate(load)] = count / elapsed
            figures[.groupThroughput(load)] = bytes / elapsed / 1e6
            figures[.groupProcessor(load)] = processor / count * 1e6
        }
        return figures
    }

    /// A few messages in an otherwise quiet ring.
    func latency(_ engine: Engine, _ network: BenchNetwork, _ seconds: Int) throws -> [Figure: Double] {
        let lab = try ring(engine, network, [])
        defer { lab.close() }
        let members = try LoadProgram.compiled.get().start(
            [.pace, .receive, .receive], group: "latency", size: 64, in: lab)
        usleep(500_000)
        let before = try members.map { try $0.progress().received }
        usleep(UInt32(seconds) * 1_000_000)
        let after = try members.map { try $0.progress().received }
        var figures: [Figure: Double] = [:]
        for (member, isElsewhere) in [(0, false), (1, true)] {
            let samples = try members[member].latencies(before[member]..<after[member])
            guard samples.count >= 100 else {
                throw LabError.unreadable("\(engine): only \(samples.count) deliveries\n\(lab.report())")
            }
            for percentile in [50, 99] {
                figures[.latency(percentile, isElsewhere: isElsewhere)] = samples[samples.count * percentile / 100]
            }
        }
        return figures
    }
}
