import Links

/// Stands for a key slot where there are no ciphers: images of the same sizes, deterministic, without any secrecy.
///
/// Each step of its digest is a bijection of the state for a given word and of the word for a given state. So a change within
/// one word of eight bytes, thus every flipped bit, and another key are noticed for certain; any other change with all but one
/// chance in 2⁶⁴.
public struct ToySeal: Sendable, Hashable {
    public let overhead: SealOverhead
    private let key: UInt64
    private var salt: UInt64

    /// - Parameters:
    ///   - overhead: that of the cipher and the hash it stands for; without a hash nothing is noticed.
    ///   - key: the same on all nodes that are to understand each other.
    ///   - sender: makes the salts of nodes with the same key differ.
    public init(_ overhead: SealOverhead, key: UInt64, sender: UInt64) {
        self.overhead = overhead
        self.key = key
        salt = sender << 40
    }

    /// Writes the image of a plain packet to the beginning of `image`; nil when there is no room for it.
    public mutating func seal(_ plain: Span<UInt8>, into image: inout MutableSpan<UInt8>) -> Int? {
        let length = overhead.sealedSize(plain.count)
        guard length <= image.count else { return nil }
        let end = length - overhead.hashSize
        salt &+= 1
        Self.store(ToySeal.mix(0, salt), to: &image, 0..<overhead.saltSize)
        let filling = UInt8(truncatingIfNeeded: end - overhead.saltSize - plain.count)
        for index in overhead.saltSize..<end {
            let position = index - overhead.saltSize
            image[index] = position < plain.count ? plain[position] : filling
        }
        scramble(&image, overhead.saltSize..<end)
        Self.store(digest(image.span, end), to: &image, end..<length)
        return length
    }

    /// Where the plain packet lies in an image that this key has made; nil for any other, which then is as it was.
    public func open(_ image: inout MutableSpan<UInt8>) -> Range<Int>? {
        let end = image.count - overhead.hashSize
        let start = overhead.saltSize
        guard end >= start, isSealed(image.span, end) else { return nil }
        guard overhead.blockSize > 0 else { return 0..<end }
        guard end - start >= overhead.blockSize, (end - start) % overhead.blockSize == 0 else { return nil }
        scramble(&image, start..<end)
        let filling = Int(image[end - 1])
        guard (1...overhead.blockSize).contains(filling) else { return nil }
        return start..<(end - filling)
    }

    /// Hides the plain text, or shows it again.
    private func scramble(_ image: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        guard overhead.blockSize > 0 else { return }
        var stream = Self.mix(key, Self.word(image.span, 0..<min(8, overhead.saltSize)))
        for index in range {
            if (index - range.lowerBound) % 8 == 0 { stream = Self.mix(stream, 1) }
            image[index] ^= UInt8(truncatingIfNeeded: stream >> UInt64((index - range.lowerBound) % 8 * 8))
        }
    }

    private func digest(_ image: Span<UInt8>, _ end: Int) -> UInt64 {
        var state = Self.mix(key, 2)
        var index = 0
        while index < end {
            state = Self.mix(state, Self.word(image, index..<min(index + 8, end)))
            index += 8
        }
        return Self.mix(state, UInt64(end))
    }

    private func isSealed(_ image: Span<UInt8>, _ end: Int) -> Bool {
        var expected = digest(image, end)
        for index in end..<image.count {
            if (index - end) % 8 == 0 { expected = Self.mix(expected, 3) }
            guard image[index] == UInt8(truncatingIfNeeded: expected >> UInt64((index - end) % 8 * 8)) else {
                return false
            }
        }
        return true
    }

    /// Fills a range with bytes that follow from a value, and, where there are eight, are different for each.
    private static func store(_ value: UInt64, to image: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        var stream = value
        for index in range {
            if (index - range.lowerBound) % 8 == 0 { stream = mix(stream, 3) }
            image[index] = UInt8(truncatingIfNeeded: stream >> UInt64((index - range.lowerBound) % 8 * 8))
        }
    }

    private static func word(_ image: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        var word: UInt64 = 0
        for index in range { word = word << 8 | UInt64(image[index]) }
        return word
    }

    /// One step: exclusive or, multiplication by an odd number and a shift onto itself can all be undone.
    private static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
        var value = (state ^ word &+ 0x9e37_79b9_7f4a_7c15) &* 0xbf58_476d_1ce4_e5b9
        value ^= value >> 29
        return value
    }
}
