import Basics

/// When to look whether the own address is still there (spec: transports.md 2.3, 3.8).
struct InterfaceWatch {
    private let downcheck: UInt64
    private var next: Instant
    private var isAlone = true
    private var tokenLosses: UInt64 = 0

    /// - Parameter downcheck: `totem.downcheck` in milliseconds.
    init(downcheck: UInt64, now: Instant) {
        self.downcheck = max(downcheck, 1)
        next = now.adding(milliseconds: self.downcheck)
    }

    /// Nil while only a lost token is a reason to look.
    var deadline: Instant? { isAlone ? next : nil }

    /// Whether now is the time: after every lost token, and every `downcheck` while the node is alone.
    mutating func isDue(_ now: Instant, isAlone: Bool, tokenLosses: UInt64) -> Bool {
        let lost = tokenLosses != self.tokenLosses
        self.tokenLosses = tokenLosses
        if isAlone, !self.isAlone { next = now.adding(milliseconds: downcheck) }
        self.isAlone = isAlone
        guard lost || isAlone && now >= next else { return false }
        next = now.adding(milliseconds: downcheck)
        return true
    }
}
