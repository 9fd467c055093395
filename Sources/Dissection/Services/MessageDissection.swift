import ClusterServices
import TotemWire

extension Dissector {
    /// Explains a message from its group names on; returns its name for the line. Of a cut message only the beginning
    /// is there.
    func message(_ message: Span<UInt8>, _ order: ByteOrder, isCut: Bool, at list: inout FieldList) -> String {
        let base = list.offset
        guard let address = try? GroupAddress(decoding: message, order: order) else {
            list.add(message.count, "data", .text("\(message.count) bytes"), isCut ? "" : "no group names")
            return isCut ? "a message" : "a message without group"
        }
        let group = address.includesSynchronization ? "sync" : address.includesServices ? "a" : "another group"
        list.add(
            address.dataOffset, "group", .text(group),
            address.includesSynchronization
                ? "the synchronisation protocol" : address.includesServices ? "all services" : "")
        let body = message.extracting(address.dataOffset...)
        guard let header = try? ServiceHeader(decoding: body, order: order) else {
            list.add(body.count, "data", .text("\(body.count) bytes"), isCut ? "" : "no service header")
            return isCut ? "a message" : "a message of \(counted(body.count, "byte"))"
        }
        let name =
            address.includesSynchronization
            ? MessageName(synchronization: header.id) : MessageName(service: header.service, header.function)
        list.add(4, "id", .hexadecimal(UInt64(header.id)), name.text)
        list.skip(4)
        list.add(4, "size", .number(header.size), "as its sender states it")
        list.skip(4)
        guard !isCut else {
            return "\(name.text) (\(header.size) bytes)"
        }
        var details: ServiceDetails
        do throws(WireError) {
            details =
                address.includesSynchronization
                ? try ServiceDetails(synchronization: header.id, body, order)
                : try ServiceDetails(service: header.service, header.function, body, order)
        } catch {
            details = ServiceDetails(words: "malformed: \(error)")
        }
        for field in details.fields { list.note(field.name, field.value, field.meaning) }
        list.skip(max(0, base + message.count - list.offset))
        let size = counted(body.count, "byte")
        return "\(name.text)\(details.words.isEmpty ? "" : " " + details.words) (\(size))"
    }
}

/// What a service calls a message (spec: services.md 1.1).
struct MessageName {
    var text: String

    private static let services: [UInt16: (name: String, functions: [String])] = [
        0: ("cmap", ["MCAST"]),
        1: ("cfg", ["RINGREENABLE", "KILLNODE", "SHUTDOWN", "RELOAD_CONFIG", "CRYPTO_RECONFIG"]),
        2: (
            "cpg", ["PROCJOIN", "PROCLEAVE", "JOINLIST", "MCAST", "DOWNLIST_OLD", "DOWNLIST", "PARTIAL_MCAST"]
        ),
        3: ("quorum", []),
        4: ("pload", ["START", "MCAST"]),
        5: ("votequorum", ["NODEINFO", "RECONFIGURE", "QDEVICE_REG", "QDEVICE_RECONFIGURE", "QDEVICE_EXTRA_NODEINFO"]),
        6: ("mon", []),
        7: ("wd", []),
    ]

    init(service: UInt16, _ function: UInt16) {
        guard let entry = Self.services[service] else {
            text = "service \(service) function \(function)"
            return
        }
        let name = Int(function) < entry.functions.count ? entry.functions[Int(function)] : "function \(function)"
        text = "\(entry.name) \(name)"
    }

    init(synchronization id: UInt32) {
        switch id {
        case Barrier.id: text = "sync BARRIER"
        case ServiceBuild.id: text = "sync SERVICE_BUILD"
        default: text = "sync message \(id)"
        }
    }
}
