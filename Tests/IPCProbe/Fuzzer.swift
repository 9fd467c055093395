import ClientProtocol

/// Requests that are almost right, made from a seed.
struct Fuzzer: RandomNumberGenerator {
    private var state: UInt64
    private let service: LocalService

    init(service: LocalService, seed: UInt64) {
        self.service = service
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A request of some id and size, mostly zeros, with small and extreme numbers where fields are.
    mutating func request() -> [UInt8] {
        let sizes = [16, 24, 32, 152, 160, 168, 272, 280, 288, 296, 528, 600, Int.random(in: 16...1200, using: &self)]
        let size = sizes[Int.random(in: 0..<sizes.count, using: &self)]
        var bytes = [UInt8](repeating: 0, count: size)
        // Never the id that asks to disconnect.
        let id = UInt32.random(in: 0..<(service.requestCount + 1), using: &self)
        put(UInt64(id), 4, at: 0, &bytes)
        let claims = [size, size, size, size, size - 1, size + 8, 16, 0]
        put(UInt64(truncatingIfNeeded: claims[Int.random(in: 0..<claims.count, using: &self)]), 4, at: 8, &bytes)
        for _ in 0..<Int.random(in: 0...8, using: &self) {
            let numbers: [UInt64] = [
                0, 1, 2, 3, 5, 8, 15, 127, 128, 129, 255, 256, 384, 0x7fff_ffff, 0xffff_ffff, .max,
            ]
            let slot = 16 + 8 * Int.random(in: 0..<max(1, (size - 16) / 8), using: &self)
            put(numbers[Int.random(in: 0..<numbers.count, using: &self)], 8, at: slot, &bytes)
        }
        if Bool.random(using: &self) {
            for (index, byte) in "my.key".utf8.enumerated() where 24 + index < size { bytes[24 + index] = byte }
        }
        return bytes
    }

    private func put(_ number: UInt64, _ count: Int, at offset: Int, _ bytes: inout [UInt8]) {
        for index in 0..<count where offset + index < bytes.count {
            bytes[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(index)))
        }
    }
}
