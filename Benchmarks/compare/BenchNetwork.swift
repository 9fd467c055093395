import ArgumentParser
import ClusterLab

/// How the packets of the rings that are measured travel.
struct BenchNetwork: Sendable {
    enum Transport: String, ExpressibleByArgument, CaseIterable { case udpu, knet }

    enum Crypto: String, ExpressibleByArgument, CaseIterable {
        case none
        /// What most clusters have.
        case usual = "aes256-sha256"
    }

    var transport = Transport.udpu
    var links = 1
    var crypto = Crypto.none

    /// As in `knet, 2 links, aes256-sha256`.
    var title: String {
        guard transport == .knet else { return "udpu" }
        return "knet, \(links) link\(links == 1 ? "" : "s"), \(crypto == .none ? "in the clear" : crypto.rawValue)"
    }

    /// A configuration with this network.
    ///
    /// - Parameter totem: Further keys of the totem section.
    func configuration(_ totem: [(key: String, value: String)] = []) -> RingConfiguration {
        var configuration = RingConfiguration(totem: totem)
        configuration.debug = false
        configuration.transport = transport.rawValue
        guard transport == .knet else { return configuration }
        configuration.links = links
        if crypto == .usual {
            configuration.totem += [("crypto_cipher", "aes256"), ("crypto_hash", "sha256")]
            configuration.key = (0..<256).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) }
        }
        return configuration
    }
}
