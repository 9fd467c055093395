import Basics
import Foundation
import TotemWire

/// Messages captured from real rings; `Vectors/README.md` explains each.
enum Vectors {
    static func bytes(_ name: String) throws -> [UInt8] { try unhex(text(name + ".hex")) }

    /// Names of all single-message files, without their ending.
    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(at: directory(), includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "hex" }.map { $0.deletingPathExtension().lastPathComponent }.sorted()
    }

    /// One line of a captured start-up.
    struct Line: Sendable {
        var ring: RingID
        var sender: NodeID
        var isSynchronization: Bool
        var name: String
        var bytes: [UInt8]
    }

    static func sequence(_ name: String) throws -> [Line] {
        try text(name + ".txt").split(separator: "\n").map { line in
            let words = line.split(separator: " ").map(String.init)
            let ring = words[0].split(separator: ".").map { UInt64($0, radix: 16) ?? 0 }
            return Line(
                ring: RingID(representative: NodeID(UInt32(ring[0])), sequence: ring[1]),
                sender: NodeID(UInt32(words[2]) ?? 0), isSynchronization: words[3] == "sync", name: words[4],
                bytes: try unhex(words[5]))
        }
    }

    private static func directory() throws -> URL {
        guard let base = Bundle.module.resourceURL else { throw CocoaError(.fileNoSuchFile) }
        return base.appendingPathComponent("Vectors")
    }

    private static func text(_ file: String) throws -> String {
        try String(contentsOf: directory().appendingPathComponent(file), encoding: .utf8)
    }

    private static func unhex(_ text: String) throws -> [UInt8] {
        let digits = Array(text.utf8.filter { $0 > 0x20 })
        guard digits.count.isMultiple(of: 2) else { throw CocoaError(.fileReadCorruptFile) }
        return try stride(from: 0, to: digits.count, by: 2).map { index in
            let pair = String(decoding: digits[index...index + 1], as: UTF8.self)
            guard let byte = UInt8(pair, radix: 16) else { throw CocoaError(.fileReadCorruptFile) }
            return byte
        }
    }
}
