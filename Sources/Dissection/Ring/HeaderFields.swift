import Basics
import TotemWire

extension FieldList {
    /// The 13 bytes every packet of 3.x begins with.
    mutating func header(_ header: PacketHeader, nodeMeaning: String) {
        add(
            2, "magic", .hexadecimal(UInt64(PacketHeader.magic)),
            header.order == .little ? "little-endian sender" : "big-endian sender")
        add(1, "version", .number(PacketHeader.version), "Corosync 3")
        add(1, "type", .number(header.type.rawValue), header.type.logName)
        add(1, "encapsulated", .number(header.encapsulated), FieldList.encapsulation(header))
        add(4, "nodeid", .node(header.nodeID), nodeMeaning)
        add(
            4, "target_nodeid", .node(header.targetNodeID),
            header.targetNodeID == .none ? "everybody" : "the destination on libknet; without meaning on UDP")
    }

    private static func encapsulation(_ header: PacketHeader) -> String {
        guard header.type == .mcast else { return header.encapsulated == 0 ? "" : "without meaning here" }
        return switch header.encapsulated {
        case Encapsulation.recovery: "recovery: a message of the old ring inside"
        case Encapsulation.frame: "a frame with messages inside"
        default: "no known value"
        }
    }
}

func nodeList(_ nodes: [NodeID]) -> String {
    nodes.isEmpty ? "nobody" : nodes.map(\.description).joined(separator: " ")
}
