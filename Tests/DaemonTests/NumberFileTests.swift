import Basics
import Glibc
import Testing
import TotemWire

@testable import Daemon

/// The only thing a node must not forget (spec: totem.md 5.2).
@Suite(.serialized)
struct NumberFileTests {
    /// The file of node 1 in a directory; the test process keeps its working directory.
    func file(in directory: TemporaryDirectory) throws -> NumberFile {
        let before = try #require(getcwd(nil, 0))
        defer {
            chdir(before)
            free(before)
        }
        return NumberFile.ringID(of: NodeID(1), in: try StateDirectory(directory.path))
    }

    @Test func `A fresh node starts at 0 and leaves 8 zero bytes for nobody but root`() throws {
        let directory = try TemporaryDirectory()
        let file = try file(in: directory)
        #expect(try file.load() == .missing)
        #expect(directory.bytes(of: "ringid_1") == [UInt8](repeating: 0, count: 8))
        var information = stat()
        #expect(stat(directory.path + "/ringid_1", &information) == 0)
        #expect(information.st_mode & 0o777 == 0o600)
    }

    @Test func `What was stored is what is loaded, in Corosync's format`() throws {
        let directory = try TemporaryDirectory()
        let file = try file(in: directory)
        #expect(try file.store(9) == .replaced)
        #expect(directory.bytes(of: "ringid_1") == [9, 0, 0, 0, 0, 0, 0, 0])
        #expect(try file.store(0x0102_0304_0506_0708) == .replaced)
        #expect(try file.load() == .number(0x0102_0304_0506_0708))
        #expect(directory.names == ["ringid_1"])
    }

    @Test(arguments: [0, 1, 7])
    func `A torn file counts as 0 and is made whole`(length: Int) throws {
        let directory = try TemporaryDirectory()
        directory.write([UInt8](repeating: 5, count: length), to: "ringid_1")
        let file = try file(in: directory)
        #expect(try file.load() == .torn(bytes: length))
        #expect(try file.load() == .number(0))
    }

    @Test func `Bytes beyond the eighth are ignored`() throws {
        let directory = try TemporaryDirectory()
        directory.write([9, 0, 0, 0, 0, 0, 0, 0, 77, 77], to: "ringid_1")
        let file = try file(in: directory)
        #expect(try file.load() == .number(9))
        #expect(try file.store(13) == .replaced)
        #expect(directory.bytes(of: "ringid_1") == [13, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `A leftover of a crash during a store changes nothing`() throws {
        let directory = try TemporaryDirectory()
        directory.write([9, 0, 0, 0, 0, 0, 0, 0], to: "ringid_1")
        directory.write([1], to: "ringid_1.new")
        let file = try file(in: directory)
        #expect(try file.load() == .number(9))
        #expect(try file.store(13) == .replaced)
        #expect(directory.names == ["ringid_1"])
    }

    @Test func `A link in place of the file is not followed`() throws {
        let directory = try TemporaryDirectory()
        directory.write([9, 0, 0, 0, 0, 0, 0, 0], to: "target")
        symlink("target", directory.path + "/ringid_1")
        let file = try file(in: directory)
        #expect(throws: SystemFailure.self) { _ = try file.load() }
        #expect(try file.store(13) == .replaced)
        #expect(directory.bytes(of: "target") == [9, 0, 0, 0, 0, 0, 0, 0])
        #expect(try file.load() == .number(13))
    }

    /// Has made every new file impossible.
    func isOverwritten(_ stored: NumberFile.Stored, code: Int32) -> Bool {
        guard case .overwritten(let reason) = stored else { return false }
        return reason.code == code
    }

    @Test func `Where no new file can be made the number goes into the old one`() throws {
        let directory = try TemporaryDirectory()
        let obstacle = directory.path + "/ringid_1.new"
        mkdir(obstacle, 0o700)
        defer { rmdir(obstacle) }
        let file = try file(in: directory)
        #expect(try file.load() == .missing)
        #expect(isOverwritten(try file.store(9), code: EISDIR))
        #expect(directory.bytes(of: "ringid_1") == [9, 0, 0, 0, 0, 0, 0, 0])
        rmdir(obstacle)
        #expect(try file.store(13) == .replaced)
        mkdir(obstacle, 0o700)
        // Into the file that took the old one's place.
        #expect(isOverwritten(try file.store(17), code: EISDIR))
        #expect(try file.load() == .number(17))
        #expect(directory.bytes(of: "ringid_1") == [17, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `A file that was removed while it was open is made anew, where no other can take its place`() throws {
        let directory = try TemporaryDirectory()
        let file = try file(in: directory)
        #expect(try file.store(9) == .replaced)
        let obstacle = directory.path + "/ringid_1.new"
        mkdir(obstacle, 0o700)
        defer { rmdir(obstacle) }
        unlink(directory.path + "/ringid_1")
        #expect(isOverwritten(try file.store(13), code: EISDIR))
        #expect(directory.bytes(of: "ringid_1") == [13, 0, 0, 0, 0, 0, 0, 0])
        #expect(try file.load() == .number(13))
    }

    @Test func `A file that an administrator put in the place of the open one is the one that is written to`() throws {
        let directory = try TemporaryDirectory()
        let file = try file(in: directory)
        #expect(try file.store(9) == .replaced)
        let obstacle = directory.path + "/ringid_1.new"
        mkdir(obstacle, 0o700)
        defer { rmdir(obstacle) }
        directory.write([5, 0, 0, 0, 0, 0, 0, 0], to: "restored")
        rename(directory.path + "/restored", directory.path + "/ringid_1")
        #expect(isOverwritten(try file.store(13), code: EISDIR))
        #expect(try file.load() == .number(13))
    }

    @Test func `A directory that cannot be synced does not leave the number in the file that lost its name`() throws {
        let directory = try TemporaryDirectory()
        let file = try file(in: directory)
        #expect(try file.store(9) == .replaced)
        // Everything but fsync works through a descriptor that only names the directory (O_PATH, which Glibc's module lacks).
        let namesOnly: Int32 = 0o10_000_000
        let only = open(directory.path, namesOnly | O_DIRECTORY | O_CLOEXEC)
        try #require(only >= 0 && dup2(only, file.directory.descriptor.rawValue) >= 0)
        close(only)
        #expect(isOverwritten(try file.store(13), code: EBADF))
        let obstacle = directory.path + "/ringid_1.new"
        mkdir(obstacle, 0o700)
        defer { rmdir(obstacle) }
        #expect(isOverwritten(try file.store(17), code: EISDIR))
        #expect(directory.bytes(of: "ringid_1") == [17, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `A number that may only be read is replaced`() throws {
        let directory = try TemporaryDirectory()
        directory.write([9, 0, 0, 0, 0, 0, 0, 0], to: "ringid_1")
        chmod(directory.path + "/ringid_1", 0o400)
        let file = try file(in: directory)
        #expect(try file.load() == .number(9))
        #expect(try file.store(13) == .replaced)
        #expect(directory.bytes(of: "ringid_1") == [13, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test(arguments: [
        (EISDIR, "is a directory: move it away"), (ELOOP, "is a symbolic link"), (EROFS, "mount it writable"),
        (ENOSPC, "free space on the disk of "), (EMFILE, "LimitNOFILE="), (EACCES, "let user "), (EIO, "dmesg"),
    ])
    func `The advice fits the error and names the place`(code: Int32, advice: String) throws {
        let directory = try TemporaryDirectory()
        let text = try file(in: directory).advice(on: SystemFailure("write", code: code))
        #expect(text.contains(advice))
        #expect(text.contains(directory.path) || code == EMFILE)
    }

    @Test func `The votes' barrier has four bytes`() throws {
        let directory = try TemporaryDirectory()
        let before = try #require(getcwd(nil, 0))
        defer {
            chdir(before)
            free(before)
        }
        let file = NumberFile.trackingBarrier(in: try StateDirectory(directory.path))
        #expect(try file.store(5) == .replaced)
        #expect(directory.bytes(of: "ev_tracking") == [5, 0, 0, 0])
        #expect(try file.load() == .number(5))
    }

    @Test func `A state directory that is not there is named`() {
        let failure = #expect(throws: SystemFailure.self) { _ = try StateDirectory("/no/such/directory") }
        #expect(failure?.description.contains("/no/such/directory") == true)
    }
}
