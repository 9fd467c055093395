/// One line of an engine's log file.
public struct LogEntry: Sendable {
    public let time: WallTime?
    /// notice, warning, …
    public let level: String
    /// TOTEM, MAIN, …
    public let subsystem: String
    public let message: String
}

/// A membership as an engine announced it.
public struct Membership: Sendable, Equatable, CustomStringConvertible {
    /// `R.S` as the engines print it, both parts hexadecimal.
    public let ring: String
    public let joined: [UInt32]
    public let left: [UInt32]
    public let time: WallTime?

    public var description: String { "\(ring) joined \(joined) left \(left)" }
}

/// An engine's log file, read as it grows.
public final class DaemonLog {
    let path: String
    private var offset = 0
    private var rest: [UInt8] = []
    private var stored: [LogEntry] = []
    private var sectionStart = 0
    private var sectionStarts: [Int] = []

    init(path: String) { self.path = path }

    /// Everything logged so far.
    public var all: [LogEntry] {
        refresh()
        return stored
    }

    /// What was logged since the engine's last start.
    public var entries: ArraySlice<LogEntry> {
        refresh()
        return stored[sectionStart...]
    }

    /// A mark for `entries(after:)`.
    public var mark: Int { all.count }

    /// What was logged after `mark` was taken.
    public func entries(after mark: Int) -> ArraySlice<LogEntry> { all[min(mark, stored.count)...] }

    func beginSection() {
        sectionStart = all.count
        sectionStarts.append(sectionStart)
    }

    /// The memberships formed in each run of an engine, oldest first.
    public var membershipsByStart: [[Membership]] {
        let entries = all
        let ends = sectionStarts.dropFirst() + [entries.count]
        return zip(sectionStarts, ends).map { entries[$0..<$1].compactMap(Membership.init) }
    }

    /// The memberships formed since the engine's last start, oldest first.
    public var memberships: [Membership] { entries.compactMap(Membership.init) }

    /// The memberships formed after `mark`.
    public func memberships(after mark: Int) -> [Membership] { entries(after: mark).compactMap(Membership.init) }

    /// The last membership, when its synchronisation has been completed too; nil while on the way.
    public var settledMembership: Membership? {
        var settled: Membership?
        var pending: Membership?
        for entry in entries {
            if let membership = Membership(entry) {
                pending = membership
                settled = nil
            } else if entry.message.hasPrefix(synchronisationCompleted) {
                settled = pending
            }
        }
        return settled
    }

    /// The last `count` lines.
    public func tail(_ count: Int) -> String {
        all.suffix(count).map { "\($0.time?.description ?? "") \($0.level) [\($0.subsystem)] \($0.message)\n" }.joined()
    }

    private func refresh() {
        guard let bytes = try? readBytes(path, from: offset), !bytes.isEmpty else { return }
        offset += bytes.count
        rest += bytes
        guard let end = rest.lastIndex(of: 10) else { return }
        for line in rest[..<end].split(separator: 10) {
            if let entry = LogEntry(line: String(decoding: line, as: UTF8.self)) { stored.append(entry) }
        }
        rest.removeSubrange(...end)
    }
}

/// What an engine logs at the end of each synchronisation.
public let synchronisationCompleted = "Completed service synchronization, ready to provide service."

extension LogEntry {
    /// `Nov 21 01:50:43.025 [10712] HOST corosync notice  [MAIN  ] TEXT`
    init?(line: String) {
        let words = line.split(separator: " ", maxSplits: 6, omittingEmptySubsequences: true)
        guard words.count == 7, words[3].hasPrefix("["), let open = words[6].firstIndex(of: "["),
            let shut = words[6][open...].firstIndex(of: "]")
        else { return nil }
        time = WallTime(words[2])
        level = words[6][..<open].split(separator: " ").first.map(String.init) ?? ""
        subsystem = words[6][words[6].index(after: open)..<shut].split(separator: " ").first.map(String.init) ?? ""
        message = String(words[6][words[6].index(after: shut)...].drop { $0 == " " })
    }
}

extension Membership {
    /// `A new membership (1.9) was formed. Members joined: 2 3 left: 4`
    init?(_ entry: LogEntry) {
        let opening = "A new membership ("
        guard entry.message.hasPrefix(opening), let shut = entry.message.firstIndex(of: ")") else { return nil }
        ring = String(entry.message[entry.message.index(entry.message.startIndex, offsetBy: opening.count)..<shut])
        var lists: [String: [UInt32]] = [:]
        var current = ""
        for word in entry.message[shut...].split(separator: " ") {
            if word.hasSuffix(":") {
                current = String(word.dropLast())
            } else if let node = UInt32(word), !current.isEmpty {
                lists[current, default: []].append(node)
            }
        }
        joined = lists["joined"] ?? []
        left = lists["left"] ?? []
        time = entry.time
    }
}
