import Glibc

/// The cluster engines a node can run.
public enum Engine: String, Sendable, CaseIterable, CustomStringConvertible {
    case corosync
    case rondo

    public var description: String {
        switch self {
        case .corosync: "Corosync"
        case .rondo: "Rondo"
        }
    }

    /// The daemon's program file; nil when it cannot be found.
    public var program: String? {
        switch self {
        case .corosync: findProgram(environmentVariable("COROSYNC") ?? "corosync")
        case .rondo: Self.rondod
        }
    }

    /// Whether the daemon is there and answers when asked for its version.
    public var isAvailable: Bool {
        switch self {
        case .corosync: Self.corosyncAnswers
        case .rondo: Self.rondoAnswers
        }
    }

    /// Why the engine is not available, in one line.
    public var absence: String {
        switch self {
        case .corosync: "no corosync here (apt-get install corosync)"
        case .rondo:
            "no rondod here (swift build --product rondod, or set RONDOD to its path); "
                + "found: \(program ?? "nothing")"
        }
    }

    private static let corosyncAnswers = answers(Engine.corosync.program)
    private static let rondoAnswers = answers(rondod)

    private static func answers(_ program: String?) -> Bool {
        guard let program, let result = try? run([program, "-v"]) else { return false }
        return result.succeeded && result.output.contains("Corosync")
    }

    /// RONDOD if set, else the newest build of this checkout.
    private static let rondod: String? = {
        if let given = environmentVariable("RONDOD") { return findProgram(given) }
        let builds = ["release", "debug"].map { "\(Checkout.root)/.build/\($0)/rondod" }
        return builds.filter { access($0, X_OK) == 0 }.max { modificationTime($0) < modificationTime($1) }
    }()
}

/// The checkout this laboratory was built from.
public enum Checkout {
    /// The folder that holds Package.swift.
    public static let root: String = {
        let parts = #filePath.split(separator: "/").dropLast(4)
        return "/" + parts.joined(separator: "/")
    }()
}

private func modificationTime(_ path: String) -> Int {
    var info = stat()
    return stat(path, &info) == 0 ? info.st_mtim.tv_sec : 0
}
