import Basics

/// One search for the largest IP packet that passes a link.
///
/// First the size that should pass; if there is no answer, a ladder of sizes at once, then ladders between the largest one
/// answered and the smallest one not answered: a path that drops what is too large in silence costs a few round trips.
/// A size without an answer is tried again on the next ladder, since a probe can be lost like any packet; what is known to
/// have passed before is given up only when it was tried three times.
struct MTUSearch: Sendable {
    /// Sizes that paths often have, besides those of the kernel.
    private static let common: [Int] = [
        9216, 9000, 8900, 4352, 1500, 1492, 1480, 1460, 1450, 1420, 1400, 1380, 1350, 1300, 1280,
    ]
    /// Ladders after which the largest size answered has to do.
    private static let mostLadders = 12
    /// Ladders without any answer after which there is no use in more.
    private static let silentLadders = 3
    /// Tries in vain that speak against a size that has passed before.
    private static let proof = 3

    /// The largest size answered; 0 for none.
    private(set) var good = 0
    /// The smallest size that counts as too large.
    private(set) var bad: Int
    /// A size that cannot pass in any case.
    private var ceiling: Int
    private var rungs = Rungs()
    private var ladders = 0
    private(set) var deadline: Instant
    private let sizes: LinkSizes
    /// What has passed before, and ladders on which it was not answered.
    private var known: Int?
    private var misses = 0

    /// A search from `top` downwards.
    ///
    /// - Parameter known: what has passed so far, tried at the same time.
    init(top: Int, known: Int?, sizes: LinkSizes, wait: UInt64, now: Instant) {
        self.sizes = sizes
        ceiling = min(top, LinkSizes.largestPath) + 1
        bad = ceiling
        deadline = now.adding(nanoseconds: wait)
        add(top)
        if let known {
            self.known = real(known)
            add(known)
        }
    }

    /// The IP packet that a probe of at most `size` bytes really has.
    private func real(_ size: Int) -> Int { sizes.probe(path: min(size, LinkSizes.largestPath))?.packet ?? 0 }

    private var smallest: Int { LinkSizes.smallestPath(sizes.family) }

    private mutating func add(_ size: Int) {
        let size = real(size)
        if size > 0 { rungs.add(size) }
    }

    mutating func nextProbe() -> UInt16? { rungs.next() }

    /// Whether a probe of this size is outstanding.
    mutating func answer(_ size: UInt16) -> Bool {
        guard rungs.answer(size) else { return false }
        good = max(good, Int(size))
        if bad <= good { bad = ceiling }
        return true
    }

    /// The kernel would not send `size` bytes; it sends `kernel` bytes, if it says so.
    mutating func refuse(_ size: Int, kernel: Int?) {
        ceiling = max(min(ceiling, kernel.map { min($0 + 1, size) } ?? size), good + 1)
        bad = min(bad, ceiling)
        rungs.refuse(from: ceiling)
        guard let kernel, kernel < size, kernel > good else { return }
        add(kernel)
    }

    /// Nothing larger than `good` can pass.
    var isFound: Bool { good > 0 && real(bad - 1) <= good }

    /// Smaller sizes than the known one are answered, and it is not, but not for certain.
    private var doubtsKnown: Bool {
        guard let known, good > 0, good < known, known < ceiling else { return false }
        return misses < Self.proof
    }

    /// Whether this step waits for nothing any more, or for too long.
    func isOver(now: Instant) -> Bool { isFound && !doubtsKnown || rungs.isSettled || deadline <= now }

    /// The next ladder; false when there is no use in one.
    mutating func climb(wait: UInt64, now: Instant) -> Bool {
        if let unanswered = rungs.smallestUnanswered(above: good) { bad = min(bad, unanswered) }
        if let known, rungs.isUnanswered(known) { misses += 1 }
        ladders += 1
        let isSearching =
            !isFound && ladders <= Self.mostLadders && (good > 0 || ladders <= Self.silentLadders)
        guard isSearching || doubtsKnown else { return false }
        rungs = Rungs()
        deadline = now.adding(nanoseconds: wait)
        if doubtsKnown, let known { add(known) }
        guard isSearching else { return true }
        if good == 0 { add(smallest) }
        if bad < ceiling { add(bad) }
        if ladders == 1 {
            for size in Self.common where size < bad && size > good { add(size) }
        } else {
            addBetween()
        }
        return true
    }

    /// Sizes at equal distances between the largest that passed and the smallest that did not.
    private mutating func addBetween() {
        let low = max(good, smallest - 1)
        let gap = bad - low
        let parts = min(Rungs.capacity - 1, gap)
        guard parts > 1 else { return }
        for part in 1..<parts { add(low + gap * part / parts) }
    }

    /// `path` was not answered, often enough, while a smaller size was.
    func disproves(_ path: Int) -> Bool { ladders > 1 && good > 0 && good < path && bad <= path && !doubtsKnown }
}
