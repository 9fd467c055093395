import ClusterConfiguration
import Links

/// The knet links between whole nodes, each between any two: what corosync.conf says of them, and the interfaces under them.
package struct NodeLinks: Sendable, Equatable {
    package struct Link: Sendable, Equatable {
        package var priority: UInt8 = 1
        /// Bytes of IP packet that the interfaces carry at the start.
        package var interfaceMTU = 1500
        /// When it is pinged and given up; nil for what follows from the token.
        package var timing: LinkTiming?

        package init() {}
    }

    /// By number.
    package var links: [Link] = []
    package var policy = LinkPolicy.passive
    package var protection = Protection.clear
    /// How often the key has been another one since the start.
    package var keyChanges = 0
    /// `knet_mtu`; 0 to find out what paths carry.
    package var mtu: UInt32 = 0
    /// Longer packets are compressed; nil for none.
    package var compressionThreshold: UInt32?

    package init(links: Int = 1) { self.links = Array(repeating: Link(), count: links) }

    /// The lines of the `totem` section.
    var lines: [String] {
        var lines = ["transport: knet"]
        if policy != .passive { lines.append("link_mode: \(policy.rawValue)") }
        if protection.isSealed {
            lines.append("crypto_cipher: \(protection.hasCipher ? "aes256" : "none")")
            lines.append("crypto_hash: \(protection.hashName ?? "none")")
        }
        if mtu > 0 { lines.append("knet_mtu: \(mtu)") }
        if let compressionThreshold {
            lines.append("knet_compression_model: \(ToyCompressor.model.name)")
            lines.append("knet_compression_threshold: \(compressionThreshold)")
        }
        for (number, link) in links.enumerated() where !link.lines.isEmpty {
            lines += ["interface {", "  linknumber: \(number)"] + link.lines.map { "  " + $0 } + ["}"]
        }
        return lines
    }

    var words: String {
        let count = links.count == 1 ? "one link" : "\(links.count) links, \(policy.rawValue)"
        return "knet over \(count), \(protection.words)" + (mtu > 0 ? ", MTU \(mtu)" : "")
            + (compressionThreshold == nil ? "" : ", compressed")
    }

    /// The same without a link; those above it move down.
    func without(link: Int) -> NodeLinks {
        var fewer = self
        fewer.links.remove(at: link)
        return fewer
    }
}

extension NodeLinks.Link {
    /// What differs from the defaults, for the link's `interface` section.
    fileprivate var lines: [String] {
        var lines: [String] = []
        if priority != 1 { lines.append("knet_link_priority: \(priority)") }
        if let timing {
            lines += [
                "knet_ping_interval: \(timing.pingInterval)", "knet_ping_timeout: \(timing.timeout)",
                "knet_pong_count: \(timing.pongCount)",
            ]
        }
        return lines
    }
}

extension Protection {
    /// What `crypto_hash` calls a digest of this size; nil where there is none.
    var hashName: String? {
        switch hashSize {
        case 16: "md5"
        case 20: "sha1"
        case 32: "sha256"
        case 48: "sha384"
        case 64: "sha512"
        default: nil
        }
    }
}
