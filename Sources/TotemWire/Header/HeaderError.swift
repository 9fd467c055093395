/// Why a datagram is not a packet of this protocol at all (spec: totem.md 6).
public enum HeaderError: Error, Sendable, Hashable {
    /// Shorter than a header; the length in bytes.
    case tooShort(Int)
    /// Another protocol, by the look of its first bytes that of `guess`.
    case badMagic(guess: ForeignSender)
    /// This protocol in a version nobody has defined.
    case unsupportedVersion(UInt8)
    /// A type of packet that does not exist.
    case wrongType(UInt8)

    /// The line Corosync logs for it, to the letter, `address` being the sender's without port.
    public func logText(from address: String) -> String {
        switch self {
        case .tooShort(let length):
            "Message received from \(address) is too short...  Ignoring \(length)."
        case .badMagic(let guess):
            "Message received from \(address) has bad magic number (probably sent by \(guess.rawValue)).. Ignoring"
        case .unsupportedVersion(let version):
            "Message received from \(address) has unsupported version \(version)... Ignoring"
        case .wrongType(let type):
            "Message received from \(address) has wrong type...  ignoring \(Int8(bitPattern: type))."
        }
    }
}

/// Who sends datagrams with the first bytes of a foreign packet, in the words of Corosync's log (spec: totem.md 6).
public enum ForeignSender: String, Sendable, Hashable {
    case corosync22 = "Corosync 2.2"
    case corosync23 = "Corosync 2.3+"
    case unencryptedKronosnet = "unencrypted Kronosnet"
    case unencryptedCorosync = "unencrypted Corosync 2.0/2.1/1.x/OpenAIS"
    case encryptedOrUnknown = "encrypted Kronosnet/Corosync 2.0/2.1/1.x/OpenAIS or unknown"

    public init(first: UInt8, second: UInt8) {
        self =
            switch (first, second) {
            case (0xFF, 0xFF): .corosync22
            case (0xFE, 0xFE): .corosync23
            case (1, _): .unencryptedKronosnet
            case (0...5, _): .unencryptedCorosync
            default: .encryptedOrUnknown
            }
    }
}
