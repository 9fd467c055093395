import ClusterLab
import Testing

extension Interoperability {
    /// Programs on RondoKit cannot tell the engines apart.
    @Suite struct RondoKitTests {
        private static let exercises = ["map", "groups", "slow", "endings", "quorum", "cluster", "shutdown"]

        @Test("Every part of the library does the same on both engines")
        func transcripts() throws {
            let engines = Engine.allCases
            let labs = try engines.map { Mixture($0, $0, $0) }.rings(.quorate)
            defer { labs.close() }
            for exercise in Self.exercises {
                let transcripts = try labs.map { lab in
                    // Node 3 is the one that ends.
                    try lab.node(exercise == "shutdown" ? 3 : 1).run(
                        words: [Checkout.root + "/.build/debug/rondokit-probe", exercise], within: .seconds(30))
                }
                for (engine, transcript) in zip(engines, transcripts) {
                    let name = Comment(rawValue: "\(exercise) on \(engine): \(transcript.output)\(transcript.errors)")
                    #expect(transcript.status == .exited(0), name)
                    #expect(transcript.output.contains("every descriptor is closed"), name)
                    #expect(!transcript.output.contains("failed: "), name)
                    for doubt in ["not as set", "out of order", "no message", "left false", "gone: false"] {
                        #expect(!transcript.output.contains(doubt), name)
                    }
                }
                let lines = transcripts.map { $0.output.split(separator: "\n") }
                #expect(lines[1] == lines[0], Comment(rawValue: exercise))
            }
            for lab in labs { #expect(try lab.node(3).awaitEnd(within: .seconds(10)) == .exited(0)) }
        }

        @Test("A tool that follows a daemon which is killed ends, and nothing is left of its connections")
        func killed() throws {
            let tool = Checkout.root + "/.build/debug/rondo-tools"
            let engines = Engine.allCases
            let labs = try engines.map { Mixture($0, $0, $0) }.rings(.quorate)
            defer { labs.close() }
            for (engine, lab) in zip(engines, labs) {
                let watch = try lab.node(1).launch([tool, "map", "-T", "lab."])
                try watch.awaitOutput("to finish")
                _ = try lab.node(1).run(words: [tool, "map", "-s", "lab.key", "u8", "1"])
                try watch.awaitOutput("create> lab.key (u8) = 1")
                try lab.node(1).killDaemon()
                #expect(try watch.awaitEnd() == .exited(0))
                #expect(watch.output.contains("CS_ERR_LIBRARY"))
                let left = try lab.node(1).run("find", "/dev/shm", "-name", "qb-[0-9]*").output
                #expect(left.isEmpty, "\(engine): \(left)")
            }
        }
    }
}
