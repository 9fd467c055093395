/// Users and groups, besides root, whose programs may connect (spec: configuration.md 2.5).
public struct UserLists: Sendable, Hashable {
    public var users: [UInt32]
    public var groups: [UInt32]

    init(_ entries: ConfigurationEntries) {
        func numbers(_ prefix: String) -> [UInt32] {
            entries.matching(prefix: prefix).compactMap { UInt32($0.key.dropFirst(prefix.count)) }.sorted()
        }
        users = numbers("uidgid.config.uid.")
        groups = numbers("uidgid.config.gid.")
    }
}
