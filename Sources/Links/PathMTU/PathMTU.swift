import Basics

/// How long the IP packets may be that one link carries: found out by probes, kept while it is tried again, and lowered as
/// soon as something speaks against it (spec: knet.md 9).
///
/// What it answers to peers is as libknet's; how it asks is not: libknet halves an interval and waits for a timeout at each
/// step. Replies count only for an outstanding probe of that size, once. What the kernel says of its own interface is
/// believed, what a router is said to have said is a reason to probe (spec: knet.md 13.2).
struct PathMTU: Sendable {
    enum Change: Equatable {
        /// The size to use is another one.
        case path
        /// Not even the smallest packets pass, though pings do: the link is of no use.
        case invalid
        /// Such a link is of use again.
        case valid
    }

    /// Nanoseconds.
    private static let leastWait: UInt64 = 50_000_000
    private static let second: UInt64 = 1_000_000_000

    /// Bytes: two blocks of a cipher.
    private static let growth = 32
    /// Steps that can follow each other without waiting, at most.
    static let stepLimit = 16

    /// Bytes of an IP packet that passes; nil when that is not known.
    private(set) var path: Int?
    private(set) var isValid = true
    /// `knet_mtu`: no probes.
    private var fixed: Int?
    private(set) var sizes: LinkSizes
    /// Nanoseconds from search to search.
    private var interval: UInt64
    /// The kernel's MTU of the interface, as far as known.
    private var kernel: Int?
    /// It was learnt from a refusal, so that nobody tells when it grows.
    private var isKernelGuessed = false
    private var search: MTUSearch?
    /// When the next search begins; nil while the link is not heard.
    private var nextSearch: Instant?
    private var lastSearch = Instant(nanoseconds: 0)
    /// When the first datagram longer than every path carries left since the last search; nil for none.
    private var busySince: Instant?
    /// A search has found less than the kernel's size, and nobody has been told.
    private var warns = false
    private var warnedOf: Int?
    /// Nanoseconds of a round trip.
    private var latency: UInt64 = 0
    /// Searches in a row without an answer, and since when.
    private var failures = 0
    private var failingSince: Instant?
    private let defects: Planted<LinkDefect>

    /// - Parameters:
    ///   - fixed: `knet_mtu`, or nil to find it out.
    ///   - interval: nanoseconds after which a known size is tried again.
    init(sizes: LinkSizes, fixed: Int?, interval: UInt64, _ defects: Planted<LinkDefect> = Planted()) {
        self.defects = defects
        self.sizes = sizes
        self.fixed = fixed
        self.interval = max(interval, 1)
        path = fixed
    }

    /// Bytes of a ring's packet that fit into one datagram on this link.
    var linkMTU: Int {
        guard let path else { return sizes.undiscoveredLinkMTU }
        return sizes.linkMTU(path: path)
    }

    /// It is not known what passes.
    var isUndiscovered: Bool { path == nil }

    /// It is known, and no search is under way that may end with another size.
    var isSettled: Bool { path != nil && search == nil }

    // MARK: Configuration

    /// The configuration was read anew.
    mutating func configure(fixed: Int?, interval: UInt64, now: Instant) {
        self.interval = max(interval, 1)
        if fixed != self.fixed {
            self.fixed = fixed
            search = nil
            path = fixed
            isValid = true
        }
        if nextSearch != nil { begin(now: now) }
    }

    /// Datagrams are sealed in another way from now on. What a path carries is still known.
    mutating func seal(_ overhead: SealOverhead, now: Instant) {
        sizes = LinkSizes(sizes.family, overhead)
        search = nil
        if nextSearch != nil { begin(now: now) }
    }

    /// The MTU of the interface that the link's socket sends through.
    mutating func interface(_ mtu: Int, now: Instant) {
        guard mtu != kernel, mtu > 0 else { return }
        let isLarger = kernel.map { mtu > $0 } ?? false
        kernel = mtu
        isKernelGuessed = false
        if let path, fixed == nil, path > mtu { self.path = usable(mtu) }
        if nextSearch != nil, isLarger || (search?.bad ?? 0) > mtu + 1 { begin(now: now) }
    }

    /// A size below what its family asks of every path is none to work with. Where a cipher's blocks do not fill that
    /// exactly, the longest packet that they make counts.
    private func usable(_ size: Int) -> Int? {
        let smallest = LinkSizes.smallestPath(sizes.family)
        return size >= sizes.probe(path: smallest)?.packet ?? smallest ? size : nil
    }

    // MARK: The link

    /// The link is heard: probes can be answered, within `latency` nanoseconds.
    mutating func start(latency: UInt64, now: Instant) {
        self.latency = latency
        guard nextSearch == nil else { return }
        begin(now: now)
    }

    /// The link is down. Where it comes up again may be another path.
    mutating func stop() {
        search = nil
        nextSearch = nil
        path = fixed
        failures = 0
        failingSince = nil
    }

    /// Datagrams longer than every path carries have left by this link: whether such still pass is worth a question.
    mutating func carriedLongPackets(now: Instant) {
        guard busySince == nil, !defects.has(.asksNoMore) else { return }
        busySince = now
    }

    // MARK: Refusals and hints

    /// The kernel would not send a datagram of `size` bytes of IP packet, because its interface carries only `kernel`; 0 when
    /// it does not say how much.
    mutating func refused(_ size: Int, kernel: Int, isProbe: Bool, now: Instant) -> Change? {
        guard fixed == nil, nextSearch != nil, !defects.has(.ignoresRefusals) else { return nil }
        let told = kernel > 0 && kernel < size ? kernel : nil
        if let told, told != self.kernel {
            self.kernel = told
            isKernelGuessed = true
        }
        search?.refuse(size, kernel: told)
        guard !isProbe, let path, path >= size || told.map({ path > $0 }) ?? false else { return nil }
        self.path = told.flatMap(usable)
        begin(now: now)
        search?.refuse(size, kernel: told)
        return .path
    }

    /// A router is said to carry `size` bytes only. Anybody can say so: it is tried.
    mutating func reported(_ size: Int, now: Instant) {
        if defects.has(.believesRouters) { path = usable(size) ?? path }
        guard fixed == nil, search == nil, nextSearch != nil, let path, size < path,
            now.nanoseconds(since: lastSearch) >= Self.second
        else { return }
        begin(now: now)
    }

    // MARK: Probes

    /// What a probe and its reply may take.
    private var wait: UInt64 { max(Self.leastWait, 3 &* latency) }

    private mutating func begin(now: Instant) {
        nextSearch = now.adding(nanoseconds: interval)
        search(from: top, now: now)
    }

    /// The size with which a search begins. Behind a kernel's MTU that may have grown it is a little more than that: if it
    /// leaves and is answered, the next search begins from above.
    private var top: Int {
        guard let kernel else { return LinkSizes.largestPath }
        return isKernelGuessed ? min(kernel + PathMTU.growth, LinkSizes.largestPath) : kernel
    }

    private mutating func search(from top: Int, now: Instant) {
        guard fixed == nil else { return }
        lastSearch = now
        busySince = nil
        search = MTUSearch(top: top, known: path, sizes: sizes, wait: wait, now: now)
    }

    /// The size of the next probe to be sent now.
    mutating func nextProbe() -> UInt16? { search?.nextProbe() }

    /// A reply came. False if there is no such probe to be answered.
    mutating func answered(_ size: UInt16, now: Instant) -> (isAwaited: Bool, change: Change?) {
        if defects.has(.believesUnaskedReplies), let path, size > path {
            self.path = Int(size)
            return (true, .path)
        }
        guard search?.answer(size) == true, let good = search?.good else { return (false, nil) }
        failures = 0
        failingSince = nil
        if let kernel, isKernelGuessed, good > kernel {
            self.kernel = nil
            nextSearch = now
        }
        guard !isValid || path.map({ good > $0 }) ?? true, let usable = usable(good) else { return (true, nil) }
        let change: Change = isValid ? .path : .valid
        isValid = true
        path = max(usable, path ?? 0)
        return (true, change)
    }

    /// The kernel's size and the smaller one that passes, once for each that is found.
    mutating func takeWarning() -> (kernel: Int, path: Int)? {
        guard warns, let kernel, let path else { return nil }
        warns = false
        guard warnedOf != path else { return nil }
        warnedOf = path
        return (kernel, path)
    }

    // MARK: Time

    /// When it is asked whether datagrams as long as the path still pass; nil while none have left. Where the configuration says
    /// what passes, nobody is asked.
    private func nextQuestion(_ turn: QuestionTurn) -> Instant? {
        guard let busySince, path != nil, fixed == nil else { return nil }
        return turn.instant(notBefore: max(lastSearch.adding(nanoseconds: Self.second), busySince))
    }

    /// When `advance` has something to do.
    func deadline(_ turn: QuestionTurn) -> Instant? {
        guard let nextSearch else { return nil }
        guard let search else { return earliest(nextSearch, nextQuestion(turn)) }
        return search.deadline
    }

    /// Time has passed, or answers have come. Probes may be due afterwards.
    ///
    /// - Parameters:
    ///   - lastPong: when the link was last alive for certain.
    ///   - turn: when it may be asked whether what is known still holds.
    mutating func advance(now: Instant, lastPong: Instant?, _ turn: QuestionTurn) -> Change? {
        guard var search else {
            beginIfDue(now: now, turn)
            return nil
        }
        guard search.isOver(now: now) else { return nil }
        let isClimbing = search.climb(wait: wait, now: now)
        self.search = isClimbing ? search : nil
        if isClimbing {
            guard let path, search.disproves(path) else { return nil }
            self.path = usable(search.good)
            return .path
        }
        return finish(search, now: now, lastPong: lastPong)
    }

    private mutating func beginIfDue(now: Instant, _ turn: QuestionTurn) {
        guard let nextSearch else { return }
        if nextSearch <= now {
            begin(now: now)
        } else if let path, let due = nextQuestion(turn), due <= now {
            search(from: path, now: now)
        }
    }

    private mutating func finish(_ search: MTUSearch, now: Instant, lastPong: Instant?) -> Change? {
        guard let found = usable(search.good) else { return fail(now: now, lastPong: lastPong) }
        if let kernel, let largest = sizes.probe(path: kernel)?.packet { warns = found < largest }
        guard found != path else { return nil }
        path = found
        return .path
    }

    /// No probe was answered: it is tried again soon. If pings were answered meanwhile the link carries nothing else.
    private mutating func fail(now: Instant, lastPong: Instant?) -> Change? {
        failures += 1
        nextSearch = now.adding(nanoseconds: min(Self.second, interval))
        guard let since = failingSince else {
            failingSince = now
            return nil
        }
        guard failures >= 3, isValid, let lastPong, lastPong > since else { return nil }
        isValid = false
        path = nil
        return .invalid
    }
}
