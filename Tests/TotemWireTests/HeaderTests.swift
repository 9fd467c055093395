import Testing
import TotemWire

/// What is not a packet at all, in the words of Corosync's log (spec: totem.md 6).
struct HeaderTests {
    @Test func aHeaderNeedsThirteenBytes() {
        #expect(Malformed.logText([]) == "Message received from 10.0.0.9 is too short...  Ignoring 0.")
        let cut = Array(Vectors.bytes(number: 23)[..<12])
        #expect(Malformed.logText(cut) == "Message received from 10.0.0.9 is too short...  Ignoring 12.")
    }

    @Test(
        arguments: [
            ([0xFF, 0xFF], "Corosync 2.2"),
            ([0xFE, 0xFE], "Corosync 2.3+"),
            ([0x01, 0x00], "unencrypted Kronosnet"),
            ([0x00, 0x00], "unencrypted Corosync 2.0/2.1/1.x/OpenAIS"),
            ([0x05, 0x00], "unencrypted Corosync 2.0/2.1/1.x/OpenAIS"),
            ([0x06, 0x00], "encrypted Kronosnet/Corosync 2.0/2.1/1.x/OpenAIS or unknown"),
            ([0xFF, 0xFE], "encrypted Kronosnet/Corosync 2.0/2.1/1.x/OpenAIS or unknown"),
            ([0x70, 0xC1], "encrypted Kronosnet/Corosync 2.0/2.1/1.x/OpenAIS or unknown"),
        ] as [([UInt8], String)])
    func aForeignPacketIsGuessed(_ start: [UInt8], _ guess: String) {
        let bytes = start + [UInt8](repeating: 0, count: 20)
        #expect(
            Malformed.logText(bytes)
                == "Message received from 10.0.0.9 has bad magic number (probably sent by \(guess)).. Ignoring")
    }

    @Test func otherVersionsAndTypesAreNamed() {
        var bytes = Vectors.bytes(number: 23)
        bytes[2] = 4
        #expect(Malformed.logText(bytes) == "Message received from 10.0.0.9 has unsupported version 4... Ignoring")
        bytes[2] = 3
        bytes[3] = 6
        #expect(Malformed.logText(bytes) == "Message received from 10.0.0.9 has wrong type...  ignoring 6.")
        bytes[3] = 200
        #expect(Malformed.logText(bytes) == "Message received from 10.0.0.9 has wrong type...  ignoring -56.")
    }

    @Test func oldCorosyncIsRecognisedInOrderOfTheChecks() {
        #expect(Malformed.error(Vectors.bytes(number: 80)) == .header(.badMagic(guess: .unencryptedCorosync)))
        #expect(Malformed.error(Vectors.bytes(number: 85)) == .header(.badMagic(guess: .corosync23)))
    }
}
