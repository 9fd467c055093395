/// 128 random bits that the shell draws at start: what makes a ping's nonce unguessable. Nothing is encrypted with them.
public struct LinkSecret: Sendable {
    let first: UInt64
    let second: UInt64

    public init(_ first: UInt64, _ second: UInt64) {
        self.first = first
        self.second = second
    }
}
