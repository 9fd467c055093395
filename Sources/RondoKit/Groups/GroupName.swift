import ClientProtocol

/// The name of a process group: 1 to 128 bytes, any.
public struct GroupName: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The name itself.
    public let bytes: [UInt8]

    /// A name of the text's UTF-8. Whether it is short enough is seen when it is used.
    public init(_ text: String) { bytes = Array(text.utf8) }

    /// A name of any bytes. Whether there are few enough is seen when it is used.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    public init(stringLiteral text: String) { self.init(text) }

    /// The longest name, in bytes.
    public static let maximumLength = CpgName.capacity
}

extension GroupName: CustomStringConvertible {
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension GroupName {
    /// - Throws: `nameTooLong` also for no name at all.
    func forRequest(_ operation: String) throws(ClusterError) -> CpgName {
        guard (1...Self.maximumLength).contains(bytes.count) else {
            throw ClusterError(.nameTooLong, operation: operation, detail: "\(bytes.count) bytes")
        }
        return CpgName(bytes)
    }
}
