import RondoKit

/// A map of texts that is the same in every member of a process group.
///
/// It is a state machine: it changes only by what the group delivers, and all members are delivered the same in the same
/// order. What a member that comes has missed, the others give it:
///
/// 1. When somebody joins or the ring changes, everybody holds the map still, sets aside the changes that are delivered
///    from here on, and greets the others with the version it holds.
/// 2. When all have greeted, all know who has the newest map. If they are not all alike, that member sends its map.
/// 3. Everybody takes it, makes the changes set aside, and goes on.
///
/// Should somebody die meanwhile, the next membership change starts it over.
struct ReplicatedMap {
    private(set) var entries: [String: String] = [:]
    /// How many changes made this map.
    private(set) var version: UInt64 = 0
    private(set) var view = View()
    private let localMember: GroupMember
    private var comparison: Comparison?
    private var setAside: [Change] = []

    /// The members that hold their maps still and compare them.
    private struct Comparison {
        var greetings: [GroupMember: Greeting] = [:]
        var donor: GroupMember?
    }

    init(localMember: GroupMember) { self.localMember = localMember }

    /// Whether this map is known to be the same as everybody's.
    var isSettled: Bool { comparison == nil && view.members.contains(localMember) }

    /// The same for the same entries, different for others but by bad luck.
    var digest: UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
            for byte in "\(key)\0\(value)\0".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return hash
    }

    /// Takes in what the group delivers.
    ///
    /// - Returns: What to send to the group because of it.
    mutating func handle(_ event: GroupEvent) -> Message? {
        switch event {
        case .membership(let membership):
            view.members = membership.members
            // Those that stay after others went are still alike.
            return membership.joined.isEmpty && comparison == nil ? nil : compare()
        case .ring(let ring):
            view.ring = ring.id
            return compare()
        case .message(let delivered):
            guard let message = try? Message(bytes: delivered.bytes) else { return nil }
            return handle(message, from: delivered.sender)
        }
    }

    private mutating func handle(_ message: Message, from sender: GroupMember) -> Message? {
        switch message {
        case .change(let change):
            if comparison == nil { make(change) } else { setAside.append(change) }
        case .greeting(let greeting):
            guard greeting.view == view, comparison != nil else { return nil }
            comparison?.greetings[sender] = greeting
            return decide()
        case .state(let state):
            guard state.view == view, comparison?.donor == sender else { return nil }
            entries = state.entries
            version = state.version
            settle()
        }
        return nil
    }

    private mutating func compare() -> Message {
        makeAllSetAside()
        comparison = Comparison()
        return .greeting(Greeting(view: view, version: version, digest: digest))
    }

    private mutating func decide() -> Message? {
        guard let greetings = comparison?.greetings, view.members.allSatisfy({ greetings[$0] != nil }) else {
            return nil
        }
        let newest = view.members.compactMap { greetings[$0]?.version }.max()
        let donor = view.members.first { greetings[$0]?.version == newest }
        if Set(greetings.values.map { [$0.version, $0.digest] }).count == 1 {
            settle()
        } else {
            comparison?.donor = donor
            if donor == localMember { return .state(State(view: view, version: version, entries: entries)) }
        }
        return nil
    }

    private mutating func settle() {
        comparison = nil
        makeAllSetAside()
    }

    private mutating func makeAllSetAside() {
        for change in setAside { make(change) }
        setAside = []
    }

    private mutating func make(_ change: Change) {
        entries[change.key] = change.value
        version += 1
    }
}
