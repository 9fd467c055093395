/// Something that goes wrong with a whole node, or right again. Nodes are named by their place in
/// `ClusterScenario.nodes`.
package enum ClusterFault: Sendable, Equatable {
    /// The machine stops dead, its programs with it, after the first `sending` datagrams it is about to send.
    case crash(node: Int, sending: Int)
    case restart(node: Int)
    /// The daemon is ended in order.
    case leave(node: Int)
    /// The daemon does not run for a while; what comes for it waits.
    case pause(node: Int, milliseconds: UInt64)
    /// Only nodes of the same group (one number a node) hear each other.
    case partition([UInt8])
    /// What the nodes of `from` send no longer reaches those of `to`.
    case cut(from: [Int], to: [Int])
    case heal
    case lose(LossRule)
    case loss(perMillion: UInt32)
    /// All daemons are ended, in order or not, and started again after so many milliseconds.
    case restartAll(inOrder: Bool, after: UInt64)
    /// Every machine gets this file, and a node is told to have all read it.
    case reload(ConfigurationText, by: Int)
    /// `corosync-cfgtool -k`, asked of `by`.
    case kill(node: Int, by: Int)
}

package struct PlannedClusterFault: Sendable, Equatable {
    package var milliseconds: UInt64
    package var fault: ClusterFault

    package init(_ milliseconds: UInt64, _ fault: ClusterFault) {
        self.milliseconds = milliseconds
        self.fault = fault
    }
}
