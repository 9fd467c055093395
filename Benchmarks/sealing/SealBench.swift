import ClusterConfiguration
import Glibc
import Sealing
import SealingAnew

/// `seal-bench`: processor time of sealing and opening one packet, for each cipher and hash, at the size of a token and of a
/// full fragment, beside the same with contexts, key and salt made anew for each packet.
///
/// Each figure is the shortest of several rounds in which both take turns. A machine that does other things meanwhile makes
/// figures longer.
@main
struct SealBench {
    private static let rounds = 9
    private static let sizes = [71, 1424]
    private static let key = (0..<256).map { UInt8(truncatingIfNeeded: 7 * $0 + 3) }

    private struct Figures {
        var seal = Double.infinity
        var open = Double.infinity
        var sealAnew = Double.infinity
        var openAnew = Double.infinity
    }

    static func main() throws {
        print("us a packet     |          71 bytes           |         1424 bytes")
        print("                |  kept        anew           |  kept        anew")
        print("                |  seal   open   seal   open  |  seal   open   seal   open")
        for suite in SealSuite.all {
            var line = pad("\(suite)", 15)
            for size in sizes {
                let figures = try measure(suite, size)
                line +=
                    " | \(text(figures.seal)) \(text(figures.open)) \(text(figures.sealAnew)) \(text(figures.openAnew)) "
            }
            print(line)
        }
    }

    private static func measure(_ suite: SealSuite, _ size: Int) throws -> Figures {
        let plain = [UInt8](repeating: 0x5a, count: size)
        let length = suite.overhead.sealedSize(size)
        var image = [UInt8](repeating: 0, count: length)
        var copy = image
        var sealer = try Sealer(suite, key: SecretKey(text: key))
        let name = suite.hasCipher ? "AES-\(suite.cipher.keyLength * 8)-CBC" : nil
        guard rondo_anew_begin(name, suite.hash.rawValue) == 1 else { return Figures() }
        var best = Figures()
        for _ in 0..<rounds {
            best.seal = min(
                best.seal,
                try time {
                    var room = image.mutableSpan
                    _ = try sealer.seal(plain.span, into: &room)
                })
            // A copy each time, since opening works in place: some nanoseconds of the figure, in both.
            best.open = min(
                best.open,
                try time {
                    refill(&copy, from: image)
                    var room = copy.mutableSpan
                    _ = try sealer.open(&room)
                })
            best.openAnew = min(
                best.openAnew,
                time {
                    refill(&copy, from: image)
                    _ = rondo_anew_open(key, key.count, &copy, length, suite.hash.length)
                })
            best.sealAnew = min(best.sealAnew, time { _ = rondo_anew_seal(key, key.count, plain, size, &image) })
        }
        return best
    }

    private static func refill(_ copy: inout [UInt8], from image: [UInt8]) {
        copy.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: image) }
    }

    /// Microseconds of this process's processor time for one of 4000.
    private static func time(_ body: () throws -> Void) rethrows -> Double {
        let count = 4000
        let begin = processorTime()
        for _ in 0..<count { try body() }
        return (processorTime() - begin) / Double(count)
    }

    private static func processorTime() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
        return Double(now.tv_sec) * 1e6 + Double(now.tv_nsec) / 1e3
    }

    private static func text(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let digits = "\(hundredths % 100)"
        return pad("\(hundredths / 100).\(digits.count < 2 ? "0" : "")\(digits)", 6, isRight: true)
    }

    private static func pad(_ text: String, _ width: Int, isRight: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(width - text.count, 0))
        return isRight ? blanks + text : text + blanks
    }
}
