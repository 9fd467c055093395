import ClusterLab

/// A ring whose packets go over knet links: which engines, and with which configuration.
struct LinkRing: Sendable {
    let mixture: Mixture
    let configuration: RingConfiguration
    /// What is special about the links.
    let title: String

    init(_ mixture: Mixture, _ configuration: RingConfiguration, _ title: String) {
        self.mixture = mixture
        self.configuration = configuration
        self.title = title
    }

    var testDescription: String { "\(mixture.testDescription), \(title)" }
}

extension [LinkRing] {
    /// Starts the engines of all rings, each in a laboratory of its own.
    func start(prepare: (Laboratory) throws -> Void = { _ in }) throws -> [Laboratory] {
        let labs = try map { ring in
            let lab = try ring.mixture.laboratory(ring.configuration)
            try prepare(lab)
            return lab
        }
        for (ring, lab) in zip(self, labs) { try lab.start(ring.mixture.engines) }
        return labs
    }

    /// The rings, side by side, with every link up.
    func rings() throws -> [Laboratory] {
        let labs = try start()
        for lab in labs {
            try lab.awaitRing(within: lab.linkedStartLimit)
            try lab.awaitLinks()
        }
        return labs
    }
}

extension RingConfiguration {
    /// Packets over knet, Corosync's default transport.
    ///
    /// - Parameters:
    ///   - token: Of two nodes, in milliseconds; by default Corosync's, and so is the time in which links are given up.
    ///   - totem: Further keys of the totem section.
    static func knet(
        links: Int = 1, token: Int? = nil, sealed: Sealing? = nil, totem: [(key: String, value: String)] = []
    ) -> RingConfiguration {
        var keys = totem
        if let token { keys.append(("token", "\(token)")) }
        if let sealed {
            keys += [("crypto_cipher", sealed.cipher), ("crypto_hash", sealed.hash)]
        }
        var configuration = RingConfiguration(totem: keys)
        configuration.transport = "knet"
        configuration.links = links
        if sealed != nil { configuration.key = (0..<256).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) } }
        return configuration
    }
}

/// How packets are sealed.
struct Sealing: Sendable, CustomStringConvertible {
    let cipher: String
    let hash: String

    var description: String { "\(cipher)/\(hash)" }

    /// What most clusters have.
    static let usual = Sealing(cipher: "aes256", hash: "sha256")
    /// Every combination that Corosync knows.
    static let all = ["aes128", "aes192", "aes256", "none"].flatMap { cipher in
        ["md5", "sha1", "sha256", "sha384", "sha512"].map { Sealing(cipher: cipher, hash: $0) }
    }
    /// Each cipher and each hash but the usual ones once.
    static let some = [
        Sealing(cipher: "aes128", hash: "md5"), Sealing(cipher: "aes192", hash: "sha1"),
        Sealing(cipher: "none", hash: "sha384"), Sealing(cipher: "aes256", hash: "sha512"),
    ]
}

extension Laboratory {
    /// Start-up where links come up first: after three answers to pings.
    var linkedStartLimit: Duration { startLimit + .milliseconds(Int(timings.token * 2)) }

    /// How long a settled link may take until it is given up or believed again.
    var linkLimit: Duration { .milliseconds(Int(timings.token * 2)) + margin }

    /// The links that a running node has to the other running nodes.
    private func links(of node: Node) -> Set<LinkName> {
        let others = nodes.filter { $0.isRunning && $0.number != node.number }
        return Set(
            others.flatMap { other in
                (0..<configuration.links).map { LinkName(node: other.id, number: $0) }
            })
    }

    /// Waits until every link between running nodes is up at both ends, as the logs say.
    func awaitLinks(within limit: Duration? = nil) throws {
        try wait(for: "all links up", within: limit ?? linkLimit) {
            nodes.allSatisfy { !$0.isRunning || $0.log.linksUp.isSuperset(of: links(of: $0)) }
        }
    }

    /// Waits until these links are down, by node that sees them so, and no others.
    func awaitLinksDown(_ down: [Int: Set<LinkName>]) throws {
        try wait(for: "links down: \(down)", within: linkLimit) {
            nodes.allSatisfy { node in
                node.log.linksUp == links(of: node).subtracting(down[node.number] ?? [])
            }
        }
    }

    /// Waits until links are as patient as configured: libknet waits up to ten times as long for one that has come up, or was
    /// configured, in the last nine seconds (spec: knet.md 18).
    func awaitSettledLinks() throws {
        try wait(for: "settled links", within: .seconds(12)) {
            nodes.allSatisfy { node in
                node.log.linkEvents.last?.time.map { $0.milliseconds(to: .now) > 9500 } ?? false
            }
        }
    }
}
