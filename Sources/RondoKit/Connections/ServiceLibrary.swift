import CCorosync

/// One of the C client libraries: what all of them have in common.
struct ServiceLibrary: Sendable {
    /// As in `cpg`.
    let name: String
    let descriptor: @Sendable (UInt64, inout Int32) -> cs_error_t
    let dispatch: @Sendable (UInt64, cs_dispatch_flags_t) -> cs_error_t
    let finalize: @Sendable (UInt64) -> cs_error_t

    static let cpg = ServiceLibrary(
        name: "cpg", descriptor: { cpg_fd_get($0, &$1) }, dispatch: { cpg_dispatch($0, $1) },
        finalize: { cpg_finalize($0) })
    static let quorum = ServiceLibrary(
        name: "quorum", descriptor: { quorum_fd_get($0, &$1) }, dispatch: { quorum_dispatch($0, $1) },
        finalize: { quorum_finalize($0) })
    static let votequorum = ServiceLibrary(
        name: "votequorum", descriptor: { votequorum_fd_get($0, &$1) }, dispatch: { votequorum_dispatch($0, $1) },
        finalize: { votequorum_finalize($0) })
    static let cmap = ServiceLibrary(
        name: "cmap", descriptor: { cmap_fd_get($0, &$1) }, dispatch: { cmap_dispatch($0, $1) },
        finalize: { cmap_finalize($0) })
    static let cfg = ServiceLibrary(
        name: "cfg", descriptor: { corosync_cfg_fd_get($0, &$1) }, dispatch: { corosync_cfg_dispatch($0, $1) },
        finalize: { corosync_cfg_finalize($0) })
}
