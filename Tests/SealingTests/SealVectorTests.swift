import ClusterConfiguration
import Testing

@testable import Sealing

/// Packets of real rings, sealed by libknet (spec: knet.md 3).
@Suite struct SealVectorTests {
    @Test("There is a vector of each cipher with each hash")
    func complete() {
        #expect(Set(Vectors.sealed.map(\.suite)) == Set(SealSuite.all))
        #expect(Vectors.sealed.count == 48)
    }

    @Test("A captured packet opens to what it held", arguments: Vectors.sealed)
    func opens(vector: Vectors.Sealed) throws {
        var sealer = try Sealer.make(vector.suite, vector.key)
        #expect(sealer.plain(of: vector.image) == .success(vector.plain))
    }

    @Test("With its salt the same bytes come out", arguments: Vectors.sealed)
    func seals(vector: Vectors.Sealed) throws {
        var sealer = try Sealer.make(vector.suite, vector.key)
        let salt = vector.suite.hasCipher ? Array(vector.image.prefix(16)) : nil
        #expect(try sealer.image(of: vector.plain, salt: salt) == vector.image)
        #expect(vector.suite.overhead.sealedSize(vector.plain.count) == vector.image.count)
    }
}
