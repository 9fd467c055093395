/// What became of the time of all processors since the machine's start, in the kernel's ticks.
public struct ProcessorTimes: Sendable {
    private let stolen: UInt64
    private let total: UInt64

    public static var now: ProcessorTimes {
        get throws {
            let line = try readText("/proc/stat").split(separator: "\n").first ?? ""
            // cpu user nice system idle iowait irq softirq steal; what follows is part of user.
            let fields = line.split(separator: " ").dropFirst().prefix(8).compactMap { UInt64($0) }
            guard fields.count == 8 else { throw LabError.unreadable("/proc/stat begins with '\(line)'") }
            return ProcessorTimes(stolen: fields[7], total: fields.reduce(0, +))
        }
    }

    /// The share of the time since `earlier` that the host of a virtual machine gave to others, though this machine had
    /// something to do: 0 to 1.
    public func stolenShare(since earlier: ProcessorTimes) -> Double {
        // The kernel's count may go back when the machine moves to another host.
        guard total > earlier.total, stolen > earlier.stolen else { return 0 }
        return Double(stolen - earlier.stolen) / Double(total - earlier.total)
    }
}
