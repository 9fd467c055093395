/// Why a datagram could not be decoded, with the kind of packet it claims to be.
public enum PacketError: Error, Equatable, CustomStringConvertible {
    case header(HeaderError)
    case body(PacketType, WireError)

    public var description: String {
        switch self {
        case .header(.tooShort(let length)):
            "too short: the header needs \(PacketHeader.size) bytes, the packet has \(length)"
        case .header(.badMagic(let guess)): "bad magic number, probably sent by \(guess.rawValue)"
        case .header(.unsupportedVersion(let version)): "version \(version), allowed is \(PacketHeader.version)"
        case .header(.wrongType(let type)): "type \(type), allowed is 0...5"
        case .body(let type, let error): "\(type.logName): \(error)"
        }
    }
}

extension WireError {
    /// The line Corosync logs for a packet of `type` with this error, to the letter where Corosync has that check
    /// (spec: totem.md 6); the others follow its manner.
    public func logText(for type: PacketType) -> String {
        let name = "Received \(type.logName) message"
        return switch self {
        case .short: "\(name) is too short...  ignoring."
        case .invalid(let field, _, _):
            switch field.description {
            case "rtr_list_entries": "\(name) rtr_entries is corrupted...  ignoring."
            case "proc_list_entries", "failed_list_entries":
                "\(name) list_entries exceeds the maximum allowed value...  ignoring."
            case "orf_token length", "mcast length": "\(name) is too long...  ignoring."
            default: "\(name) \(field) is corrupted...  ignoring."
            }
        }
    }
}
