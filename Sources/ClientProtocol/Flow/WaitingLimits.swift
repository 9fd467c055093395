/// How much may wait for local programs that do not read, in bytes (section `rondo.ipc` of corosync.conf).
public struct WaitingLimits: Sendable, Hashable {
    /// With more for one program it is cut off.
    public var ofProgram: Int
    /// With more for all of them the one for which the most waits is cut off.
    public var ofAll: Int
    /// With more for those that still read, the node's programs are to multicast nothing and the ring is slowed down; a
    /// program for which more waits and that has multicast as much since it last read is to multicast nothing.
    ///
    /// A program may try a multicast again and again without reading meanwhile, and what it has sent before comes back to
    /// it: up to 4 MiB of the ring's send queue, its own buffer's one, and one on its way. The standard is above that.
    public var holdBack: Int

    public init(ofProgram: Int = 64 << 20, ofAll: Int = 256 << 20, holdBack: Int = 8 << 20) {
        self.ofProgram = ofProgram
        self.ofAll = ofAll
        self.holdBack = holdBack
    }
}
