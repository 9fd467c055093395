import CaptureFiles
import ClusterConfiguration
import Dissection
import Links

/// One run of `rondo decode`, from the first byte to the summary.
struct DecodeSession {
    let command: DecodeCommand
    var output = StandardOutput()
    private var extractor = DatagramExtractor()
    private var dissector = Dissector()
    private var others = OtherFrames()
    private let text: PacketText
    private var gatherings = Gatherings()
    private var filteredOut = 0
    private var limited = 0
    private var notCaptured = 0
    /// Nil without a key.
    private var opener: PacketOpener?

    /// Text is read as a whole; no dump that people look at comes near.
    private static let textLimit = 64 << 20
    /// Milliseconds for which input that is still being made pauses before what is held back is told.
    private static let pause: Int32 = 1000

    init(command: DecodeCommand) throws {
        self.command = command
        if !command.key.isEmpty {
            opener = try PacketOpener(keys: command.key, cipher: command.cipher, hash: command.hash)
        }
        let expander = PacketExpander()
        dissector.decompress = expander.expand
        text = PacketText(clock: ClockText(isUTC: command.utc), palette: Palette(isColored: command.color.isColored))
    }

    mutating func run() throws {
        var source = try ByteSource(command.file)
        defer { source.end() }
        var start: [UInt8] = []
        while start.count < 4 {
            let bytes = try source.next()
            if bytes.isEmpty { break }
            start += bytes
        }
        // What was read before the damage is worth seeing too, and so is its summary.
        defer { finish() }
        if !command.hex, CaptureReader.recognises(start) {
            try readCapture(start, &source)
        } else if command.hex || HexText.recognises(start) {
            try readText(start, &source)
        } else {
            throw Self.unknown(start)
        }
    }

    private mutating func readCapture(_ start: [UInt8], _ source: inout ByteSource) throws {
        var reader = CaptureReader()
        var bytes = start
        while !bytes.isEmpty {
            reader.append(bytes)
            while let frame = try reader.next() { take(frame) }
            output.flush()
            if !gatherings.isEmpty, !source.isReady(within: Self.pause) {
                tell(gatherings.all())
                output.flush()
            }
            bytes = Array(try source.next())
        }
        try reader.finish()
    }

    private mutating func readText(_ start: [UInt8], _ source: inout ByteSource) throws {
        var bytes = start
        while true {
            let more = try source.next()
            if more.isEmpty { break }
            bytes += more
            guard bytes.count <= Self.textLimit else {
                throw CaptureError(offset: bytes.count, "more than \(Self.textLimit >> 20) MiB of text")
            }
        }
        guard command.hex || HexText.recognises(bytes) else { throw Self.unknown(bytes) }
        for frame in try HexText.frames(of: bytes) { take(frame) }
    }

    private mutating func take(_ frame: CapturedFrame) {
        tell(gatherings.full(at: frame.time))
        switch extractor.extract(frame) {
        case .fragment: break
        case .other(let reason): others.add(reason)
        case .datagram(let datagram):
            guard mayBeWanted(datagram) else {
                others.add(OtherFrames.otherPorts)
                return
            }
            for datagram in opener?.open(datagram) ?? [datagram] { take(datagram) }
        }
    }

    private mutating func take(_ datagram: Datagram) {
        guard isWanted(datagram) else {
            others.add(OtherFrames.otherPorts)
            return
        }
        let batch = DatagramBatch(datagram)
        notCaptured += batch.notCaptured
        for datagram in batch.datagrams {
            if datagram.isLimited, datagram.missing > 0 { limited += 1 }
            show(dissector.dissect(datagram), datagram)
        }
    }

    private mutating func show(_ packet: DissectedPacket, _ datagram: Datagram) {
        let receiver = datagram.destination.flatMap { dissector.node(at: $0.address) }
        let isWanted = command.filter.allSatisfy {
            $0.accepts(packet, datagram, receiver: receiver, line: text.plain.line(packet, datagram))
        }
        // What ends a gathering ends it whether it is shown or not.
        tell(gatherings.ended(by: packet, datagram))
        guard isWanted else {
            filteredOut += 1
            return
        }
        switch command.format {
        case .json: output.print(PacketJSON.value(packet, datagram).line)
        case .text:
            if let view = packet.view, !command.all, !command.verbose {
                gatherings.add(view, datagram, line: text.line(packet, datagram))
                return
            }
            output.print(text.line(packet, datagram))
            if command.verbose { text.fields(packet).forEach { output.print($0) } }
        }
    }

    private mutating func tell(_ ended: [Gathering]) {
        for gathering in ended { output.print(gathering.text(text)) }
    }

    /// Whether a datagram is from or to the ring's port, or to one of knet's further links, one port each.
    private func mayBeWanted(_ datagram: Datagram) -> Bool {
        isOfPort(datagram) || isOfLinks(datagram) && (opener != nil || Dissector.isKnet(datagram.payload.span))
    }

    /// The same of one whose seal is opened: what has another program on a link's port is no packet of a ring.
    private func isWanted(_ datagram: Datagram) -> Bool {
        isOfPort(datagram) || datagram.sealing != .unknown || Dissector.isKnet(datagram.payload.span)
    }

    private func isOfPort(_ datagram: Datagram) -> Bool {
        guard command.port != 0, let source = datagram.source, let destination = datagram.destination else {
            return true
        }
        return source.port == command.port || destination.port == command.port
    }

    private func isOfLinks(_ datagram: Datagram) -> Bool {
        guard let destination = datagram.destination else { return true }
        return (Int(command.port)..<(Int(command.port) + Links.LinkNumber.limit)).contains(Int(destination.port))
    }

    /// Whether no key given fits anything of what is sealed.
    var isKeyWrong: Bool { opener?.isWrong ?? false }

    private mutating func finish() {
        tell(gatherings.all())
        others.incomplete = extractor.incompleteCount
        others.filtered = filteredOut
        others.notCaptured = notCaptured
        others.limited = limited
        if command.summary {
            switch command.format {
            case .json: output.print(PacketJSON.summary(dissector, others).line)
            case .text: SummaryText.lines(dissector, others).forEach { output.print($0) }
            }
        }
        output.flush()
        if let complaint = opener?.complaint { StandardError.print(complaint) }
        if opener == nil, dissector.statistics.isUnreadable {
            StandardError.print(
                "no packet could be read; those of an encrypted knet ring can be with its key: "
                    + "--key \(CryptoSettings.standardKeyFile)")
        }
        if dissector.statistics.total == 0, others.count > 0 {
            StandardError.print("no packet of a ring among \(others.count) frames\(reasonForNone)")
        } else if dissector.statistics.total > 0, filteredOut == dissector.statistics.total {
            StandardError.print("none of the \(filteredOut) packets fits --filter")
        }
        if limited + notCaptured > 0 {
            StandardError.print(
                "the capture was limited to the first bytes of a frame: \(limited + notCaptured) packets are not whole; "
                    + "capture with tcpdump -s 0")
        }
    }

    /// Why a capture has no packet of a ring, as far as its frames tell.
    private var reasonForNone: String {
        guard let (reason, count) = others.mostFrequent, count * 2 > others.count else {
            return command.port == 0 ? "" : " to or from port \(command.port); --port tells another"
        }
        if reason == OtherFrames.otherPorts { return " to or from port \(command.port); --port tells another" }
        let isCut = reason.contains("cut")
        return ": \(count) are \(reason)" + (isCut ? "; capture with tcpdump -s 0" : "")
    }

    /// Why bytes are no capture, with what to do about it.
    private static func unknown(_ bytes: [UInt8]) -> CaptureError {
        let first = bytes.prefix(4).map { String(256 + Int($0), radix: 16).dropFirst() }.joined(separator: " ")
        let reason =
            switch (bytes.first, bytes.dropFirst().first) {
            case (nil, _): "the input is empty"
            case (0x1F, 0x8B): "compressed (gzip): try zcat FILE | rondo decode -"
            case (0x28, 0xB5): "compressed (zstd): try zstdcat FILE | rondo decode -"
            case (0xFD, 0x37): "compressed (xz): try xzcat FILE | rondo decode -"
            default: "neither pcap nor pcapng nor hexadecimal text; it begins with \(first)"
            }
        return CaptureError(offset: 0, reason)
    }
}
