import ClusterConfiguration
import Testing

@testable import Sealing

@Suite struct SealerTests {
    @Test("What is sealed opens again, at every length", arguments: SealSuite.all)
    func roundTrip(suite: SealSuite) throws {
        var ours = try Sealer.make(suite)
        var theirs = try Sealer.make(suite)
        for length in 0...2000 {
            let plain = packet(length, length)
            let image = try ours.image(of: plain)
            guard image.count == suite.overhead.sealedSize(length), theirs.plain(of: image) == .success(plain) else {
                Issue.record("\(length) bytes")
                return
            }
        }
    }

    @Test(
        "The longest packets fit, longer ones are refused and nothing is written beyond the room",
        arguments: SealSuite.all)
    func bounds(suite: SealSuite) throws {
        var sealer = try Sealer.make(suite)
        let longest = suite.overhead.plainSize(65_507)
        #expect(try sealer.plain(of: sealer.image(of: packet(longest))) == .success(packet(longest)))
        #expect(throws: SealRefusal.noRoom) { try sealer.image(of: packet(65_537)) }
        #expect(sealer.plain(of: packet(65_537)) == .failure(.badLength))

        let plain = packet(1000)
        let needed = suite.overhead.sealedSize(plain.count)
        var bytes = [UInt8](repeating: 0xee, count: needed + 64)
        for room in 0...needed {
            let count = bytes.withUnsafeMutableBufferPointer { bytes in
                var image = MutableSpan(_unsafeElements: bytes.extracting(0..<room))
                return try? sealer.seal(plain.span, into: &image)
            }
            #expect(count == (room == needed ? needed : nil))
            #expect(bytes[room...].allSatisfy { $0 == 0xee })
        }
    }

    @Test("Every flipped bit is noticed", arguments: SealSuite.all)
    func flippedBits(suite: SealSuite) throws {
        var sealer = try Sealer.make(suite)
        let image = try sealer.image(of: packet(71))
        for bit in 0..<(image.count * 8) {
            var flipped = image
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(sealer.plain(of: flipped) == .failure(.badHash), "bit \(bit)")
        }
        #expect(sealer.plain(of: image) == .success(packet(71)))
    }

    @Test("Every cut and every addition is noticed", arguments: SealSuite.all)
    func cuts(suite: SealSuite) throws {
        var sealer = try Sealer.make(suite)
        let image = try sealer.image(of: packet(71))
        for length in 0..<image.count {
            for cut in [image.prefix(length), image.suffix(length)] {
                guard case .failure(.badLength) = sealer.plain(of: Array(cut)) else {
                    #expect(sealer.plain(of: Array(cut)) == .failure(.badHash), "\(length) bytes")
                    continue
                }
            }
        }
        for more in 1...64 { #expect((try? sealer.plain(of: image + packet(more)).get()) == nil) }
    }

    @Test("Another key, another hash and another cipher are refused", arguments: SealSuite.all)
    func others(suite: SealSuite) throws {
        var sealer = try Sealer.make(suite)
        let image = try sealer.image(of: packet(71))
        // Also one that differs where the cipher's key does not reach.
        for place in [0, 31, 32, 128, 255] {
            var key = Vectors.key
            key[place] ^= 1
            var other = try Sealer.make(suite, key)
            #expect(other.plain(of: image) == .failure(.badHash))
        }
        for other in SealSuite.all where other.hash != suite.hash {
            var stranger = try Sealer.make(other)
            #expect((try? stranger.plain(of: image).get()) == nil)
        }
        // All ciphers share the hash's key: such a packet is authentic, but not what it seems.
        for cipher in SealCipher.allCases where cipher != suite.cipher && cipher != .none && suite.hasCipher {
            var stranger = try Sealer.make(SealSuite(cipher, suite.hash))
            #expect(stranger.plain(of: image) != .success(packet(71)))
        }
    }

    @Test("No two packets have the same salt, also behind the first four kibibytes of them")
    func salts() throws {
        var sealer = try Sealer.make(SealSuite(.aes256, .sha256))
        let count = 1000
        let salts = try (0..<count).map { _ in Array(try sealer.image(of: [1]).prefix(16)) }
        #expect(Set(salts).count == count)
        // All bits are in use.
        #expect((0..<16).allSatisfy { byte in salts.reduce(0) { $0 | $1[byte] } == 0xff })
        #expect((0..<16).allSatisfy { byte in salts.reduce(0xff) { $0 & $1[byte] } == 0 })
    }

    @Test("An authentic packet that is not filled up as it must be is refused")
    func padding() throws {
        // Made with the ciphertext of another cipher under the same key of the hash: most of these cannot be unpacked.
        var sender = try Sealer.make(SealSuite(.aes128, .sha256))
        var receiver = try Sealer.make(SealSuite(.aes256, .sha256))
        let results = try (0..<64).map { receiver.plain(of: try sender.image(of: packet(40, $0))) }
        #expect(results.contains(.failure(.badPadding)))
        // And it does not remember that.
        var friend = try Sealer.make(SealSuite(.aes256, .sha256))
        #expect(receiver.plain(of: try friend.image(of: [1, 2])) == .success([1, 2]))
    }

    @Test("Keys of any permitted length work")
    func keyLengths() throws {
        for length in [128, 129, 256, 4095, 4096] {
            let suite = SealSuite(.aes256, .sha512)
            var ours = try Sealer.make(suite, packet(length))
            var theirs = try Sealer.make(suite, packet(length))
            #expect(theirs.plain(of: try ours.image(of: [9])) == .success([9]))
        }
    }

    @Test("What is wrong with libcrypto is said with its remedy")
    func words() {
        #expect("\(SealingError.noLibrary("no file"))".contains("install the package libssl3"))
        #expect("\(SealingError.unsupported(SealSuite(.aes128, .md5)))".contains("aes128/md5"))
    }
}
