import Glibc

/// What `make install` puts on a machine, in a folder of its own, out of the build that is under test.
public struct Installation: Sendable {
    /// Where an administrator who says nothing gets it.
    public static let prefix = "/usr/local"
    /// `DESTDIR`: the folder that stands for the machine's root.
    public let root: String

    /// Why it cannot be tried here; nil when it can.
    public static var absence: String? {
        let needed = [("make", "make"), ("readelf", "binutils")]
        let missing = needed.filter { findProgram($0.0) == nil }.map(\.1)
        guard missing.isEmpty else { return "packages are missing (apt-get install \(missing.joined(separator: " ")))" }
        guard let folder = releaseFolder else { return "no release build here (make build)" }
        return access(folder + "/rondo", X_OK) == 0 ? nil : "no rondo beside rondod in \(folder) (make build)"
    }

    /// Where the release build of the daemon under test is.
    private static var releaseFolder: String? {
        guard let program = Engine.rondo.program, let slash = program.lastIndex(of: "/") else { return nil }
        let folder = String(program[..<slash])
        return folder.contains("/release") ? folder : nil
    }

    /// Installs into a folder what was built before; nothing is built here.
    public init(in root: String) throws {
        guard let folder = Self.releaseFolder else { throw LabError.machineNotReady([Self.absence ?? ""]) }
        self.root = root
        try mustRun(
            [
                "make", "--silent", "--directory=\(Checkout.root)", "--old-file=build", "install", "BIN=\(folder)",
                "PREFIX=\(Self.prefix)", "DESTDIR=\(root)",
            ], within: .seconds(30))
    }

    /// The programs, as they lie in the folder.
    public var programs: [String] {
        ["sbin/rondod", "bin/rondo", "lib/rondo/rondo-tools"].map { "\(root)\(Self.prefix)/\($0)" }
    }

    /// The daemon's unit.
    public var unit: String { "\(root)\(Self.prefix)/lib/systemd/system/rondod.service" }

    /// Runs a shell script on this machine with the programs where an administrator would have them, and without what a
    /// Swift toolchain has at run time.
    public func runWithoutToolchain(_ script: String, within limit: Duration = .seconds(30)) throws -> CommandResult {
        let folders = ["swift", "swift_static"].map { try? Self.toolchainLibraries() + "/" + $0 }.compactMap { $0 }
        let hiding = folders.filter { access($0, F_OK) == 0 }.map { "mount -t tmpfs lab '\($0)'" }
        guard !hiding.isEmpty else { throw LabError.unreadable("this toolchain's libraries were not found") }
        let commands = hiding + ["mount --bind '\(root)\(Self.prefix)' \(Self.prefix)", "cd /", script]
        return try run(
            [
                "unshare", "--mount", "--propagation", "private", "/bin/sh", "-e", "-c",
                commands.joined(separator: "\n"),
            ],
            within: limit)
    }

    /// The folder that holds the toolchain's `swift` and `swift_static`.
    private static func toolchainLibraries() throws -> String {
        let target = try mustRun(["swift", "-print-target-info"], within: .seconds(30)).output
        guard let key = target.firstRange(of: "\"runtimeResourcePath\": \""),
            let end = target[key.upperBound...].firstRange(of: "/swift\"")
        else { throw LabError.unreadable("where the toolchain has its libraries: \(target)") }
        return String(target[key.upperBound..<end.lowerBound])
    }
}
