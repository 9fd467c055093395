import Basics
import ClusterConfiguration
import Foundation

/// Files of real daemons beside the tests.
enum Fixtures {
    static let all = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures")
    static let runtimeConfig = all.appending(path: "runtime-config")

    static let runtimeConfigNames: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: runtimeConfig.path)) ?? [])
        .filter { $0.hasSuffix(".conf") }.map { String($0.dropLast(5)) }.sorted()

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: all.appending(path: name)))
    }

    static func lines(_ name: String) throws -> [String] {
        String(decoding: try bytes(name), as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

/// A machine with the addresses the fixtures' first node has.
let firstNode = HostFacts(
    hostName: "node1",
    interfaces: [
        InterfaceAddress(
            interface: "lo", address: .v4(0x7F00_0001), netmask: .v4(0xFF00_0000), isUp: true, index: 1),
        InterfaceAddress(
            interface: "eth0", address: .v4(0x0A4D_0001), netmask: .v4(0xFFFF_FF00), isUp: true, index: 2),
        InterfaceAddress(
            interface: "eth1", address: .v4(0x0A4E_0001), netmask: .v4(0xFFFF_FF00), isUp: true, index: 3),
    ])

func document(_ text: String, file: String = "corosync.conf") throws -> ConfigurationDocument {
    try ConfigurationDocument(Array(text.utf8), file: file)
}

func configuration(
    _ text: String, host: HostFacts = firstNode, names: NameTable = NameTable()
) throws -> ClusterConfiguration {
    try ClusterConfiguration(try document(text), host: host, names: names)
}

/// A configuration of `nodes` nodes with addresses 10.77.0.1 and on.
func text(nodes: Int, transport: String = "udpu", totem: [String] = [], links: [Int] = [0]) -> String {
    var lines =
        ["totem {", "version: 2", "cluster_name: rondo", "transport: \(transport)"] + totem + ["}", "nodelist {"]
    for node in 1...nodes {
        lines += ["node {"] + links.map { "ring\($0)_addr: 10.\(77 + $0).0.\(node)" }
        lines += ["name: node\(node)", "nodeid: \(node)", "}"]
    }
    return (lines + ["}"]).joined(separator: "\n") + "\n"
}

/// The error `body` throws; nil when it throws none.
func configurationError(_ body: () throws -> Void) -> ConfigurationError? {
    do {
        try body()
        return nil
    } catch {
        return error as? ConfigurationError
    }
}
