/// Sets the bytes that carry nothing to zero, as `Vectors/README.md` lists them.
enum Mask {
    static func synchronization(_ message: [UInt8]) -> [UInt8] {
        var masked = header(message)
        if message.count == 32 { masked.clear(28..<32) }
        if message.count == 552 {
            masked.clear(28..<32)
            masked.clear(36..<40)
            masked.clear(40 + 4 * Int(message[32])..<552)
        }
        return masked
    }

    static func service(_ message: [UInt8]) -> [UInt8] {
        var masked = header(message)
        switch (message[2], message[0]) {
        case (0, 0):
            for start in [17, 25, 33, 41, 48 + 265] { masked.clear(start..<start + 7) }
            masked.clear(50..<56)
        case (1, 1):
            masked.clear(20..<24)
            masked.clear(26..<32)
            masked.clear(32 + Int(message[24])..<288)
        case (1, 3), (1, 4): masked.clear(20..<24)
        case (2, 0), (2, 1):
            masked.name(at: 16)
            masked.slots(152, 160)
        case (2, 2):
            masked.clear(20..<24)
            for entry in stride(from: 24, to: message.count, by: 144) {
                masked.slots(entry)
                masked.name(at: entry + 8)
            }
        case (2, 3):
            masked.name(at: 16)
            masked.slots(152, 160, 168)
        case (2, 5):
            masked.slots(16, 24)
            masked.clear(32 + 4 * Int(message[24])..<1568)
        case (2, 6):
            masked.name(at: 16)
            masked.slots(152, 160, 168, 176, 184)
        case (5, 1): masked.clear(25..<32)
        case (5, 2):
            masked.text(at: 20, width: 255)
            masked.clear(275..<280)
        case (5, 3):
            masked.text(at: 16, width: 255)
            masked.text(at: 271, width: 255)
            masked.clear(526..<528)
        default: break
        }
        return masked
    }

    private static func header(_ message: [UInt8]) -> [UInt8] {
        var masked = message
        masked.slots(0, 8)
        return masked
    }
}

extension [UInt8] {
    fileprivate mutating func clear(_ range: Range<Int>) {
        for index in range { self[index] = 0 }
    }

    fileprivate mutating func slots(_ starts: Int...) {
        for start in starts { clear(start + 4..<start + 8) }
    }

    fileprivate mutating func name(at start: Int) {
        slots(start)
        clear(start + 8 + Int(self[start])..<start + 136)
    }

    fileprivate mutating func text(at start: Int, width: Int) {
        let end = self[start...].firstIndex(of: 0) ?? start + width
        clear(end..<start + width)
    }
}
