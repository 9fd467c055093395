/// Who sends how much, and of what size.
package struct Workload: Sendable, Equatable {
    package enum Pace: Sendable, Equatable {
        case silent
        /// One message every so many microseconds, on average.
        case steady(microseconds: UInt64)
        /// So many messages at once, every so many microseconds.
        case bursts(count: Int, microseconds: UInt64)
        /// As many as the queue takes.
        case saturating
    }

    package enum Sizes: Sendable, Equatable {
        /// Up to 100 bytes: many share a frame.
        case small
        /// About the size of a frame, where cutting begins.
        case frames
        /// Several frames.
        case large
        /// Of everything something, rarely a megabyte.
        case mixed
        /// All of so many bytes.
        case exactly(Int)
    }

    /// One per node; nodes without one are silent.
    package var paces: [Pace] = []
    package var sizes: Sizes = .small
    /// Bytes that all nodes together send at most.
    package var budget = 1 << 20
    /// Nanoseconds after its start for which a node sends nothing.
    package var delay: UInt64 = 0

    package init() {}
}

// MARK: As text

extension Workload.Sizes {
    var text: String {
        switch self {
        case .small: "small"
        case .frames: "frames"
        case .large: "large"
        case .mixed: "mixed"
        case .exactly(let size): "bytes \(size)"
        }
    }

    static func read(_ words: inout LineWords) throws(ScenarioTextError) -> Workload.Sizes {
        let kind = try words.next("a size")
        switch kind {
        case "small": return .small
        case "frames": return .frames
        case "large": return .large
        case "mixed": return .mixed
        case "bytes": return .exactly(try words.count("a number of bytes", in: 1...1_048_576))
        default:
            throw words.failure(.unknownWord(String(kind), expected: "one of small, frames, large, mixed, bytes"))
        }
    }
}
