import Glibc

/// How much of the machine a daemon takes.
public struct MemoryFigures: Sendable {
    /// Resident pages, in bytes.
    public let resident: Int
    /// Resident pages with those shared with other processes counted in part, in bytes.
    public let proportional: Int
    /// Pages nobody else uses, in bytes.
    public let own: Int
    /// Pages that cannot be taken away, in bytes.
    public let locked: Int
}

extension Node {
    /// Processor time the daemon has used so far, all its threads, in nanoseconds.
    public func processorTime() throws -> UInt64 {
        guard let folder = opendir("/proc/\(daemonPid)/task") else {
            throw LabError.systemCall(name: "opendir", errno: errno, what: "the daemon's threads")
        }
        defer { closedir(folder) }
        var total: UInt64 = 0
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let thread = pid_t(name) else { continue }
            // A thread that has ended meanwhile has no file any more.
            let text = (try? readText("/proc/\(daemonPid)/task/\(thread)/schedstat")) ?? ""
            total += text.split(separator: " ").first.flatMap { UInt64($0) } ?? 0
        }
        return total
    }

    /// The daemon's memory now.
    public func memory() throws -> MemoryFigures {
        var bytes: [String: Int] = [:]
        for line in try readText("/proc/\(daemonPid)/smaps_rollup").split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count >= 2, let kibibytes = Int(words[1]) { bytes[String(words[0])] = kibibytes * 1024 }
        }
        guard let resident = bytes["Rss:"], let proportional = bytes["Pss:"] else {
            throw LabError.unreadable("no memory figures for process \(daemonPid)")
        }
        return MemoryFigures(
            resident: resident, proportional: proportional,
            own: (bytes["Private_Clean:"] ?? 0) + (bytes["Private_Dirty:"] ?? 0),
            locked: bytes["Locked:"] ?? 0)
    }
}
