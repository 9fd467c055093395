import ClusterConfiguration
import Glibc

/// The users and groups of this machine.
public struct SystemAccounts: AccountDirectory {
    public init() {}

    public func userID(named name: String) -> UInt32? {
        guard let entry = getpwnam(name) else { return nil }
        return entry.pointee.pw_uid
    }

    public func groupID(named name: String) -> UInt32? {
        guard let entry = getgrnam(name) else { return nil }
        return entry.pointee.gr_gid
    }
}
