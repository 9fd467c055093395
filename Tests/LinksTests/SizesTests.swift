import Basics
import Links
import Testing

/// Every figure of the specification's table (spec: knet.md 9), which were read off real nodes.
struct SizesTests {
    static let aes256sha256 = SealOverhead(hasCipher: true, hashSize: 32)

    @Test("before discovery")
    func undiscovered() {
        #expect(LinkSizes.undiscoveredDataMTU(.clear) == 482)
        #expect(LinkSizes.undiscoveredDataMTU(Self.aes256sha256) == 421)
        #expect(LinkSizes(.v4, .clear).undiscoveredLinkMTU == 522)
        #expect(LinkSizes(.v6, .clear).undiscoveredLinkMTU == 1206)
        #expect(LinkSizes(.v4, Self.aes256sha256).undiscoveredLinkMTU == 469)
    }

    @Test(
        "on a path of 1500 bytes, sealed with a cipher and a hash of so many bytes",
        arguments: [
            (16, 1413), (20, 1397), (32, 1397), (48, 1381), (64, 1365),
        ])
    func ciphered(_ hash: Int, _ expected: Int) {
        #expect(LinkSizes(.v4, SealOverhead(hasCipher: true, hashSize: hash)).linkMTU(path: 1500) == expected)
    }

    @Test(
        "on a path of 1500 bytes, with a hash of so many bytes only",
        arguments: [
            (0, 1446), (16, 1430), (20, 1426), (32, 1414), (48, 1398), (64, 1382),
        ])
    func hashed(_ hash: Int, _ expected: Int) {
        #expect(LinkSizes(.v4, SealOverhead(hasCipher: false, hashSize: hash)).linkMTU(path: 1500) == expected)
    }

    @Test("over IPv6, and with knet_mtu")
    func others() {
        #expect(LinkSizes(.v6, .clear).linkMTU(path: 1500) == 1426)
        #expect(LinkSizes(.v4, .clear).linkMTU(path: 1300) == 1246)
        #expect(LinkSizes(.v4, .clear).linkMTU(path: 1400) == 1346)
    }

    /// Plain and sealed sizes of captured packets.
    @Test(
        "sealed packets are as long as captured ones",
        arguments: [
            (57 + 14, 16, true, 112), (71, 20, true, 116), (71, 32, true, 128), (71, 48, true, 144),
            (71, 64, true, 160),
            (26, 16, true, 64), (26, 32, true, 80), (435, 32, true, 496), (208, 32, true, 272), (1423, 32, true, 1472),
            (9, 32, true, 64), (71, 16, false, 87), (71, 64, false, 135), (26, 48, false, 74), (26, 0, false, 26),
        ])
    func sealed(_ plain: Int, _ hash: Int, _ hasCipher: Bool, _ expected: Int) {
        #expect(SealOverhead(hasCipher: hasCipher, hashSize: hash).sealedSize(plain) == expected)
    }

    @Test("probes for 1500 bytes are as long as captured ones")
    func probes() throws {
        let clear = try #require(LinkSizes(.v4, .clear).probe(path: 1500))
        #expect(clear == (1472, 1500))
        let v6 = try #require(LinkSizes(.v6, .clear).probe(path: 1500))
        #expect(v6 == (1452, 1500))
        let sealed = try #require(LinkSizes(.v4, Self.aes256sha256).probe(path: 1500))
        #expect(sealed == (1423, 1500))
    }

    @Test("no probe is longer than its path, and one block more would be")
    func probesFit() throws {
        for seal in [SealOverhead.clear, Self.aes256sha256, SealOverhead(hasCipher: false, hashSize: 20)] {
            for path in 576...1600 {
                let sizes = LinkSizes(.v4, seal)
                let probe = try #require(sizes.probe(path: path))
                #expect(probe.packet <= path)
                #expect(seal.sealedSize(probe.plain + 1) + 28 > path)
                #expect(sizes.linkMTU(path: path) == probe.plain - 26)
            }
        }
    }

    @Test("nothing fits on a path that is too small, and nothing traps")
    func tiny() {
        for path in [Int.min / 2, -1, 0, 28, 60, 90] {
            #expect(LinkSizes(.v6, Self.aes256sha256).linkMTU(path: path) == 0)
            #expect(LinkSizes(.v6, Self.aes256sha256).probe(path: path) == nil)
        }
        #expect(LinkSizes(.v4, .clear).probe(path: 65_536) == nil)
    }
}
