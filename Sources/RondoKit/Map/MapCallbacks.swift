import CCorosync

/// What libcmap calls while it dispatches.
enum MapCallbacks {
    /// The context is the mailbox, which the connection holds until the handle is finalized.
    static let change: cmap_notify_fn_t = { _, _, event, key, new, old, context in
        guard let context, let key else { return }
        let kind: MapChange.Kind
        switch event {
        case CMAP_TRACK_ADD: kind = .added
        case CMAP_TRACK_MODIFY: kind = .modified
        case CMAP_TRACK_DELETE: kind = .deleted
        default: return
        }
        let change = MapChange(kind: kind, key: String(cString: key), newValue: value(new), oldValue: value(old))
        Unmanaged<Mailbox<MapChange>>.fromOpaque(context).takeUnretainedValue().put(change, weight: new.len + old.len)
    }

    private static func value(_ value: cmap_notify_value) -> MapValue? {
        MapValue(value.type, UnsafeRawBufferPointer(start: value.data, count: value.data == nil ? 0 : value.len))
    }
}
