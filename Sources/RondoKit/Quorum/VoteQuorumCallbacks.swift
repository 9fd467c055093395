import CCorosync

/// What libvotequorum calls while it dispatches.
enum VoteQuorumCallbacks {
    /// Connects with these callbacks; `context` is the mailbox.
    static func initialize(_ handle: inout UInt64, _ context: UnsafeMutableRawPointer) -> cs_error_t {
        var callbacks = votequorum_callbacks_t(
            votequorum_quorum_notify_fn: changeQuorum, votequorum_expectedvotes_notify_fn: changeExpectedVotes,
            votequorum_nodelist_notify_fn: changeNodes)
        let answer = votequorum_initialize(&handle, &callbacks)
        guard answer == CS_OK else { return answer }
        let remembered = votequorum_context_set(handle, context)
        if remembered != CS_OK { votequorum_finalize(handle) }
        return remembered
    }

    private static let changeQuorum: votequorum_quorum_notification_fn_t = { handle, _, isQuorate, count, list in
        let nodes = UnsafeBufferPointer(start: list, count: list == nil ? 0 : Int(count)).map { entry in
            VoteQuorum.NodeStanding(node: NodeID(entry.nodeid), state: NodeVotes.State(entry.state))
        }
        mailbox(of: handle)?.put(.quorum(isQuorate: isQuorate != 0, nodes: nodes))
    }

    private static let changeNodes: votequorum_nodelist_notification_fn_t = { handle, _, ring, count, list in
        mailbox(of: handle)?.put(.nodes(ring: RingID(ring), members: [NodeID](list, count)))
    }

    private static let changeExpectedVotes: votequorum_expectedvotes_notification_fn_t = { handle, _, votes in
        mailbox(of: handle)?.put(.expectedVotes(votes))
    }

    /// The connection holds the mailbox until the handle is finalized, and callbacks come only before.
    private static func mailbox(of handle: votequorum_handle_t) -> Mailbox<VoteQuorum.Change>? {
        var context: UnsafeMutableRawPointer?
        guard votequorum_context_get(handle, &context) == CS_OK, let context else { return nil }
        return Unmanaged.fromOpaque(context).takeUnretainedValue()
    }
}
