import Foundation
import Testing

@testable import FuzzTargets

/// What the fuzzer once found stays mended, also where nobody can fuzz; the corpora are replayed by Scripts/fuzz.
@Suite struct ReplayTests {
    private static let fuzzing = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzzing")

    @Test("Inputs that once did harm do none", arguments: FuzzTarget.allCases)
    func regressions(target: FuzzTarget) throws {
        let directory = Self.fuzzing.appending(path: "regressions/\(target.rawValue)")
        let files = (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)) ?? []
        for file in files { try target.run(Array(try Data(contentsOf: file))) }
    }

    @Test("One byte repeated does no harm", arguments: FuzzTarget.allCases)
    func repeatedBytes(target: FuzzTarget) throws {
        for byte in stride(from: UInt8(0), through: 250, by: 25) {
            try target.run(Array(repeating: byte, count: 40))
        }
    }

    /// A configuration that no node can have would make its inputs do nothing at all.
    @Test func everyVariantIsAConfiguration() {
        for (index, variant) in (ConfigurationVariants.alone + ConfigurationVariants.pair).enumerated() {
            #expect(variant != nil, "variant \(index)")
        }
    }

    /// A corpus that lost its files would make the short run of `make test` begin from nothing.
    @Test("Every target has a corpus", arguments: FuzzTarget.allCases)
    func corpus(target: FuzzTarget) throws {
        let directory = Self.fuzzing.appending(path: "corpus/\(target.rawValue)")
        let files = try FileManager.default.contentsOfDirectory(
            at: directory, includingPropertiesForKeys: [.fileSizeKey])
        #expect(files.count >= 5)
        for file in files {
            let size = try file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
            #expect(
                size <= target.longestInput, "\(file.lastPathComponent) is longer than what the target is tried with")
        }
    }
}
