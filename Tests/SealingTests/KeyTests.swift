import CSealing
import ClusterConfiguration
import Foundation
import Testing

@testable import Sealing

@Suite struct KeyTests {
    private static func withFile<Result>(_ body: (String) throws -> Result) throws -> Result {
        let directory = FileManager.default.temporaryDirectory.appending(path: "rondo-key-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        return try body(directory.appending(path: "authkey").path)
    }

    private static func write(_ bytes: [UInt8], mode: Int, _ path: String) throws {
        FileManager.default.createFile(atPath: path, contents: Data(bytes), attributes: [.posixPermissions: mode])
    }

    /// What is said of a file that is no key; empty when it is one.
    private static func complaint(_ path: String) -> String {
        do {
            _ = try SecretKey(file: path)
            return ""
        } catch {
            #expect(error.exitStatus == 8)
            return "\(error)"
        }
    }

    @Test("A key file's bytes are the key, and equal keys are told from others")
    func readsFile() throws {
        try Self.withFile { path in
            try Self.write(Vectors.key, mode: 0o400, path)
            let key = try SecretKey(file: path)
            #expect(key.count == 256)
            let others = [Vectors.key, Vectors.key.dropLast() + [0], Vectors.key.dropLast()]
            let equal = try others.map { key.isEqual(to: try SecretKey(text: $0)) }
            #expect(equal == [true, false, false])
        }
    }

    @Test("Files that are no key are refused with path, value and remedy")
    func refuses() throws {
        try Self.withFile { path in
            #expect(Self.complaint(path).hasPrefix("Could not open \(path): No such file or directory\n"))
            #expect(Self.complaint(path).contains("to do: copy the key of another node there, or make one"))
            try Self.write(packet(127), mode: 0o400, path)
            #expect(Self.complaint(path).hasPrefix("Could only read 1016 bits of minimum 1024 bits from \(path).\n"))
            #expect(Self.complaint(path).contains("127 bytes\"; permitted: 128..4096 bytes; to do: "))
            try Self.write(packet(4097), mode: 0o400, path)
            #expect(Self.complaint(path).contains("is too long for a key"))
            #expect(Self.complaint(path).contains("keep its first 4096 bytes on every node"))
            for length in [128, 4096] {
                try Self.write(packet(length), mode: 0o600, path)
                #expect(Self.complaint(path) == "")
            }
            for mode in [0o440, 0o404, 0o620, 0o602, 0o644] {
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
                #expect(Self.complaint(path).contains("can be read or written by others than its owner"))
                #expect(Self.complaint(path).contains("0\(String(mode, radix: 8))"))
                #expect(Self.complaint(path).contains("to do: chmod 0400 \(path)"))
            }
            let directory = URL(filePath: path).deletingLastPathComponent().path
            #expect(Self.complaint(directory).contains("not a regular file"))
        }
    }

    @Test("A key in the configuration has the file's bounds, its NUL counted")
    func text() throws {
        #expect(throws: ConfigurationError.self) { _ = try SecretKey(text: packet(127)) }
        #expect(throws: ConfigurationError.self) { _ = try SecretKey(text: packet(4097)) }
        #expect(try SecretKey(text: packet(128)).count == 128)
    }

    @Test("A new key is of the size asked for, random, its owner's alone, and replaces the old one")
    func creates() throws {
        try Self.withFile { path in
            try Self.write([1, 2, 3], mode: 0o644, path)
            var seen: Set<[UInt8]> = []
            for size in [128, 256, 4096] {
                try KeyFile.create(path, size: size)
                let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
                #expect(bytes.count == size)
                #expect(Set(bytes).count > 64)
                seen.insert(Array(bytes.prefix(128)))
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(mode == 0o400)
                #expect(Self.complaint(path) == "")
            }
            #expect(seen.count == 3)
            // Through a symbolic link the file that it leads to is replaced.
            try FileManager.default.createSymbolicLink(atPath: path + ".link", withDestinationPath: path)
            try KeyFile.create(path + ".link", size: 200)
            #expect(try Data(contentsOf: URL(filePath: path)).count == 200)
            let directory = URL(filePath: path).deletingLastPathComponent().path
            let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            #expect(names == ["authkey", "authkey.link"])
        }
    }

    @Test("Where no key can be made it is said why, with corosync-keygen's status")
    func failures() throws {
        do throws(KeyFile.Failure) {
            try KeyFile.create("/nonexistent/folder/authkey", size: 256)
            Issue.record("it was made")
        } catch {
            #expect(error.status == 2)
            #expect(error.description == "Could not create /nonexistent/folder/authkey: No such file or directory")
        }
    }

    @Test("Salts made ahead are gone in a child, so that it cannot use those of its parent")
    func fork() throws {
        let page = try #require(rondo_secret_new(4096, 1))
        defer { rondo_secret_free(page, 4096) }
        for index in 0..<4096 { page[index] = 0xff }
        typealias Fork = @convention(c) () -> pid_t
        let symbol = try #require(dlsym(nil, "fork"))
        let child = unsafeBitCast(symbol, to: Fork.self)()
        if child == 0 {
            // Nothing here allocates or locks: other threads of the parent may have held any lock.
            var sum = 0
            for index in 0..<4096 { sum |= Int(page[index]) }
            _exit(sum == 0 ? 0 : 1)
        }
        var status: Int32 = -1
        #expect(waitpid(child, &status, 0) == child)
        #expect(status == 0)
        #expect(page[0] == 0xff)
    }
}
