extension PingStamp {
    /// The bytes of ping `number` on `link` to `host`: instead of a clock its number and a keyed digest of it, so that nobody
    /// who has not seen the ping can answer it (spec: knet.md 2, 13.2).
    init(_ number: UInt64, to host: HostID, on link: LinkNumber, secret: LinkSecret) {
        let path = UInt64(host.rawValue) << 8 | UInt64(link.rawValue)
        self.init(number, SipHash.digest(of: path, number, secret))
    }
}

/// SipHash-2-4 over two words: a pseudo-random function that is fast for a few bytes (Aumasson, Bernstein 2012).
enum SipHash {
    static func digest(of first: UInt64, _ second: UInt64, _ secret: LinkSecret) -> UInt64 {
        var state = State(secret)
        state.absorb(first)
        state.absorb(second)
        // The last word holds the length alone.
        state.absorb(16 << 56)
        return state.finish()
    }

    private struct State {
        var v0, v1, v2, v3: UInt64

        init(_ secret: LinkSecret) {
            v0 = secret.first ^ 0x736f_6d65_7073_6575
            v1 = secret.second ^ 0x646f_7261_6e64_6f6d
            v2 = secret.first ^ 0x6c79_6765_6e65_7261
            v3 = secret.second ^ 0x7465_6462_7974_6573
        }

        mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        mutating func finish() -> UInt64 {
            v2 ^= 0xFF
            for _ in 0..<4 { round() }
            return v0 ^ v1 ^ v2 ^ v3
        }

        private mutating func round() {
            v0 &+= v1
            v1 = v1 << 13 | v1 >> 51
            v1 ^= v0
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v3
            v3 = v3 << 16 | v3 >> 48
            v3 ^= v2
            v0 &+= v3
            v3 = v3 << 21 | v3 >> 43
            v3 ^= v0
            v2 &+= v1
            v1 = v1 << 17 | v1 >> 47
            v1 ^= v2
            v2 = v2 << 32 | v2 >> 32
        }
    }
}
