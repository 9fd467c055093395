import Glibc

/// A small cluster of machines on one switch, on this machine: each node in namespaces of its own, nothing visible
/// from outside, everything gone when the test process ends.
///
/// Used from one test at a time; its calls block.
public final class Laboratory {
    public let nodes: [Node]
    let wiring: Switch
    /// Logs and captures; removed at the end unless RONDO_LAB_KEEP is set.
    public let folder: String
    /// The configuration all nodes were last given.
    public private(set) var configuration = RingConfiguration()
    private var closed = false
    private static let keepsFolders = environmentVariable("RONDO_LAB_KEEP") != nil

    /// - Parameters:
    ///   - count: How many nodes, with addresses 10.77.0.1 and fd77::1 and so on.
    ///   - ids: Their node ids; 1, 2, … by default.
    ///   - links: How many links connect them, each a network of its own: 10.78.0.1 and fd78::1 are on link 1.
    public init(nodes count: Int, ids: [UInt32]? = nil, links: Int = 1) throws {
        guard Requirements.missing.isEmpty else { throw LabError.machineNotReady(Requirements.missing) }
        let base = environmentVariable("TMPDIR") ?? "/tmp"
        var template = Array("\(base)/rondo-lab-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw LabError.systemCall(name: "mkdtemp", errno: errno, what: base) }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(folder, 0o755)
        wiring = try Switch(links: links, folder: folder, keeping: Self.keepsFolders)
        var made: [Node] = []
        for number in 1...count {
            let id = ids.map { $0[number - 1] } ?? UInt32(number)
            let node = try Node(number: number, id: id, folder: folder)
            try wiring.plug(node)
            made.append(node)
        }
        nodes = made
    }

    deinit { close() }

    /// Ends every daemon and machine. A second call does nothing.
    public func close() {
        guard !closed else { return }
        closed = true
        // The kernel takes its time with every namespace: all of them at once.
        release()
        wiring.relay?.end()
        for node in nodes { node.end() }
        wiring.machine.end()
        if !Self.keepsFolders { _ = try? run(["rm", "-rf", "--one-file-system", folder]) }
    }

    /// Lets every machine end, without waiting: for laboratories that are closed together.
    public func release() {
        for node in nodes { node.release() }
    }

    /// Node N of the laboratory, counted from 1.
    public func node(_ number: Int) -> Node { nodes[number - 1] }

    /// Gives every node the configuration, and the key where it says one. An empty node list is filled with the IPv4
    /// addresses of all nodes, or of the first `listed`, on as many links as the configuration has.
    public func configure(_ configuration: RingConfiguration, listed: Int? = nil) throws {
        var complete = configuration
        if complete.nodes.isEmpty {
            complete.nodes = nodes.prefix(listed ?? nodes.count).map { node in
                // Corosync wants names where there are several links.
                NodeAddress(
                    id: node.id, addresses: (0..<configuration.links).map(node.address(onLink:)),
                    name: configuration.isNamed || configuration.links > 1 ? "node\(node.number)" : nil)
            }
        }
        self.configuration = complete
        for node in nodes {
            if let key = complete.key { try node.writeKey(key) }
            try node.configure(complete.text)
        }
    }

    /// The timings of the configuration all nodes have.
    public var timings: ExpectedTimings { ExpectedTimings(configuration) }

    /// Starts an engine on each node, in order.
    public func start(_ engines: [Engine]) throws {
        for (node, engine) in zip(nodes, engines) { try node.start(engine) }
    }

    /// The nodes with these numbers, or all that run.
    func selected(_ numbers: [Int]?) -> [Node] {
        numbers.map { $0.map(node) } ?? nodes.filter(\.isRunning)
    }

    /// What to show when a test fails.
    public func report() -> String {
        nodes.map { $0.report() }.joined(separator: "\n")
    }
}
