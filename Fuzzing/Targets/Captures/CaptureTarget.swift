import Basics
import CaptureFiles
import Dissection

/// A capture as `rondo decode` reads it: bytes in pieces, frames, datagrams, explained packets.
enum CaptureTarget {
    static func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let bytes = Array(input.dropFirst())
        var session = Session()
        if !CaptureReader.recognises(bytes), HexText.recognises(bytes) {
            for frame in (try? HexText.frames(of: bytes)) ?? [] { session.take(frame) }
            return
        }
        var reader = CaptureReader()
        let piece = first == 0 ? max(bytes.count, 1) : Int(first)
        var rest = bytes[...]
        do throws(CaptureError) {
            while !rest.isEmpty {
                reader.append(Array(rest.prefix(piece)))
                rest = rest.dropFirst(piece)
                while let frame = try reader.next() { session.take(frame) }
            }
            try reader.finish()
        } catch {
            _ = error.description
        }
    }

    /// What is kept from one frame to the next.
    private struct Session {
        var extractor = DatagramExtractor()
        var dissector = Dissector()

        mutating func take(_ frame: CapturedFrame) {
            guard case .datagram(let whole) = extractor.extract(frame) else { return }
            for datagram in DatagramBatch(whole).datagrams { Explanation.read(dissector.dissect(datagram), dissector) }
        }
    }
}

/// Datagrams in sequence, without the headers in front of them.
enum DissectionTarget {
    static func run(_ input: [UInt8]) {
        var reader = InputReader(input)
        var dissector = Dissector()
        var time = CaptureTime(seconds: 1_700_000_000, nanoseconds: 0)
        var earlier: [[UInt8]] = []
        var number = 0
        while !reader.isAtEnd, number < 64 {
            number += 1
            let flags = reader.u8()
            var payload = reader.take(flags & 1 == 0 ? reader.below(256) : Int(reader.u16() & 0x7FF))
            // A datagram seen before, with one byte changed: repetition is what the observers look for.
            if flags & 2 != 0, !earlier.isEmpty {
                payload = earlier[reader.below(earlier.count)]
                if !payload.isEmpty { payload[reader.below(payload.count)] = reader.u8() }
            }
            earlier.append(payload)
            time.nanoseconds = (time.nanoseconds + UInt32(reader.u8()) * 1000) % 1_000_000_000
            if flags & 4 != 0 { time.seconds = Int64(bitPattern: reader.u64()) }
            var datagram = Datagram(frameNumber: number, time: flags & 8 == 0 ? time : nil, payload: payload)
            if flags & 16 == 0 {
                datagram.source = endpoint(reader.u8())
                datagram.destination = endpoint(reader.u8())
            }
            datagram.missing = flags & 32 == 0 ? 0 : Int(reader.u8())
            datagram.fragments = flags & 64 == 0 ? 1 : 3
            datagram.isLimited = flags & 128 != 0
            for part in DatagramBatch(datagram).datagrams { Explanation.read(dissector.dissect(part), dissector) }
        }
    }

    private static func endpoint(_ number: UInt8) -> SocketAddress? {
        IPAddress("10.0.0.\(number & 7)").map { SocketAddress($0, port: 5405) }
    }
}

/// Everything about a packet that is printed.
enum Explanation {
    static func read(_ packet: DissectedPacket, _ dissector: Dissector) {
        _ = "\(packet.title) \(packet.words) \(packet.problem ?? "") \(packet.node ?? "") \(packet.facts)"
        for field in packet.fields { read(field, depth: 0) }
        _ = dissector.statistics.rotationSpread
        _ = dissector.statistics.heldRotationSpread
        if let first = dissector.statistics.first, let last = dissector.statistics.last {
            _ = last.nanoseconds(since: first)
        }
        _ = dissector.nodes.count + dissector.rings.count
    }

    private static func read(_ field: Field, depth: Int) {
        _ = "\(field.name) \(field.meaning) \(field.place?.count ?? 0)"
        switch field.value {
        case .group(let fields): for field in fields { read(field, depth: depth + 1) }
        case .list(let values): _ = values.count
        default: _ = "\(field.value)"
        }
    }
}
