/// What the network does to datagrams.
package struct NetworkConditions: Sendable, Equatable {
    /// Microseconds that every datagram takes at least.
    package var delay: UInt64 = 100
    /// Microseconds by which they differ at most.
    package var jitter: UInt64 = 50
    /// When given, how long datagrams take, in place of `delay` and `jitter`.
    package var spread: DurationDistribution?
    /// Nanoseconds that a token takes longer than other datagrams: its sender's turn, from the token's arrival until it
    /// has read, sent and let the token go.
    package var turn: UInt64 = 0
    /// How many of a million are held up by up to `slowness` microseconds more.
    package var slowPerMillion: UInt32 = 0
    package var slowness: UInt64 = 0
    package var lossPerMillion: UInt32 = 0
    /// Bytes of a packet in one datagram: longer ones go in pieces, and are lost with each of them. 0 for no such limit.
    package var pieceSize = 0
    package var duplicatePerMillion: UInt32 = 0
    /// How many of a million arrive with one bit turned over, as if no checksum protected them. What a ring then
    /// delivers is anybody's guess; it is only asked to live on, and to be one ring again afterwards.
    package var flipPerMillion: UInt32 = 0
    /// Between two nodes no datagram overtakes another.
    package var keepsOrder = true

    package init() {}

    /// Microseconds after which a datagram has arrived, unless it is held up.
    package var usualDelay: UInt64 { spread.map { $0.p99 / 1000 } ?? delay + jitter }

    /// Microseconds after which a token has been passed on and has arrived.
    package var usualHop: UInt64 { usualDelay + (turn + 999) / 1000 }
}
