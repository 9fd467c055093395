import Basics
import ClusterConfiguration
import ClusterEngine
import TotemWire

/// Reads a node's corosync.conf as the daemon does.
enum NodeConfiguration {
    /// - Parameter running: the configuration in force, for a reload.
    static func read(
        _ text: String, place: Int, running: ClusterConfiguration? = nil
    ) throws(ConfigurationError) -> ClusterConfiguration {
        var document = try ConfigurationDocument(Array(text.utf8), file: "corosync.conf")
        if let running { _ = document.keepUnchangeable(of: running.document) }
        let address = InterfaceAddress(
            interface: "eth0", address: .v4(0x0A00_0000 | UInt32(place / 200) << 8 | UInt32(place % 200 + 1)),
            netmask: .v4(0xFFFF_0000), isUp: true, index: 1)
        let host = HostFacts(hostName: "machine\(place)", interfaces: [address])
        return try ClusterConfiguration(document, host: host, names: NameTable())
    }
}
