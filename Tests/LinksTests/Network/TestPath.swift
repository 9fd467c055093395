/// One direction of one link between two nodes.
struct TestPath {
    /// Nanoseconds.
    var delay: UInt64 = 1_000_000
    /// Of 100 datagrams.
    var loss = 0
    var isCut = false
    /// Longer IP packets vanish.
    var mtu = 65_535
    /// Longer IP packets are refused by the sender's kernel, which says so.
    var interfaceMTU = 1500
    /// The sender's kernel says nothing about how long, as when a device's queue refuses.
    var refusesSilently = false
}

struct TestPathKey: Hashable {
    var from: UInt16
    var to: UInt16
    var link: UInt8
}
