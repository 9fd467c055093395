import TotemWire

/// Frames and capture files made from their parts.
enum Frames {
    static func bytes(_ order: ByteOrder = .big, _ write: (inout ByteWriter) -> Void) -> [UInt8] {
        var writer = ByteWriter(order: order)
        write(&writer)
        return writer.bytes
    }

    static func sum(_ bytes: [UInt8], _ initial: UInt32 = 0) -> UInt16 {
        var sum = initial
        for (index, byte) in bytes.enumerated() { sum += index % 2 == 0 ? UInt32(byte) << 8 : UInt32(byte) }
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
        return UInt16(sum)
    }

    static func udp(_ payload: [UInt8], from: UInt16 = 5405, to: UInt16 = 5405, checksum: UInt16 = 0) -> [UInt8] {
        bytes {
            $0.u16(from)
            $0.u16(to)
            $0.u16(UInt16(8 + payload.count))
            $0.u16(checksum)
            $0.bytes(payload)
        }
    }

    /// An IPv4 packet from 10.0.0.1 to 10.0.0.2, or the fragment of one.
    static func ipv4(
        _ payload: [UInt8], options: Int = 0, id: UInt16 = 7, offset: Int = 0, more: Bool = false, transport: UInt8 = 17
    ) -> [UInt8] {
        var header = bytes {
            $0.u8(0x45 + UInt8(options))
            $0.u8(0)
            $0.u16(UInt16(20 + 4 * options + payload.count))
            $0.u16(id)
            $0.u16(UInt16(offset / 8) | (more ? 0x2000 : 0))
            $0.u8(64)
            $0.u8(transport)
            $0.u16(0)
            $0.bytes([10, 0, 0, 1, 10, 0, 0, 2])
            for _ in 0..<options { $0.bytes([1, 1, 1, 0]) }
        }
        let checksum = ~sum(header)
        (header[10], header[11]) = (UInt8(checksum >> 8), UInt8(checksum & 0xFF))
        return header + payload
    }

    /// An IPv6 packet from fd00::1 to fd00::2 with these extension headers in front of its payload.
    static func ipv6(_ payload: [UInt8], first: UInt8 = 17, extensions: [UInt8] = []) -> [UInt8] {
        bytes {
            $0.u32(0x6000_0000)
            $0.u16(UInt16(extensions.count + payload.count))
            $0.u8(first)
            $0.u8(64)
            for last in [1, 2] as [UInt8] { $0.bytes([0xFD] + [UInt8](repeating: 0, count: 14) + [last]) }
            $0.bytes(extensions)
            $0.bytes(payload)
        }
    }

    static func ethernet(_ packet: [UInt8], type: UInt16 = 0x0800, tags: [UInt16] = []) -> [UInt8] {
        bytes {
            $0.zeros(12)
            for tag in tags {
                $0.u16(tag)
                $0.u16(42)
            }
            $0.u16(type)
            $0.bytes(packet)
        }
    }

    struct Record {
        var seconds: UInt32
        var fraction: UInt32
        var bytes: [UInt8]
        var original: Int?
    }

    static func pcap(_ records: [Record], link: UInt32 = 1, order: ByteOrder, nanoseconds: Bool = false) -> [UInt8] {
        bytes(order) {
            $0.u32(nanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4)
            $0.u16(2)
            $0.u16(4)
            $0.u64(0)
            $0.u32(262_144)
            $0.u32(link)
            for record in records {
                $0.u32(record.seconds)
                $0.u32(record.fraction)
                $0.u32(UInt32(record.bytes.count))
                $0.u32(UInt32(record.original ?? record.bytes.count))
                $0.bytes(record.bytes)
            }
        }
    }

    /// A block of pcapng.
    static func block(_ type: UInt32, _ order: ByteOrder, _ write: (inout ByteWriter) -> Void) -> [UInt8] {
        var body = bytes(order, write)
        body += [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
        return bytes(order) {
            $0.u32(type)
            $0.u32(UInt32(12 + body.count))
            $0.bytes(body)
            $0.u32(UInt32(12 + body.count))
        }
    }

    static func section(_ order: ByteOrder) -> [UInt8] {
        block(0x0A0D_0D0A, order) {
            $0.u32(0x1A2B_3C4D)
            $0.u16(1)
            $0.u16(0)
            $0.u64(.max)
        }
    }

    static func interface(
        _ order: ByteOrder, link: UInt16 = 1, snap: UInt32 = 0, resolution: UInt8? = nil, offset: Int64? = nil
    ) -> [UInt8] {
        block(1, order) {
            $0.u16(link)
            $0.u16(0)
            $0.u32(snap)
            // A name, as an option to be passed over.
            $0.u16(2)
            $0.u16(3)
            $0.bytes([0x65, 0x74, 0x68, 0])
            if let resolution {
                $0.u16(9)
                $0.u16(1)
                $0.bytes([resolution, 0, 0, 0])
            }
            if let offset {
                $0.u16(14)
                $0.u16(8)
                $0.u64(UInt64(bitPattern: offset))
            }
            $0.u32(0)
        }
    }

    static func enhanced(_ order: ByteOrder, _ bytes: [UInt8], stamp: UInt64, interface: UInt32 = 0) -> [UInt8] {
        block(6, order) {
            $0.u32(interface)
            $0.u32(UInt32(truncatingIfNeeded: stamp >> 32))
            $0.u32(UInt32(truncatingIfNeeded: stamp))
            $0.u32(UInt32(bytes.count))
            $0.u32(UInt32(bytes.count))
            $0.bytes(bytes)
        }
    }

    static func simple(_ order: ByteOrder, _ bytes: [UInt8], original: Int? = nil) -> [UInt8] {
        block(3, order) {
            $0.u32(UInt32(original ?? bytes.count))
            $0.bytes(bytes)
        }
    }
}
