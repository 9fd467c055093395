import ClusterConfiguration

/// One thing that happened, to be told in one line.
struct StoryLine: Sendable, Equatable {
    enum Tone: Sendable, Equatable {
        /// A new part of the story begins.
        case heading
        case fact
        case success
        case warning
        case failure
    }

    /// Since the demonstration began.
    var time: Microseconds
    var tone: Tone
    var text: String
}
