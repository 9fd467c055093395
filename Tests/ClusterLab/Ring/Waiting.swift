import Glibc

extension Laboratory {
    /// Waits until a condition holds, looking every few milliseconds. A daemon that ends meanwhile is an error at once.
    public func wait(for what: String, within limit: Duration, until condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + limit
        while true {
            if try condition() { return }
            for node in nodes { try node.checkAlive() }
            guard ContinuousClock.now < deadline else {
                throw LabError.timedOut(what: what, limit: limit, diagnostics: report())
            }
            usleep(10_000)
        }
    }

    /// Waits until the nodes form one ring of exactly themselves and have completed their synchronisation.
    ///
    /// - Parameters:
    ///   - numbers: The nodes; all running ones by default.
    ///   - mark: When given, only memberships formed after these log positions (`marks`) count.
    /// - Returns: The ring they formed.
    @discardableResult
    public func awaitRing(_ numbers: [Int]? = nil, after marks: [Int]? = nil, within limit: Duration) throws -> RingView
    {
        let members = selected(numbers)
        let ids = members.map(\.id).sorted()
        var found: RingView?
        try wait(for: "one ring of nodes \(ids)", within: limit) {
            var settled: [Membership] = []
            for node in members {
                guard let membership = node.log.settledMembership else { return false }
                // The log grows while it is read: the settled one itself must be new, not just some one.
                let new = marks.map { node.log.memberships(after: $0[node.number - 1]) }
                if let new, !new.contains(where: { $0.ring == membership.ring }) { return false }
                settled.append(membership)
            }
            guard let first = settled.first, settled.allSatisfy({ $0.ring == first.ring }) else { return false }
            for node in members where try node.map(under: "runtime.members.").joinedMembers != ids { return false }
            found = RingView(ring: first.ring, members: ids, memberships: settled)
            return true
        }
        guard let found else { throw LabError.unreadable("the ring vanished while it was looked at") }
        return found
    }

    /// The log positions of all nodes now, for `awaitRing(after:)` and `membershipChanges(after:)`.
    public var marks: [Int] { nodes.map(\.log.mark) }

    /// How many memberships each running node formed after the marks.
    public func membershipChanges(after marks: [Int]) -> [Int] {
        nodes.filter(\.isRunning).map { $0.log.memberships(after: marks[$0.number - 1]).count }
    }
}

/// One ring as all its members see it.
public struct RingView: Sendable {
    /// `R.S`, hexadecimal.
    public let ring: String
    /// Node ids, ascending.
    public let members: [UInt32]
    /// Each member's own line about it, in the order of the nodes.
    public let memberships: [Membership]

    /// The ring's sequence number.
    public var sequence: UInt64 {
        ring.split(separator: ".").last.flatMap { UInt64($0, radix: 16) } ?? 0
    }

    /// Milliseconds from a moment until the last member had formed the ring.
    public func millisecondsSince(_ moment: WallTime) -> Int {
        memberships.compactMap { $0.time.map { moment.milliseconds(to: $0) } }.max() ?? 0
    }
}
