import CaptureFiles
import Dissection
import JSONText

/// A packet as a JSON object; the shape is described in rondo-decode(1).
enum PacketJSON {
    static func value(_ packet: DissectedPacket, _ datagram: Datagram) -> JSONValue {
        .object([
            ("frame", .integer(datagram.frameNumber)),
            ("time", datagram.time.map { .number(seconds($0)) } ?? .null),
            ("source", .optional(datagram.source.map(\.description))),
            ("destination", .optional(datagram.destination.map(\.description))),
            ("bytes", .integer(datagram.payload.count)),
            ("missing", .integer(datagram.missing)),
            ("segment", .integer((datagram.segment?.index ?? 0) + 1)),
            ("segments", .integer(datagram.segment?.count ?? 1)),
            ("sealing", sealing(datagram.sealing)),
            ("format", .string(packet.format)),
            ("kind", .string(packet.kind.rawValue)),
            ("title", .string(packet.title)),
            ("words", .string(packet.words)),
            ("node", .optional(packet.node)),
            ("ring", .optional(packet.ring)),
            ("problem", .optional(packet.problem)),
            ("interval", packet.sinceSameKind.map { .number(seconds($0)) } ?? .null),
            ("rotation", packet.rotation.map { .number(seconds($0)) } ?? .null),
            ("fields", object(packet.fields)),
        ])
    }

    private static func sealing(_ sealing: Datagram.Sealing) -> JSONValue {
        switch sealing {
        case .unknown: .null
        case .opened(let suite): .string(suite)
        case .locked: .string("locked")
        }
    }

    static func summary(_ dissector: Dissector, _ others: OtherFrames) -> JSONValue {
        let statistics = dissector.statistics
        return .object([
            (
                "summary",
                .object([
                    ("packets", .integer(statistics.total)),
                    (
                        "kinds",
                        .object(
                            PacketKind.allCases.compactMap { kind in
                                statistics.packets[kind].map { (kind.rawValue, .integer($0)) }
                            })
                    ),
                    ("nodes", .array(dissector.nodes.map { .string($0) })),
                    ("rings", .array(dissector.rings.map { .string($0) })),
                    ("rotation", spread(statistics.rotationSpread)),
                    ("held_rotation", spread(statistics.heldRotationSpread)),
                    ("retransmit_requests", .integer(statistics.requests)),
                    ("retransmitted", .integer(statistics.retransmitted)),
                    ("repeated_tokens", .integer(statistics.repeatedTokens)),
                    ("damaged", .integer(statistics.damaged)),
                    ("other_frames", .integer(others.count)),
                    ("incomplete", .integer(others.incomplete)),
                    ("filtered", .integer(others.filtered)),
                    ("limited", .integer(others.limited)),
                    ("not_captured", .integer(others.notCaptured)),
                ])
            )
        ])
    }

    private static func spread(_ spread: Statistics.Spread?) -> JSONValue {
        guard let spread else { return .null }
        return .object([
            ("minimum", .number(seconds(spread.minimum))), ("median", .number(seconds(spread.median))),
            ("maximum", .number(seconds(spread.maximum))), ("count", .integer(spread.count)),
        ])
    }

    /// Fields by name; a name that comes again gets its number.
    private static func object(_ fields: [Field]) -> JSONValue {
        var names: [String: Int] = [:]
        return .object(
            fields.map { field in
                let count = names[field.name, default: 0] + 1
                names[field.name] = count
                return (count == 1 ? field.name : "\(field.name) \(count)", value(field.value))
            })
    }

    private static func value(_ value: FieldValue) -> JSONValue {
        switch value {
        case .unsigned(let number): .integer(number)
        case .signed(let number): .integer(number)
        case .hexadecimal(let number): .integer(number)
        case .text(let text): .string(text)
        case .flag(let flag): .bool(flag)
        case .ring(let ring):
            .object([
                ("rep", .integer(ring.representative.rawValue)), ("seq", .integer(ring.sequence)),
                ("name", .string(ring.description)),
            ])
        case .list(let values): .array(values.map(Self.value))
        case .group(let fields): object(fields)
        }
    }

    private static func seconds(_ time: CaptureTime) -> String {
        "\(time.seconds)." + String(1_000_000_000 + time.nanoseconds).dropFirst()
    }

    private static func seconds(_ nanoseconds: Int64) -> String {
        let magnitude = nanoseconds.magnitude
        return (nanoseconds < 0 ? "-" : "") + "\(magnitude / 1_000_000_000)."
            + String(1_000_000_000 + magnitude % 1_000_000_000).dropFirst()
    }
}
