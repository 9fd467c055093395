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
        let addresses = (0..<ConfigurationText.linkLimit).map { link in
            InterfaceAddress(
                interface: "eth\(link)", address: ConfigurationText.address(place, link: link),
                netmask: .v4(0xFFFF_0000), isUp: true, index: UInt32(link) + 1)
        }
        let host = HostFacts(hostName: "machine\(place)", interfaces: addresses)
        return try ClusterConfiguration(document, host: host, names: NameTable())
    }
}
