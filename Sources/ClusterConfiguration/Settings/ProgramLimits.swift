/// What section `rondo.ipc` says: how much may wait for local programs that do not read, in bytes.
public struct ProgramLimits: Sendable, Hashable {
    static let ofProgramKey = "rondo.ipc.client_limit"
    static let ofAllKey = "rondo.ipc.total_limit"
    static let holdBackKey = "rondo.ipc.hold_back"

    /// Less than a few of the largest messages would cut off whoever is sent them one after the other.
    static let range: ClosedRange<UInt32> = (4 << 20)...(3 << 30)
    /// So many times what holds programs back must find room for one: more is on its way when they are.
    static let leastHolds: UInt32 = 4
    static let holdBackRange: ClosedRange<UInt32> = (64 << 10)...(range.upperBound / leastHolds)

    /// With more for one program it is cut off.
    public var ofProgram: UInt32 = 64 << 20
    /// With more for all of them the one for which the most waits is cut off.
    public var ofAll: UInt32 = 256 << 20
    /// With more for those that still read, the programs of the node multicast nothing and the ring is slowed down.
    public var holdBack: UInt32 = 8 << 20

    public init() {}

    /// - Throws: for a number of bytes that is out of range, and for limits of which one leaves another no room.
    static func read(_ entries: ConfigurationEntries) throws(ConfigurationError) -> ProgramLimits {
        var limits = ProgramLimits()
        limits.ofProgram = try number(ofProgramKey, range, limits.ofProgram, entries)
        limits.ofAll = try number(ofAllKey, range, max(limits.ofAll, limits.ofProgram), entries)
        limits.holdBack = try number(
            holdBackKey, holdBackRange, min(limits.holdBack, limits.ofProgram / leastHolds), entries)
        // A limit that is not given leaves room for those that are.
        guard limits.ofAll >= limits.ofProgram else {
            throw ConfigurationError(
                "parse error in config: Fewer bytes may wait for all local programs (\(limits.ofAll)) than for one "
                    + "(\(limits.ofProgram)).", origin: entries[ofAllKey]?.origin, key: ofAllKey,
                value: "\(limits.ofAll)",
                permitted: "\(limits.ofProgram) or more", remedy: "raise \(ofAllKey), or lower \(ofProgramKey)")
        }
        guard limits.holdBack <= limits.ofProgram / leastHolds else {
            throw ConfigurationError(
                "parse error in config: A local program would be cut off (with \(limits.ofProgram) bytes waiting) before it "
                    + "can be held back (\(limits.holdBack)).", origin: entries[holdBackKey]?.origin, key: holdBackKey,
                value: "\(limits.holdBack)", permitted: "\(limits.ofProgram / leastHolds) or less",
                remedy: "lower \(holdBackKey), or raise \(ofProgramKey)")
        }
        return limits
    }

    private static func number(
        _ key: String, _ range: ClosedRange<UInt32>, _ standard: UInt32, _ entries: ConfigurationEntries
    ) throws(ConfigurationError) -> UInt32 {
        guard let entry = entries[key], let number = entry.value.asU32 else { return standard }
        guard range.contains(number) else {
            throw ConfigurationError(
                "parse error in config: The number of bytes that may wait (\(number)) is out of range.",
                origin: entry.origin, key: key, value: "\(number)",
                permitted: "\(range.lowerBound)..\(range.upperBound) bytes",
                remedy: "correct \(key), or remove it for the default (\(standard))")
        }
        return number
    }
}
