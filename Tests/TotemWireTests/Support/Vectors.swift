import Foundation
import TotemWire

/// The captured packets of `Vectors/`, and the table of every field in its README.
enum Vectors {
    static let directory = Bundle.module.resourceURL?.appendingPathComponent("Vectors")

    /// Names without `.hex`, ascending.
    static let names: [String] = {
        guard let directory, let files = try? FileManager.default.contentsOfDirectory(atPath: directory.path) else {
            return []
        }
        return files.filter { $0.hasSuffix(".hex") }.map { String($0.dropLast(4)) }.sorted()
    }()

    /// The packets of Corosync 3.x.
    static let current = names.filter { $0 < "80" }

    static func bytes(_ name: String) -> [UInt8] {
        guard let directory,
            let text = try? String(contentsOf: directory.appendingPathComponent(name + ".hex"), encoding: .utf8)
        else { return [] }
        return hex(text)
    }

    /// The one vector whose name begins with `number`.
    static func bytes(number: Int) -> [UInt8] {
        let prefix = (number < 10 ? "0" : "") + "\(number)-"
        return names.first { $0.hasPrefix(prefix) }.map(bytes) ?? []
    }

    static func hex(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// One row of the README's table of a packet.
    struct Row: Equatable, CustomStringConvertible {
        var offset: Int
        var size: Int
        var field: String
        var value: String

        var description: String { "| \(offset) | \(size) | \(field) | \(value) |" }
    }

    /// The rows of each packet, by its name.
    static let tables: [String: [Row]] = {
        guard let directory,
            let text = try? String(contentsOf: directory.appendingPathComponent("README.md"), encoding: .utf8)
        else { return [:] }
        var tables: [String: [Row]] = [:]
        var name = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("### ") { name = String(line.dropFirst(4)) }
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard cells.count >= 6, let offset = Int(cells[1]), let size = Int(cells[2]) else { continue }
            tables[name, default: []].append(
                Row(offset: offset, size: size, field: cells[3], value: cells[4...].dropLast().joined(separator: "|")))
        }
        return tables
    }()
}

extension Packet {
    /// The packet as sent by a machine of byte order `order`; of an mcast the header.
    func encoded(_ order: ByteOrder) -> [UInt8] {
        var writer = ByteWriter(order: order)
        encode(into: &writer)
        return writer.bytes
    }

    /// The packet with another byte order noted in its header, to compare what both orders decode to.
    func with(order: ByteOrder) -> Packet {
        switch self {
        case .orfToken(var packet):
            packet.header.order = order
            return .orfToken(packet)
        case .mcast(var packet):
            packet.header.order = order
            return .mcast(packet)
        case .mergeDetect(var packet):
            packet.header.order = order
            return .mergeDetect(packet)
        case .join(var packet):
            packet.header.order = order
            return .join(packet)
        case .commitToken(var packet):
            packet.header.order = order
            return .commitToken(packet)
        case .holdCancel(var packet):
            packet.header.order = order
            return .holdCancel(packet)
        case .beat(var packet):
            packet.header.order = order
            return .beat(packet)
        }
    }
}
