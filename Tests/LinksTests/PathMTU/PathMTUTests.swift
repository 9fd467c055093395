import Basics
import Testing

@testable import Links

/// A path that carries packets up to a size and drops what is longer.
private struct Path {
    var mtu: PathMTU
    /// Longer packets vanish.
    var carries = 1500
    /// Longer packets are refused by the sender's kernel; nil as the kernel's answer when it does not say how long.
    var interface = 1500
    var says = true
    /// Milliseconds.
    var delay: UInt64 = 1
    /// The reply to every nth probe is lost.
    var losesEvery = Int.max
    /// So many of the next probes of the longest packets that pass are lost.
    var losesLongest = 0
    private(set) var now = Instant(nanoseconds: 5_000_000_000)
    private(set) var probes: [UInt16] = []
    private(set) var changes: [PathMTU.Change] = []
    private var replies: [(at: Instant, size: UInt16)] = []

    init(_ sizes: LinkSizes = LinkSizes(.v4, .clear), fixed: Int? = nil) {
        mtu = PathMTU(sizes: sizes, fixed: fixed, interval: 30_000_000_000)
    }

    mutating func start() {
        mtu.start(latency: 1_000_000, now: now)
        pump()
    }

    mutating func changeInterface(to size: Int) {
        interface = size
        mtu.interface(size, now: now)
        pump()
    }

    private mutating func pump() {
        for _ in 0..<PathMTU.stepLimit {
            if let change = mtu.advance(now: now, lastPong: now, .always) { changes.append(change) }
            var hasSent = false
            while let size = mtu.nextProbe() {
                hasSent = true
                probe(size)
            }
            guard hasSent else { return }
        }
    }

    private mutating func probe(_ size: UInt16) {
        probes.append(size)
        if Int(size) > interface {
            _ = mtu.refused(Int(size), kernel: says ? interface : 0, isProbe: true, now: now)
        } else if losesLongest > 0, Int(size) == min(carries, interface) {
            losesLongest -= 1
        } else if Int(size) <= carries, probes.count % losesEvery != 0 {
            replies.append((now.adding(milliseconds: delay), size))
        }
    }

    /// Lets up to `milliseconds` pass.
    mutating func run(milliseconds: UInt64, until condition: (Path) -> Bool = { _ in false }) {
        let end = now.adding(milliseconds: milliseconds)
        while !condition(self) {
            let next = earliest(replies.first?.at, mtu.deadline(.always)) ?? end
            guard next <= end else {
                now = end
                return
            }
            now = max(now, next)
            while let reply = replies.first, reply.at <= now {
                replies.removeFirst()
                if let change = mtu.answered(reply.size, now: now).change { changes.append(change) }
            }
            pump()
        }
    }

    /// A reply comes, whoever sent it.
    mutating func takes(_ size: UInt16) -> Bool { mtu.answered(size, now: now).isAwaited }

    mutating func forget() {
        probes.removeAll()
        changes.removeAll()
    }
}

struct PathMTUTests {
    @Test("where the kernel tells its size and the path carries it, two probes and one round trip are enough")
    func usual() {
        var path = Path()
        path.start()
        path.run(milliseconds: 2)
        #expect(path.mtu.path == 1500)
        #expect(path.mtu.linkMTU == 1446)
        #expect(path.probes == [65_535, 1500])
    }

    @Test(
        "a smaller path that drops in silence is found to the byte in some ladders",
        arguments: [576, 577, 1000, 1280, 1300, 1399, 1400, 1401, 1492, 1499])
    func silent(_ carries: Int) {
        var path = Path()
        path.carries = carries
        path.start()
        path.run(milliseconds: 300)
        #expect(path.mtu.path == carries)
        #expect(path.mtu.isValid)
        #expect(path.probes.count < 80)
    }

    @Test("with a cipher it is the largest of the sizes there are", arguments: [900, 1400, 1408, 1499])
    func sealed(_ carries: Int) throws {
        let sizes = LinkSizes(.v4, SealOverhead(hasCipher: true, hashSize: 32))
        var path = Path(sizes)
        path.carries = carries
        path.start()
        path.run(milliseconds: 300)
        let largest = try #require(sizes.probe(path: carries)?.packet)
        #expect(path.mtu.path == largest)
        #expect(path.mtu.linkMTU == sizes.linkMTU(path: carries))
    }

    @Test("a kernel that refuses without saying how long costs one more ladder")
    func refusedWithoutNumber() {
        var path = Path()
        path.says = false
        path.start()
        path.run(milliseconds: 300)
        #expect(path.mtu.path == 1500)
    }

    @Test("lost replies do not spoil the result", arguments: 2...9)
    func loss(_ every: Int) throws {
        var path = Path()
        path.carries = 1400
        path.losesEvery = every
        path.start()
        path.run(milliseconds: 900)
        let found = try #require(path.mtu.path)
        #expect(found <= 1400 && found > 1300)
    }

    @Test("IPv6 begins at 1280 bytes")
    func minimumOfIPv6() {
        var path = Path(LinkSizes(.v6, .clear))
        #expect(path.mtu.linkMTU == 1206)
        path.carries = 1400
        path.start()
        path.run(milliseconds: 300)
        #expect(path.mtu.path == 1400)
        #expect(path.probes.allSatisfy { $0 >= 1280 })
    }

    @Test("knet_mtu is used at once and never probed")
    func fixed() {
        var path = Path(fixed: 1300)
        #expect(path.mtu.linkMTU == 1246)
        path.start()
        path.run(milliseconds: 60_000)
        #expect(path.probes.isEmpty)
    }

    @Test("a known size is kept while it is tried again after the interval, and a larger path is found then")
    func again() {
        var path = Path()
        path.interface = 1400
        path.carries = 9000
        path.start()
        path.run(milliseconds: 29_000)
        #expect(path.mtu.path == 1400)
        path.forget()
        path.changeInterface(to: 9000)
        path.run(milliseconds: 10)
        #expect(path.mtu.path == 9000)
        #expect(path.changes == [.path])
    }

    @Test("an interface that has grown without a word is noticed with the next search", arguments: [1600, 9000])
    func grown(_ size: Int) {
        var path = Path()
        path.carries = 9000
        path.start()
        path.run(milliseconds: 29_000)
        #expect(path.mtu.path == 1500)
        path.interface = size
        path.run(milliseconds: 2000)
        #expect(path.mtu.path == size)
    }

    @Test("replies that nobody asked for, or that come twice, change nothing")
    func forged() {
        var path = Path()
        path.carries = 1400
        path.start()
        for size in [1500, 1499, 9000, 65_535, 576, 0] as [UInt16] where size != 1500 {
            #expect(path.takes(size) == false)
        }
        #expect(path.takes(1500) == true)
        #expect(path.takes(1500) == false)
    }

    @Test("a datagram that the kernel refuses as too long lowers the size at once")
    func lowered() {
        var path = Path()
        path.start()
        path.run(milliseconds: 10)
        path.interface = 1300
        #expect(path.mtu.refused(1500, kernel: 1300, isProbe: false, now: path.now) == .path)
        #expect(path.mtu.path == 1300)
        #expect(path.mtu.refused(1500, kernel: 1300, isProbe: false, now: path.now) == nil)
        path.run(milliseconds: 300)
        #expect(path.mtu.path == 1300)
    }

    @Test("what a router is said to have said lowers nothing by itself")
    func reported() {
        var path = Path()
        path.start()
        path.run(milliseconds: 2000)
        path.forget()
        path.mtu.reported(600, now: path.now)
        #expect(path.mtu.path == 1500)
        path.run(milliseconds: 500)
        #expect(path.mtu.path == 1500 && path.changes.isEmpty)
        path.carries = 1200
        path.run(milliseconds: 1000)
        path.mtu.reported(1200, now: path.now)
        path.run(milliseconds: 500)
        #expect(path.mtu.path == 1200)
    }

    @Test("a path that becomes smaller in silence is noticed a second after full datagrams have left")
    func becomesSmaller() {
        var path = Path()
        path.start()
        path.run(milliseconds: 3000)
        path.carries = 1350
        path.mtu.carriedLongPackets(now: path.now)
        path.run(milliseconds: 1300)
        #expect(path.mtu.path == 1350)
    }

    @Test("a known size outlives probes that are lost", arguments: 1...2)
    func lostProbes(_ count: Int) {
        var path = Path()
        path.start()
        path.run(milliseconds: 3000)
        path.forget()
        path.losesLongest = count
        path.mtu.carriedLongPackets(now: path.now)
        path.run(milliseconds: 2000)
        #expect(path.losesLongest == 0)
        #expect(path.mtu.path == 1500 && path.changes.isEmpty)
        #expect(path.mtu.isSettled)
    }

    @Test("a size that stays unanswered three times is given up", arguments: [1499, 1492, 1350])
    func smaller(_ carries: Int) {
        var path = Path()
        path.start()
        path.run(milliseconds: 3000)
        path.forget()
        path.carries = carries
        path.mtu.carriedLongPackets(now: path.now)
        path.run(milliseconds: 2000)
        #expect(path.probes.count { $0 == 1500 } >= 3)
        #expect(path.mtu.path == carries)
    }

    @Test("a link on which pings pass and nothing as long as the smallest packet is of no use until something does")
    func invalid() {
        var path = Path()
        path.carries = 500
        path.start()
        path.run(milliseconds: 6000)
        #expect(!path.mtu.isValid)
        #expect(path.changes == [.invalid])
        path.carries = 1500
        path.run(milliseconds: 2000)
        #expect(path.mtu.isValid && path.mtu.path == 1500)
    }

    @Test("another way of sealing keeps what is known of the path")
    func resealed() {
        var path = Path()
        path.start()
        path.run(milliseconds: 100)
        path.mtu.seal(SealOverhead(hasCipher: true, hashSize: 32), now: path.now)
        #expect(path.mtu.path == 1500)
        #expect(path.mtu.linkMTU == 1397)
    }

    @Test("a link that was down begins anew")
    func stop() {
        var path = Path()
        path.start()
        path.run(milliseconds: 100)
        path.mtu.stop()
        #expect(path.mtu.isUndiscovered && path.mtu.linkMTU == 522 && path.mtu.deadline(.always) == nil)
    }

    @Test("a path that carries no more than every path must is of use, though a cipher's blocks do not fill it")
    func smallestPath() {
        for family in [IPAddress.Family.v4, .v6] {
            for hash in [16, 20, 32, 48, 64] {
                let sizes = LinkSizes(family, SealOverhead(hasCipher: true, hashSize: hash))
                var path = Path(sizes)
                path.carries = LinkSizes.smallestPath(family)
                path.start()
                path.run(milliseconds: 10_000)
                #expect(path.mtu.isValid)
                #expect(path.mtu.linkMTU == sizes.undiscoveredLinkMTU)
                #expect(path.mtu.path != nil)
            }
        }
    }

    @Test("with a configured size, full datagrams lead to no question, and to no call without end")
    func fixedAndBusy() {
        var path = Path(fixed: 1400)
        path.start()
        path.mtu.carriedLongPackets(now: path.now)
        path.run(milliseconds: 5000)
        #expect(path.probes.isEmpty)
        #expect(path.mtu.deadline(.always).map { $0 > path.now } == true)
    }
}
