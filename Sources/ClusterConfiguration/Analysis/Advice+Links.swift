extension DerivedTimings {
    /// What libknet's timer threads can tell, in ms.
    private static let shortestCorosyncTimeout: UInt32 = 200

    func linkAdvice(hop: Microseconds) -> [Advice] {
        guard inputs.transport == .knet else { return [] }
        let failures = LinkFailure.all(totem, transport: .knet, IdleHeartbeat(totem, hop: hop))
        return totem.links.compactMap { link in
            let key = "totem.interface.\(link.number)"
            if link.pingInterval >= link.pingTimeout {
                return Advice(
                    .warning, "\(key).knet_ping_interval",
                    "knet_ping_interval \(link.pingInterval) ms is not below knet_ping_timeout "
                        + "\(link.pingTimeout) ms: libknet refuses the pair or takes the link for down.",
                    remedy: "remove both keys from the interface section")
            }
            if link.pingTimeout < Self.shortestCorosyncTimeout {
                return Advice(
                    .note, "\(key).knet_ping_timeout",
                    "knet_ping_timeout \(link.pingTimeout) ms is less than \(Self.shortestCorosyncTimeout) ms, and so Corosync "
                        + "from 3.1.8 on with libknet from 1.27 on does not start; Rondo does.",
                    remedy: "raise totem.token, or set knet_ping_timeout, where a node runs Corosync")
            }
            if link.pingTimeout >= totem.token {
                return Advice(
                    .warning, "\(key).knet_ping_timeout",
                    "knet_ping_timeout \(link.pingTimeout) ms is not below the token timeout \(totem.token) ms: "
                        + "the token is lost before knet changes to another link.",
                    remedy: "remove knet_ping_timeout from the interface section")
            }
            guard let failure = failures.first(where: { $0.link == link }), failure.keepsToken == false else {
                return nil
            }
            return Advice(
                .note, "\(key).knet_ping_timeout",
                "a Corosync gives the link up \(failure.corosyncDown.shortText) after it died, and may lose the token of "
                    + "\(totem.token) ms although another link is well. Rondo changes links after "
                    + "\((failure.takeover ?? .zero).shortText).",
                remedy:
                    "raise totem.token, or lower knet_ping_timeout and knet_ping_interval, where a node runs Corosync")
        }
    }
}

extension ConfigurationDocument {
    /// What is risky in how links are sealed, compressed and doubled.
    var linkAdvice: [Advice] {
        guard (entries.text("totem.transport") ?? "knet") == "knet", let nodes = try? NodeList.read(entries),
            nodes.nodes.count > 1
        else { return [] }
        var found = [sealingAdvice, compressionAdvice].compactMap(\.self)
        if Set(nodes.nodes.flatMap { $0.addresses.map(\.link) }).count == 1 {
            found.append(
                Advice(
                    .note, "nodelist",
                    "there is one link: when it fails nothing takes over, and nodes are excluded after token + consensus.",
                    remedy: "give each node a ring1_addr on another network, if there is one"))
        }
        return found
    }

    private var sealingAdvice: Advice? {
        let origin = entries["totem.crypto_hash"]?.origin
        // What is not valid is refused elsewhere.
        guard let name = (try? CryptoSettings.read(entries))?.hash else { return nil }
        switch name {
        case "none":
            return Advice(
                .warning, "totem.crypto_hash", origin: origin,
                "packets are neither sealed nor signed: whoever can send with a node's address is believed.",
                remedy: "make a key with rondo keygen or corosync-keygen, and set totem.crypto_cipher to aes256 and "
                    + "totem.crypto_hash to sha256 on all nodes")
        case "md5", "sha1":
            return Advice(
                .warning, "totem.crypto_hash", origin: origin,
                "\(name) is no longer thought safe for new uses, and sha256 costs no more.",
                remedy: "set totem.crypto_hash to sha256 on all nodes")
        default: return nil
        }
    }

    private var compressionAdvice: Advice? {
        guard let entry = entries["totem.knet_compression_model"], entry.value.text == "zstd" else { return nil }
        return Advice(
            .warning, entry.key, origin: entry.origin,
            "a node with libknet 1.25 that is not configured for zstd itself ends at the first packet of it.",
            remedy: "choose another model, or set zstd on all nodes before one of them starts with it")
    }
}
