import Foundation

/// The captured packets of `Vectors/`.
enum Vectors {
    private static let directory = Bundle.module.resourceURL?.appendingPathComponent("Vectors")

    /// Names without `.hex`, ascending.
    static let names: [String] = {
        guard let directory, let files = try? FileManager.default.contentsOfDirectory(atPath: directory.path) else {
            return []
        }
        return files.filter { $0.hasSuffix(".hex") }.map { String($0.dropLast(4)) }.sorted()
    }()

    /// The vectors whose names begin with `prefix`, in order.
    static func all(_ prefix: String) -> [[UInt8]] { names.filter { $0.hasPrefix(prefix) }.map(bytes) }

    /// The first vector whose name begins with `prefix`.
    static func one(_ prefix: String) -> [UInt8] { all(prefix).first ?? [] }

    static func bytes(_ name: String) -> [UInt8] {
        guard let directory,
            let text = try? String(contentsOf: directory.appendingPathComponent(name + ".hex"), encoding: .utf8)
        else { return [] }
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
