/// Who the users and groups of this machine are; the shell asks the system's databases.
public protocol AccountDirectory {
    func userID(named name: String) -> UInt32?
    func groupID(named name: String) -> UInt32?
}

/// Users and groups known in advance, for tests and for tools that only look.
public struct AccountTable: AccountDirectory, Sendable {
    public var users: [String: UInt32]
    public var groups: [String: UInt32]

    public init(users: [String: UInt32] = [:], groups: [String: UInt32] = [:]) {
        self.users = users
        self.groups = groups
    }

    public func userID(named name: String) -> UInt32? { users[name] }
    public func groupID(named name: String) -> UInt32? { groups[name] }
}

/// Takes any name for a known one: a tool on another machine cannot know the users of the cluster's nodes.
public struct AnyAccount: AccountDirectory, Sendable {
    public init() {}
    public func userID(named name: String) -> UInt32? { 0 }
    public func groupID(named name: String) -> UInt32? { 0 }
}
