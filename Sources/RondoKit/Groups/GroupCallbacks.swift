import CCorosync

/// What libcpg calls while it dispatches. The pointers are its own and end with the call: everything is copied.
enum GroupCallbacks {
    /// Connects with these callbacks; `context` is the mailbox.
    static func initialize(_ handle: inout UInt64, _ context: UnsafeMutableRawPointer) -> cs_error_t {
        var model = cpg_model_v1_data_t()
        model.model = CPG_MODEL_V1
        model.cpg_deliver_fn = deliver
        model.cpg_confchg_fn = change
        model.cpg_totem_confchg_fn = changeRing
        model.flags = UInt32(CPG_MODEL_V1_DELIVER_INITIAL_TOTEM_CONF)
        return withUnsafeMutableBytes(of: &model) { bytes in
            // The library takes the model it is told for the longer structure behind the pointer.
            cpg_model_initialize(
                &handle, CPG_MODEL_V1, bytes.baseAddress?.assumingMemoryBound(to: cpg_model_data_t.self), context)
        }
    }

    private static let deliver: cpg_deliver_fn_t = { handle, _, node, process, message, length in
        let bytes = Array(UnsafeRawBufferPointer(start: message, count: message == nil ? 0 : length))
        let sender = GroupMember(node: NodeID(node), process: process)
        mailbox(of: handle)?.put(.message(GroupMessage(sender: sender, bytes: bytes)), weight: length)
    }

    private static let change: cpg_confchg_fn_t = {
        handle, _, members, memberCount, left, leftCount, joined, joinedCount in
        let membership = GroupMembership(
            members: addresses(members, memberCount).map { GroupMember($0) }.sorted(),
            joined: addresses(joined, joinedCount).map(GroupMembership.Change.init),
            left: addresses(left, leftCount).map(GroupMembership.Change.init))
        mailbox(of: handle)?.put(.membership(membership))
    }

    private static let changeRing: cpg_totem_confchg_fn_t = { handle, ring, count, nodes in
        let id = RingID(representative: NodeID(ring.nodeid), sequence: ring.seq)
        mailbox(of: handle)?.put(.ring(GroupRing(id: id, nodes: [NodeID](nodes, count))))
    }

    private static func addresses(_ list: UnsafePointer<cpg_address>?, _ count: Int) -> UnsafeBufferPointer<cpg_address>
    {
        UnsafeBufferPointer(start: list, count: list == nil ? 0 : count)
    }

    /// The connection holds the mailbox until the handle is finalized, and callbacks come only before.
    private static func mailbox(of handle: cpg_handle_t) -> Mailbox<GroupEvent>? {
        var context: UnsafeMutableRawPointer?
        guard cpg_context_get(handle, &context) == CS_OK, let context else { return nil }
        return Unmanaged.fromOpaque(context).takeUnretainedValue()
    }
}

extension GroupMembership.Change {
    init(_ address: cpg_address) {
        self.init(member: GroupMember(address), reason: GroupMembership.Reason(address.reason))
    }
}
