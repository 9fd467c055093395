import Foundation
import Testing

@Suite struct KeygenCommandTests {
    private static func withFolder(_ body: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "rondo-keygen-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try body(directory.path)
    }

    private static func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("A key is its owner's alone, of the size asked for, and a second one replaces it and says so")
    func makesKeys() throws {
        try Self.withFolder { folder in
            let path = folder + "/authkey"
            let first = try Tool.run(["keygen", "-k", path])
            #expect(first.status == 0 && first.complaint.isEmpty)
            #expect(first.output.hasPrefix("Wrote a key of 2048 bits to \(path).\nCopy it to every node"))
            let key = try Data(contentsOf: URL(filePath: path))
            #expect(key.count == 256)
            #expect(try Self.mode(path) == 0o400)

            let second = try Tool.run(["keygen", "--key-file", path, "--size", "4096", "-l"])
            #expect(second.status == 0)
            #expect(second.lines[0] == "Wrote a key of 32768 bits to \(path), in place of what was there.")
            let longer = try Data(contentsOf: URL(filePath: path))
            #expect(longer.count == 4096 && longer.prefix(256) != key)
            #expect(try Self.mode(path) == 0o400)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["authkey"])
        }
    }

    @Test("Sizes that no key has are refused, and nothing is written", arguments: ["127", "4097", "0", "-1", "x"])
    func sizes(size: String) throws {
        try Self.withFolder { folder in
            let result = try Tool.run(["keygen", "-k", folder + "/authkey", "-s", size])
            #expect(result.status == 64)
            #expect(result.complaint.contains("Usage: rondo keygen"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    @Test("Where no file can be made it says why, with corosync-keygen's status")
    func noPlace() throws {
        let result = try Tool.run(["keygen", "-k", "/nonexistent/folder/authkey"])
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.complaint == "Could not create /nonexistent/folder/authkey: No such file or directory\n")
    }
}
