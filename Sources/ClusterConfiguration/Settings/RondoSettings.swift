/// What section `rondo` says.
public struct RondoSettings: Sendable, Hashable {
    public static let standardBeat: UInt32 = 240
    /// Shorter ones would cost more than they bring, longer ones bring next to nothing.
    public static let beatRange: ClosedRange<UInt32> = 20...10_000
    /// Shorter ones a busy machine cannot keep; longer ones have no room in a beat.
    public static let silenceRange: ClosedRange<UInt32> = 100...600_000
    /// Silence is that of so many beats at least: some of them may be lost.
    public static let leastBeats: UInt32 = 8

    /// Milliseconds between two beats to each other member as it is written, 0 for none; nil where it is not.
    public var writtenBeat: UInt32?
    /// Milliseconds without a sign of life as they are written, 0 for none; nil where they are not.
    public var writtenSilence: UInt32?
    /// What section `rondo.ipc` says.
    public var programs = ProgramLimits()

    public init(beat: UInt32? = nil, silence: UInt32? = nil) {
        writtenBeat = beat
        writtenSilence = silence
    }

    /// Milliseconds after which a node that hears nobody gives its ring up; 0 for never. What is not written is the shortest
    /// stall that can break a ring of two nodes with the same `totem.token`: the token less what it is held.
    public func silence(_ timings: TotemTimings) -> UInt32 {
        if writtenBeat == 0 { return 0 }
        if let writtenSilence { return writtenSilence }
        let retransmit = CorosyncArithmetic.tokenRetransmit(
            token: timings.writtenToken, retransmits: timings.tokenRetransmitsBeforeLoss)
        let hold = CorosyncArithmetic.hold(tokenRetransmit: retransmit)
        let patience = timings.writtenToken > hold ? timings.writtenToken - hold : 0
        let least = max(Self.silenceRange.lowerBound, Self.leastBeats * (writtenBeat ?? Self.beatRange.lowerBound))
        return min(max(patience, least), Self.silenceRange.upperBound)
    }

    /// Milliseconds between two beats to each other member; 0 for none.
    public func beat(_ timings: TotemTimings) -> UInt32 {
        if let writtenBeat { return writtenBeat }
        let silence = silence(timings)
        guard silence > 0 else { return Self.standardBeat }
        return min(max(silence / 10, Self.beatRange.lowerBound), Self.standardBeat)
    }

    /// - Throws: for a duration that is none, and for a silence of too few beats.
    public static func read(_ entries: ConfigurationEntries) throws(ConfigurationError) -> RondoSettings {
        var settings = RondoSettings(
            beat: try number("rondo.beat", "interval of beats", beatRange, "\(standardBeat) or less", entries),
            silence: try number("rondo.silence", "time of silence", silenceRange, "from totem.token", entries))
        settings.programs = try ProgramLimits.read(entries)
        if let beat = settings.writtenBeat, let silence = settings.writtenSilence, silence > 0,
            silence / leastBeats < beat
        {
            let key = "rondo.silence"
            throw ConfigurationError(
                "parse error in config: The time of silence (\(silence) ms) is not \(leastBeats) times the interval of beats "
                    + "(\(beat) ms).", origin: entries[key]?.origin, key: key, value: "\(silence)",
                permitted: "\(UInt64(leastBeats) * UInt64(beat)) ms or more, or 0 for none",
                remedy: "raise \(key), or lower rondo.beat")
        }
        return settings
    }

    private static func number(
        _ key: String, _ name: String, _ range: ClosedRange<UInt32>, _ standard: String, _ entries: ConfigurationEntries
    ) throws(ConfigurationError) -> UInt32? {
        guard let entry = entries[key], let number = entry.value.asU32 else { return nil }
        guard number == 0 || range.contains(number) else {
            throw ConfigurationError(
                "parse error in config: The \(name) (\(number) ms) is out of range.", origin: entry.origin, key: key,
                value: "\(number)", permitted: "\(range.lowerBound)..\(range.upperBound) ms, or 0 for none",
                remedy: "correct \(key), or remove it for the default (\(standard))")
        }
        return number
    }
}
