extension TimingInputs {
    /// What the configuration says about timings.
    public init(_ entries: ConfigurationEntries, transport: Transport, nodes: NodeList) {
        self.init(
            nodeCount: UInt32(truncatingIfNeeded: nodes.members(ofLink: 0).count), source: .nodeList,
            transport: transport)
        ringSize = UInt32(truncatingIfNeeded: nodes.nodes.count)
        for entry in entries.all { set(entry.key, entry.value, source: entry.source) }
        links = Self.linkNumbers(entries, nodes).map { number in
            var link = Link(number: number)
            func given(_ name: String) -> Given? {
                entries["totem.interface.\(number).\(name)"].map { Given(value: $0.value, source: $0.source) }
            }
            link.pongCount = given("knet_pong_count")
            link.pingInterval = given("knet_ping_interval")
            link.pingTimeout = given("knet_ping_timeout")
            return link
        }
    }

    /// What a configuration says about timings, without regard to which machine reads it.
    public init(_ document: ConfigurationDocument) throws(ConfigurationError) {
        let entries = document.entries
        self.init(entries, transport: try Transport.read(entries), nodes: try NodeList.read(entries))
    }

    private static func linkNumbers(_ entries: ConfigurationEntries, _ nodes: NodeList) -> [Int] {
        var numbers = Set(nodes.nodes.flatMap { $0.addresses.map(\.link) })
        for entry in entries.all where entry.key.hasPrefix("totem.interface.") {
            let parts = entry.key.split(separator: ".")
            if parts.count >= 4, let number = Int(parts[2]), number < LinkNumber.limit { numbers.insert(number) }
        }
        return numbers.isEmpty ? [0] : numbers.sorted()
    }
}

extension ConfigurationEntry {
    /// Where the value came from.
    public var source: ValueSource {
        guard let origin else { return .builtIn }
        return origin.file == Origin.override.file ? .override : .file(origin)
    }
}

extension Origin {
    /// Of a key that was set for one question and stands in no file.
    public static let override = Origin(file: "--set", line: 0)
}
