// swift-tools-version: 6.2
import PackageDescription

/// The rooms that decide are optimised in debug builds too, which keep their assertions: the simulator's tests play hours of
/// whole clusters. With RONDO_UNOPTIMIZED set they are not, which is better for stepping through them with a debugger.
let optimized: [SwiftSetting] =
    Context.environment["RONDO_UNOPTIMIZED"] == nil
    ? [
        .unsafeFlags(
            [
                "-O", "-disable-batch-mode", "-whole-module-optimization", "-num-threads", "2", "-assert-config",
                "Debug",
            ],
            .when(configuration: .debug))
    ] : []

// What a room is, its settings say, and only they: Scripts/lint reads it here.

/// Rooms that decide: deterministic, no I/O, and no `unsafe` anywhere.
let pure: [SwiftSetting] =
    optimized + [
        .swiftLanguageMode(.v6),
        .strictMemorySafety(),
        .enableExperimentalFeature("Lifetimes"),
    ]

/// For the machines in which the simulator's tests plant defects: in a debug build these are compiled in.
let planted: [SwiftSetting] = [.define("PLANTED_DEFECTS", .when(configuration: .debug))]

/// Rooms of the daemon that touch the operating system or a C library; they import no Foundation.
let shell: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableExperimentalFeature("Lifetimes"),
]

/// Tools, tests and libraries for other programs.
let tool = shell

/// Programs that are installed bring Swift's libraries along, so that they run where no toolchain is, and are bound when they
/// are loaded, so that nothing they call through stays writable (full RELRO).
let shipped: [LinkerSetting] = [
    .unsafeFlags(["-static-stdlib", "-Xlinker", "-z", "-Xlinker", "now"], .when(configuration: .release))
]

/// A program with Foundation names what that needs when it is compiled against the libraries it brings along.
let shippedWithFoundation: [SwiftSetting] = [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))]

/// What holds a cluster engine by value is compiled against the layout of everything in it; SwiftPM compiles a target anew
/// only for its direct dependencies, so all of them are named.
let engine: [Target.Dependency] = [
    "ClusterEngine", "Totem", "Links", "ClusterServices", "ClusterConfiguration", "ClusterMap", "ClientProtocol",
    "TotemWire", "Basics",
]

let package = Package(
    name: "rondo",
    products: [
        .executable(name: "rondod", targets: ["rondod"]),
        .executable(name: "rondo", targets: ["rondo"]),
        .executable(name: "rondo-tools", targets: ["rondo-tools"]),
        .library(name: "RondoKit", targets: ["RondoKit"]),
    ],
    dependencies: [
        // Exactly this one, so that two builds of one commit are of the same sources.
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
    ],
    targets: [
        // Facts and wire.
        .target(name: "Basics", swiftSettings: pure + planted),
        .target(name: "TotemWire", dependencies: ["Basics"], swiftSettings: pure),
        .target(name: "CaptureFiles", dependencies: ["TotemWire", "Basics"], swiftSettings: pure),
        .target(name: "ClusterConfiguration", dependencies: ["Basics", "TotemWire"], swiftSettings: pure),
        .target(name: "ClusterMap", dependencies: ["Basics"], swiftSettings: pure),
        .target(name: "ClientProtocol", dependencies: ["TotemWire", "ClusterMap", "Basics"], swiftSettings: pure),
        // The rings in shared memory and the handshake of libqb's clients.
        .target(name: "LocalWire", dependencies: ["TotemWire"], swiftSettings: pure),

        // The ring and what runs on it.
        .target(
            name: "Totem", dependencies: ["TotemWire", "Basics"], swiftSettings: pure + planted),
        // A ring's packets to datagrams on links, and back.
        .target(name: "Links", dependencies: ["TotemWire", "Basics"], swiftSettings: pure + planted),
        .target(
            name: "ClusterServices", dependencies: ["Totem", "TotemWire", "Basics", "ClusterMap"],
            swiftSettings: pure),
        .target(
            name: "ClusterEngine",
            dependencies: [
                "Totem", "Links", "ClusterServices", "ClusterConfiguration", "ClusterMap", "ClientProtocol", "Basics",
            ],
            swiftSettings: pure),
        .target(
            name: "Dissection", dependencies: ["CaptureFiles", "ClusterServices", "Links", "TotemWire", "Basics"],
            swiftSettings: pure),
        // JSON as text.
        .target(name: "JSONText", swiftSettings: pure),
        .target(
            name: "Simulator", dependencies: engine, swiftSettings: pure + planted),

        // Shells.
        .target(
            name: "CPosix",
            cSettings: [
                .define("_FORTIFY_SOURCE", to: "3", .when(configuration: .release)),
                .unsafeFlags(["-fstack-protector-strong", "-fstack-clash-protection"], .when(configuration: .release)),
            ]),
        // What opens libcrypto and the compression libraries when they are wanted: nothing of them is linked.
        .target(
            name: "CSealing",
            cSettings: [
                .define("_FORTIFY_SOURCE", to: "3", .when(configuration: .release)),
                .unsafeFlags(["-fstack-protector-strong", "-fstack-clash-protection"], .when(configuration: .release)),
            ]),
        .target(
            name: "Transports",
            dependencies: ["CPosix", "Sealing", "CSealing", "Links", "ClusterConfiguration", "TotemWire", "Basics"],
            swiftSettings: shell),
        .target(
            name: "Sealing", dependencies: ["CSealing", "Links", "ClusterConfiguration", "Basics"],
            swiftSettings: shell),
        .target(
            name: "LocalIPC",
            dependencies: ["CPosix", "LocalWire", "ClientProtocol", "ClusterMap", "TotemWire", "Basics"],
            swiftSettings: shell),
        // The client's side of it.
        .target(
            name: "LocalClient",
            dependencies: ["CPosix", "LocalWire", "ClientProtocol", "ClusterMap", "TotemWire", "Basics"],
            swiftSettings: shell),
        // What a configuration asks of the machine it is read on.
        .target(
            name: "Host", dependencies: ["ClusterConfiguration", "Transports", "Sealing", "CSealing", "Basics"],
            swiftSettings: shell),
        .target(
            name: "Daemon",
            dependencies: engine + ["CPosix", "LocalIPC", "Transports", "Sealing", "CSealing", "Host"],
            swiftSettings: shell),
        .target(
            name: "Demonstration", dependencies: engine + ["Transports", "Sealing", "CPosix"],
            swiftSettings: tool),

        // For programs on the cluster of either engine.
        .target(
            name: "RondoKit", dependencies: ["LocalClient", "ClientProtocol", "ClusterMap", "TotemWire", "Basics"],
            swiftSettings: tool),
        .executableTarget(
            name: "replicated-map", dependencies: ["RondoKit"], path: "Examples/replicated-map",
            exclude: ["README.md"], swiftSettings: tool),

        // The tools of Corosync's names, for administrators and the programs that read what they print.
        .target(
            name: "ClusterTools", dependencies: ["RondoKit", "JSONText", "Sealing", "ClusterConfiguration", "Basics"],
            swiftSettings: tool),

        // Executables.
        .executableTarget(
            name: "rondod", dependencies: engine + ["Daemon", "Transports", "Sealing", "LocalIPC", "CPosix"],
            swiftSettings: shell,
            linkerSettings: shipped),
        .executableTarget(
            name: "rondo",
            dependencies: engine + [
                "CaptureFiles", "Dissection", "Simulator", "Demonstration", "Host", "Sealing", "JSONText",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: tool + shippedWithFoundation, linkerSettings: shipped),
        .executableTarget(
            name: "rondo-tools", dependencies: ["ClusterTools"], swiftSettings: tool, linkerSettings: shipped),

        // Tests.
        .target(
            name: "ClusterLab", dependencies: ["CPosix"], path: "Tests/ClusterLab", exclude: ["Relay"],
            swiftSettings: tool),
        .testTarget(
            name: "TotemWireTests", dependencies: ["TotemWire", "CaptureFiles", "Basics"],
            resources: [.copy("Vectors")],
            swiftSettings: tool),
        .testTarget(
            name: "ClusterConfigurationTests", dependencies: ["ClusterConfiguration", "Basics"], swiftSettings: tool),
        .testTarget(name: "ClusterMapTests", dependencies: ["ClusterMap"], swiftSettings: tool),
        .testTarget(name: "LocalWireTests", dependencies: ["LocalWire", "TotemWire"], swiftSettings: tool),
        .testTarget(name: "ClientProtocolTests", dependencies: ["ClientProtocol", "Basics"], swiftSettings: tool),
        // Clients on libqb, for tests.
        .systemLibrary(
            name: "CQB", path: "Tests/CQB", pkgConfig: "libqb", providers: [.apt(["libqb-dev"])]),
        .executableTarget(
            name: "ipc-probe",
            dependencies: engine + ["LocalIPC", "LocalClient", "CQB", "CPosix"],
            path: "Tests/IPCProbe", swiftSettings: tool),
        .testTarget(
            name: "LocalIPCTests",
            dependencies: [
                "LocalIPC", "LocalClient", "ClientProtocol", "ClusterMap", "LocalWire", "TotemWire", "ClusterLab",
                "ipc-probe",
                "Basics",
            ],
            exclude: ["Clients"],
            swiftSettings: tool),
        .testTarget(name: "TotemTests", dependencies: ["Totem", "Basics"], swiftSettings: tool),
        .testTarget(
            name: "LinksTests", dependencies: ["Links", "TotemWire", "Basics"], resources: [.copy("Vectors")],
            swiftSettings: tool),
        .testTarget(
            name: "ClusterServicesTests", dependencies: ["ClusterServices", "Basics"], resources: [.copy("Vectors")],
            swiftSettings: tool),
        .testTarget(name: "ClusterEngineTests", dependencies: engine, swiftSettings: tool),
        .testTarget(
            name: "SimulatorTests", dependencies: ["Simulator", "Links", "Basics"], swiftSettings: tool + planted),
        .testTarget(
            name: "TransportsTests", dependencies: ["Transports", "Links", "TotemWire", "CPosix", "Basics"],
            swiftSettings: tool),
        .testTarget(
            name: "SealingTests", dependencies: ["Sealing", "CSealing", "Links", "ClusterConfiguration", "Basics"],
            exclude: ["Vectors", "Bombs"], swiftSettings: tool),
        .testTarget(name: "DemonstrationTests", dependencies: engine + ["Demonstration"], swiftSettings: tool),
        .testTarget(name: "RondoTests", dependencies: ["rondo", "rondo-tools"], swiftSettings: tool),
        .testTarget(name: "ClusterToolsTests", dependencies: ["ClusterTools"], swiftSettings: tool),
        .testTarget(name: "DaemonTests", dependencies: ["Daemon", "Host", "rondod", "Basics"], swiftSettings: tool),
        .executableTarget(
            name: "rondo-bench",
            dependencies: ["ClusterLab", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Benchmarks/compare", swiftSettings: tool),
        .target(name: "SealingAnew", path: "Benchmarks/sealing-anew"),
        .executableTarget(
            name: "seal-bench", dependencies: ["Sealing", "SealingAnew", "ClusterConfiguration"],
            path: "Benchmarks/sealing", swiftSettings: tool),
        // What Scripts/test counts with.
        .executableTarget(name: "tally", path: "Tests/Tally", swiftSettings: tool),
        .testTarget(name: "TallyTests", dependencies: ["tally"], swiftSettings: tool),
        .executableTarget(
            name: "rondokit-probe", dependencies: ["RondoKit"], path: "Tests/RondoKitProbe", swiftSettings: tool),
        .testTarget(
            name: "RondoKitTests", dependencies: ["RondoKit", "ClientProtocol", "ClusterMap", "replicated-map"],
            swiftSettings: tool),
        // What libFuzzer drives (see Scripts/fuzz), and its corpora replayed as a test.
        .target(
            name: "FuzzTargets", dependencies: engine + ["CaptureFiles", "Dissection", "LocalWire", "Sealing"],
            path: "Fuzzing/Targets",
            swiftSettings: pure),
        .testTarget(name: "FuzzTargetsTests", dependencies: ["FuzzTargets"], swiftSettings: tool),
        .testTarget(
            name: "InteroperabilityTests",
            dependencies: ["ClusterLab", "replicated-map", "rondokit-probe", "rondo", "rondo-tools"],
            exclude: ["Clients", "Scenarios"], swiftSettings: tool),
    ]
)

// The fuzzer itself links only where everything is built with `-sanitize=fuzzer`.
if Context.environment["RONDO_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "rondo-fuzz", dependencies: ["FuzzTargets"], path: "Fuzzing/Driver", swiftSettings: tool))
}

// The sanitizers are for the rooms that hold unsafe pointers (see Scripts/sanitize): only what their tests need.
if Context.environment["RONDO_SANITIZE"] != nil {
    var needed: Set = ["LocalIPCTests", "TransportsTests", "SealingTests", "ClientProtocolTests"]
    var count = 0
    while count < needed.count {
        count = needed.count
        for target in package.targets where needed.contains(target.name) {
            for case .byNameItem(let name, _) in target.dependencies { needed.insert(name) }
        }
    }
    package.products = []
    package.targets.removeAll { !needed.contains($0.name) }
}
