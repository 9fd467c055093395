import ClusterLab
import Glibc
import Testing

/// Everything that runs whole daemons in the laboratory. One test at a time: the machine's processors are for the ring
/// under test.
@Suite(.serialized, .laboratory)
enum Interoperability {}

extension Trait where Self == ConditionTrait {
    /// Runs where the laboratory can; elsewhere the test is skipped with the reason, or fails where it is mandatory.
    static var laboratory: Self {
        .enabled(if: Requirements.testsRun, Comment(rawValue: Requirements.explanation))
    }
}

/// Which engine runs on which node.
struct Mixture: CustomTestStringConvertible, Sendable {
    let engines: [Engine]

    init(_ engines: Engine...) { self.engines = engines }

    init(_ engines: [Engine]) { self.engines = engines }

    var testDescription: String { engines.map(\.description).joined(separator: " + ") }

    /// Real Corosync alone: shows that the laboratory itself is sound.
    static let corosyncAlone = Mixture(.corosync, .corosync, .corosync)
    static let rondoAlone = Mixture(.rondo, .rondo, .rondo)
    /// The representative is Corosync, and once each engine is in the majority.
    static let mixed = [
        Mixture(.corosync, .corosync, .rondo), Mixture(.corosync, .rondo, .rondo),
    ]
    static let all = [corosyncAlone] + mixed + [rondoAlone]

    /// Ends the test as skipped when an engine is not on this machine, or fails it where all must be.
    func requireEngines() throws {
        guard let absence = try absence else { return }
        try Test.cancel(Comment(rawValue: absence))
    }

    /// Why the mixture cannot be tried here, said aloud; nil when it can. Throws where everything must be there.
    var absence: String? {
        get throws {
            guard let engine = Engine.allCases.first(where: { engines.contains($0) && !$0.isAvailable }) else {
                return nil
            }
            if Requirements.areMandatory { throw LabError.machineNotReady([engine.absence]) }
            print("skipped: \(testDescription): \(engine.absence)")
            return engine.absence
        }
    }
}

extension RingConfiguration {
    /// Three nodes with token 1650 ms, consensus 1980 ms: quick, and still the arithmetic of a real ring.
    static let quick = RingConfiguration(totem: [("token", "1000")])

    /// The same with votes: two of three nodes are quorate.
    static var quorate: RingConfiguration {
        var configuration = quick
        configuration.quorum = true
        return configuration
    }
}

// How tests begin: a ring, several rings side by side, or a laboratory in which nothing runs yet. Where an engine is not on
// this machine the test is skipped, or fails where it must not be.

extension Mixture {
    /// A laboratory whose nodes are one ring of the engines of the mixture.
    ///
    /// - Parameters:
    ///   - ids: Node ids; 1, 2, … by default.
    ///   - machines: How many machines, where there are to be more than nodes: those that no node list names.
    ///   - prepare: What is done to the machines before the engines start.
    func ring(
        _ configuration: RingConfiguration = .quick, ids: [UInt32]? = nil, machines: Int? = nil,
        prepare: (Laboratory) throws -> Void = { _ in }
    ) throws -> Laboratory {
        let lab = try laboratory(configuration, ids: ids, machines: machines)
        try prepare(lab)
        try lab.start(engines)
        try lab.awaitRing(within: lab.startLimit)
        return lab
    }

    /// A laboratory whose nodes have the configuration, for tests that start the engines in a way of their own.
    ///
    /// - Parameters: As of `ring`.
    func laboratory(
        _ configuration: RingConfiguration = .quick, ids: [UInt32]? = nil, machines: Int? = nil
    ) throws -> Laboratory {
        try requireEngines()
        let lab = try Laboratory(nodes: machines ?? engines.count, ids: ids, links: configuration.links)
        try lab.configure(configuration, listed: engines.count)
        return lab
    }
}

extension [Mixture] {
    /// Those whose engines are on this machine; of the others it is said aloud.
    var available: [Mixture] {
        get throws { try filter { try $0.absence == nil } }
    }

    /// A ring of each mixture, side by side.
    func rings(_ configuration: RingConfiguration = .quick) throws -> [Laboratory] { try rings([configuration]) }

    /// A ring of each mixture with each configuration, side by side: all of the first mixture come first.
    func rings(_ configurations: [RingConfiguration]) throws -> [Laboratory] {
        let labs = try flatMap { mixture in
            try configurations.map { configuration in
                let lab = try mixture.laboratory(configuration)
                try lab.start(mixture.engines)
                return lab
            }
        }
        for lab in labs { try lab.awaitRing(within: lab.startLimit) }
        return labs
    }
}

extension Laboratory {
    /// Start-up, the first rings of one, and their meeting.
    var startLimit: Duration { .seconds(8) + timings.afterDeath }
}

/// The room a busy machine gets on top of a computed time.
let margin: Duration = .seconds(3)

/// Asks two clusters again until their answers are equal or time is up: both may be on the way to the same state.
///
/// - Returns: the last answers.
func agreed<Answer: Equatable>(_ limit: Duration = margin, _ ask: () throws -> [Answer]) throws -> [Answer] {
    let deadline = ContinuousClock.now + limit
    while true {
        let answers = try ask()
        if answers.allSatisfy({ $0 == answers[0] }) || ContinuousClock.now >= deadline { return answers }
        usleep(20_000)
    }
}

extension [Laboratory] {
    /// Ends them together: the kernel takes its time with every machine.
    func close() {
        for lab in self { lab.release() }
        for lab in self { lab.close() }
    }

    /// Lets time pass, watching that no daemon ends.
    func rest(_ time: Duration) throws {
        let end = ContinuousClock.now + time
        for lab in self {
            try lab.wait(for: "time to pass", within: time + margin) { ContinuousClock.now >= end }
        }
    }
}

extension Laboratory {
    /// Waits for the ring without a node that has just died, which must be there before its token could count as lost.
    ///
    /// - Parameters:
    ///   - since: when the others could first know.
    ///   - title: what happened, for the summary.
    func awaitPromptRing(after marks: [Int], since: WallTime, _ title: String) throws {
        let took = try awaitRing(after: marks, within: timings.afterDeath + margin).millisecondsSince(since)
        // From the ring's last token it would be at least token less hold, and a consensus timeout.
        #expect(Double(took) < timings.token / 2, "\(title): \(took) ms")
        Summary.add("\(title): new ring after \(took) ms (by timeouts \(timings.afterDeath.milliseconds) at most)")
    }
}
