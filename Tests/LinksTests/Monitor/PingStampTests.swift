import Testing

@testable import Links

struct PingStampTests {
    /// The digest of 16 bytes 00 … 0f under the key 00 … 0f (Aumasson, Bernstein 2012, appendix A has that of 15).
    @Test("the digest is SipHash-2-4")
    func vector() {
        let secret = LinkSecret(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908)
        let digest = SipHash.digest(of: 0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908, secret)
        #expect(digest == 0x3F2A_CC7F_57C2_9BDB)
    }

    @Test("host, link, number and secret all count")
    func distinct() throws {
        let secret = LinkSecret(1, 2)
        let zero = try #require(LinkNumber(0))
        let one = try #require(LinkNumber(1))
        let stamps: Set = [
            PingStamp(1, to: HostID(1), on: zero, secret: secret),
            PingStamp(2, to: HostID(1), on: zero, secret: secret),
            PingStamp(1, to: HostID(2), on: zero, secret: secret), PingStamp(1, to: HostID(1), on: one, secret: secret),
            PingStamp(1, to: HostID(1), on: zero, secret: LinkSecret(1, 3)),
        ]
        #expect(Set(stamps.map(\.second)).count == 5)
    }
}
