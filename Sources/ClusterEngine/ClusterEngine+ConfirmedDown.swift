import Basics
import ClusterMap
import Totem

/// An administrator or a fence agent says that a node's machine is off (docs/failover.md).
///
/// Whoever may write keys, which is root and who `uidgid` admits, sets `runtime.rondo.confirm_down` to a node id. The key
/// is taken out again at once, so that saying it twice is two statements.
extension ClusterEngine {
    static let confirmedDownKey = "runtime.rondo.confirm_down"

    mutating func confirmDown(_ notification: MapNotification, now: Instant) {
        guard let value = notification.new else { return }
        try? map.delete(Self.confirmedDownKey)
        _ = map.takeNotifications(for: .daemon)
        let number = value.unsigned ?? value.text.flatMap(UInt64.init)
        guard let id = number.flatMap(UInt32.init(exactly:)), id != 0 else {
            return log(
                .warning, .totem,
                "\(Self.confirmedDownKey) takes the id of a node, as in: corosync-cmapctl -s \(Self.confirmedDownKey) u32 3. "
                    + "Nothing was changed.")
        }
        let node = NodeID(id)
        guard node != ring.me else {
            return log(.warning, .totem, "Node \(node) was said to be down, but is this node. Nothing was changed.")
        }
        guard ring.members.contains(node) else {
            return log(
                .notice, .totem, "Node \(node) was said to be down; it is not a member of this node's ring anyway.")
        }
        guard !ring.learn(.confirmed, of: node, now: now) else { return }
        log(
            .warning, .totem,
            "Node \(node) was said to be down while a ring is being formed, without it already or with newcomers, where the "
                + "consensus timeout decides. Say it again if the node is still a member afterwards.")
    }
}
