import ClusterConfiguration
import Foundation
import Sealing

/// Packets captured from real rings, and bytes made to harm.
enum Vectors {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Everything in a folder below Tests, by its name without `.hex`.
    private static func read(_ folder: String) -> [(name: String, bytes: [UInt8])] {
        let directory = tests.appending(path: folder)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return files.filter { $0.hasSuffix(".hex") }.sorted().map { file in
            let text = (try? String(contentsOf: directory.appending(path: file), encoding: .utf8)) ?? ""
            return (String(file.dropLast(4)), bytes(text))
        }
    }

    static func bytes(_ text: some StringProtocol) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    struct Sealed: Sendable, CustomStringConvertible {
        var name: String
        var suite: SealSuite
        var key: [UInt8]
        var image: [UInt8]
        var plain: [UInt8]

        var description: String { name }
    }

    /// The key of 256 bytes that most vectors have, and that of 81.
    static let key = (0..<256).map { UInt8(truncatingIfNeeded: 7 * $0 + 3) }
    static let otherKey = (0..<128).map { UInt8(truncatingIfNeeded: 11 * $0 + 5) }

    static let sealed: [Sealed] = {
        let file = tests.appending(path: "SealingTests/Vectors/plain.txt")
        let lines = ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n")
        let plain = Dictionary(
            lines.map { $0.split(separator: " ") }.compactMap { $0.count == 2 ? (String($0[0]), bytes($0[1])) : nil },
            uniquingKeysWith: { first, _ in first })
        return read("SealingTests/Vectors").compactMap { name, image in
            let words = name.split(separator: "-").map(String.init)
            let suite: SealSuite? =
                switch words[0] {
                case "80": SealSuite(.aes256, .sha256)
                case "81": SealSuite(.aes128, .sha512)
                default:
                    SealCipher(rawValue: words[1]).flatMap { cipher in
                        SealHash(rawValue: words[2]).map { SealSuite(cipher, $0) }
                    }
                }
            guard let suite, let plain = plain[name] else { return nil }
            return Sealed(name: name, suite: suite, key: words[0] == "81" ? otherKey : key, image: image, plain: plain)
        }
    }()

    /// Whole packets of knet with a compressed one of the ring in them: the model's number is byte 8, the rest begins at 14.
    static let compressed = read("LinksTests/Vectors").filter { $0.name.contains("-compressed-") }

    /// Short packets that become far longer than a packet may be, or claim that they do.
    static let bombs = read("SealingTests/Bombs")
}
