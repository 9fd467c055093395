/// Why a piece of a packet is dropped (spec: knet.md 6). The cases bear no figures, so that each can be counted.
public enum FragmentRefusal: Error, Sendable, Hashable, CaseIterable {
    /// Fewer than two pieces in all, so that it is none, or more than 254 (spec: knet.md 13.1).
    case count
    /// Not 1...count.
    case index
    /// Empty, or the packet would be longer than 65536 bytes.
    case length
    /// Not as long as the others, or a last one that is longer than they are.
    case pieceSize
    /// Another number of pieces, compression or channel than in the packet's other pieces.
    case header
    /// This piece is there.
    case repeated
    /// The packet was begun and given up before.
    case givenUp
}
