import TotemWire

extension [UInt8] {
    /// Appends bytes; compiles to one block copy.
    mutating func append(copying bytes: Span<UInt8>) {
        append(addingCapacity: bytes.count) { output in
            for index in bytes.indices { output.append(bytes[index]) }
        }
    }

    mutating func appendU16(_ value: UInt16) {
        let native = ByteOrder.native == .little ? value : value.byteSwapped
        append(UInt8(truncatingIfNeeded: native))
        append(UInt8(truncatingIfNeeded: native >> 8))
    }

    mutating func appendZeros(_ count: Int) { append(contentsOf: repeatElement(0, count: count)) }
}
