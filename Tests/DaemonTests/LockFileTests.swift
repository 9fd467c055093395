import Glibc
import Testing

@testable import Daemon

struct LockFileTests {
    @Test func `The file holds the process id and goes with an orderly end`() throws {
        let directory = try TemporaryDirectory()
        directory.write(Array("99999999 stale".utf8), to: "pid")
        let lock = try LockFile(directory.path + "/pid")
        #expect(text(of: lock.path) == "\(getpid())\n")
        lock.remove()
        #expect(directory.names.isEmpty)
    }

    @Test func `A directory that is not there is named`() {
        #expect {
            _ = try LockFile("/no/such/directory/pid")
        } throws: { error in
            guard case LockFile.Failure.system(let failure) = error else { return false }
            return failure.code == ENOENT && failure.description.contains("/no/such/directory/pid")
        }
    }
}
