import ClusterServices
import Glibc

/// What the resource monitor wants to know of the machine.
enum MachineFigures {
    /// - Returns: `nil` when the system does not tell.
    static func measure(_ resource: MonitoredResource) -> Double? {
        switch resource {
        case .load: load()
        case .memory: memoryInUse(text("/proc/meminfo"))
        }
    }

    /// Processes ready to run, averaged over 15 minutes.
    private static func load() -> Double? {
        var averages = [Double](repeating: 0, count: 3)
        // `averages` has room for the three numbers asked for.
        return getloadavg(&averages, 3) == 3 ? averages[2] : nil
    }

    /// Percent of the memory that programs could not get, from the text of /proc/meminfo.
    static func memoryInUse(_ text: String) -> Double? {
        var kilobytes: [Substring: Double] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count >= 2 { kilobytes[words[0]] = Double(words[1]) }
        }
        guard let total = kilobytes["MemTotal:"], let available = kilobytes["MemAvailable:"], total > 0 else {
            return nil
        }
        return max(total - available, 0) * 100 / total
    }

    /// The first part of a file of the kernel's; empty when it cannot be read.
    private static func text(_ path: String) -> String {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { return "" }
        defer { close(opened) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        // `bytes` has room for as many as are asked for.
        let count = read(opened, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}
