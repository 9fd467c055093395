import Glibc

/// Pacemaker on one node of the laboratory: started beside the cluster engine, ended, and asked what it sees.
public final class ResourceManager {
    public let node: Node
    private var process: ChildProcess?
    /// Pacemaker's own log, all its daemons in one file, across restarts.
    public var logPath: String { node.folder + "/pacemaker.log" }

    /// Why Pacemaker cannot be tried on this machine; nil when it can.
    public static let absence: String? = {
        let needed = [
            ("pacemakerd", "pacemaker"), ("crm_mon", "pacemaker-cli-utils"),
            ("/usr/lib/ocf/resource.d/pacemaker/Dummy", "pacemaker-resource-agents"),
        ]
        let missing = needed.filter { findProgram($0.0) == nil }.map(\.1)
        return missing.isEmpty ? nil : "no Pacemaker here (apt-get install \(missing.joined(separator: " ")))"
    }()

    /// Makes the places Pacemaker keeps its files in, private to the node, with the first version of its configuration.
    ///
    /// - Parameter configuration: The cluster information base, as XML.
    public init(on node: Node, configuration: String) throws {
        self.node = node
        try mustRun(node.machine.entrance + ["/bin/sh", "-c", Self.places], input: configuration)
    }

    /// The folders are those of Debian's package, which has made the user too.
    private static let places = """
        set -e
        for place in /var/lib/pacemaker /var/log/pacemaker; do mount -t tmpfs -o mode=755,size=64m lab "$place"; done
        for place in blackbox cib cores pengine; do
            install -d -o hacluster -g haclient -m 750 "/var/lib/pacemaker/$place"
        done
        cat > /var/lib/pacemaker/cib/cib.xml
        chown hacluster:haclient /var/log/pacemaker /var/lib/pacemaker/cib/cib.xml
        chmod 600 /var/lib/pacemaker/cib/cib.xml
        """

    /// Starts Pacemaker; the engine should be there.
    public func start() throws {
        process = try ChildProcess(
            node.machine.entrance + [
                "env", "PCMK_logfile=/run/lab/pacemaker.log", "PCMK_logfacility=none", "pacemakerd",
            ], output: .file(node.folder + "/pacemakerd.log"), errors: .file(node.folder + "/pacemakerd.log"))
    }

    /// Stops Pacemaker as a service manager would: it hands over what it runs and ends.
    public func stop(within limit: Duration = .seconds(30)) throws {
        guard let process else { return }
        for child in children(of: process.pid) { kill(child, SIGTERM) }
        let status = process.wait(within: limit)
        self.process = nil
        guard status == .exited(0) else {
            process.destroy()
            throw LabError.timedOut(
                what: "\(node.machine.name): the clean end of Pacemaker (\(status ?? .timedOut))", limit: limit,
                diagnostics: report())
        }
    }

    /// Takes the node away with all it runs.
    public func killNode() throws {
        try node.killEverything()
        process?.destroy()
        process = nil
    }

    // MARK: Questions

    /// What `crm_mon` shows here.
    public func status() throws -> ResourceStatus {
        ResourceStatus(try node.run("crm_mon", "-1", within: .seconds(15)).output)
    }

    /// Whether the test resource of this name really runs here: its agent keeps a file while it does.
    public func runs(_ resource: String) -> Bool {
        access(node.outside("/run/Dummy-\(resource).state"), F_OK) == 0
    }

    /// The log's lines so far.
    public func log() throws -> [PacemakerLogLine] {
        try readText(logPath).split(separator: "\n").compactMap { PacemakerLogLine(String($0)) }
    }

    /// What to show when a test fails.
    public func report(lines count: Int = 30) -> String {
        let lines = ((try? readText(logPath)) ?? "").split(separator: "\n").suffix(count)
        return "--- Pacemaker on \(node.machine.name)\n" + lines.joined(separator: "\n") + "\n"
    }

    deinit { process?.destroy() }
}
