import CCorosync
import Synchronization

/// What libquorum calls while it dispatches.
enum QuorumCallbacks {
    /// What the library says about the provider while it connects.
    final class ProviderType: Sendable {
        private let value = Mutex<UInt32>(0)
        var isSet: Bool { value.withLock { $0 == UInt32(QUORUM_SET) } }

        func record(_ type: UInt32) { value.withLock { $0 = type } }
    }

    /// Connects with these callbacks; `context` is the mailbox.
    static func initialize(
        _ handle: inout UInt64, _ context: UnsafeMutableRawPointer, _ provider: ProviderType
    ) -> cs_error_t {
        var model = quorum_model_v1_data_t()
        model.model = QUORUM_MODEL_V1
        model.quorum_notify_fn = changeQuorum
        model.nodelist_notify_fn = changeNodes
        var type: UInt32 = 0
        let answer = withUnsafeMutableBytes(of: &model) { bytes in
            // The library takes the model it is told for the longer structure behind the pointer.
            quorum_model_initialize(
                &handle, QUORUM_MODEL_V1, bytes.baseAddress?.assumingMemoryBound(to: quorum_model_data_t.self), &type,
                context)
        }
        provider.record(type)
        return answer
    }

    private static let changeQuorum: quorum_v1_quorum_notification_fn_t = { handle, isQuorate, ring, count, members in
        let change = Quorum.Change.quorum(
            isQuorate: isQuorate != 0, ring: RingID(ring), members: [NodeID](members, count))
        mailbox(of: handle)?.put(change)
    }

    private static let changeNodes: quorum_v1_nodelist_notification_fn_t = {
        handle, ring, memberCount, members, joinedCount, joined, leftCount, left in
        let change = Quorum.Change.nodes(
            ring: RingID(ring), members: [NodeID](members, memberCount), joined: [NodeID](joined, joinedCount),
            left: [NodeID](left, leftCount))
        mailbox(of: handle)?.put(change)
    }

    /// The connection holds the mailbox until the handle is finalized, and callbacks come only before.
    private static func mailbox(of handle: quorum_handle_t) -> Mailbox<Quorum.Change>? {
        var context: UnsafeRawPointer?
        guard quorum_context_get(handle, &context) == CS_OK, let context else { return nil }
        return Unmanaged.fromOpaque(context).takeUnretainedValue()
    }
}

extension RingID {
    init(_ ring: quorum_ring_id) { self.init(representative: NodeID(ring.nodeid), sequence: ring.seq) }

    init(_ ring: votequorum_ring_id_t) { self.init(representative: NodeID(ring.nodeid), sequence: ring.seq) }
}
