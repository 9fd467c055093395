import ClientProtocol
import Glibc
import Testing

@testable import LocalIPC

/// Buffers that clients share (spec: ipc.md 6.5, 12): one client's own file is read, everything else is left alone.
@Suite struct SharedBufferTests {
    private let me = geteuid()

    /// A file as libcpg makes it, holding a message of so many bytes.
    private func file(_ name: String = "corosync_zerocopy-", size: Int = 156, says length: UInt32 = 100) -> String {
        var path = Array("/dev/shm/\(name)XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        var content = [UInt8](repeating: 7, count: size)
        for index in 0..<4 where 48 + index < size {
            content[48 + index] = UInt8(truncatingIfNeeded: length >> (8 * index))
        }
        write(descriptor, content, size)
        close(descriptor)
        return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

    @Test func theMessageInAClientsFileIsFound() {
        let path = file()
        let buffers = SharedBuffers(user: me)
        #expect(buffers.add(path: Array(path.utf8), size: 156))
        #expect(!isThere(path), "its name is taken away")
        #expect(buffers.message(in: 1) == [UInt8](repeating: 7, count: 100))
        #expect(buffers.message(in: 2) == nil)
        #expect(buffers.remove(1))
        #expect(!buffers.remove(1))
        #expect(buffers.message(in: 1) == nil)
    }

    @Test(arguments: [101, 1_047_553, UInt32.max]) func aLengthThatLiesIsNoMessage(length: UInt32) {
        let path = file(says: length)
        let buffers = SharedBuffers(user: me)
        #expect(buffers.add(path: Array(path.utf8), size: 156))
        #expect(buffers.message(in: 1) == nil)
    }

    @Test func aFileCutShortMeanwhileIsNoMessage() {
        let path = file()
        let descriptor = open(path, O_RDWR)
        let buffers = SharedBuffers(user: me)
        #expect(buffers.add(path: Array(path.utf8), size: 156))
        ftruncate(descriptor, 100)
        #expect(buffers.message(in: 1) == nil)
        ftruncate(descriptor, 0)
        #expect(buffers.message(in: 1) == nil)
        close(descriptor)
    }

    @Test(arguments: [0, 55, 157, 1_047_609, UInt64.max]) func aSizeThatLiesIsRefused(size: UInt64) {
        let path = file()
        #expect(!SharedBuffers(user: me).add(path: Array(path.utf8), size: size))
        #expect(isThere(path))
        unlink(path)
    }

    @Test func whatIsNotTheClientsOwnIsLeftAlone() {
        let path = file()
        #expect(!SharedBuffers(user: me &+ 1).add(path: Array(path.utf8), size: 156))
        #expect(isThere(path))
        let second = path + "-second"
        link(path, second)
        #expect(!SharedBuffers(user: me).add(path: Array(path.utf8), size: 156))
        unlink(second)
        symlink(path, second)
        #expect(!SharedBuffers(user: me).add(path: Array(second.utf8), size: 156))
        #expect(isThere(path))
        unlink(second)
        unlink(path)
    }

    @Test(arguments: [
        "/etc/passwd", "", "/dev/shm/", "/dev/shm/other-file", "/dev/shm/corosync_zerocopy-/../x", "relative",
    ])
    func aPathThatIsNoBuffersIsRefused(path: String) {
        #expect(!SharedBuffers(user: me).add(path: Array(path.utf8), size: 156))
    }

    @Test func anotherNameIsLeftAlone() {
        let path = file("somebody-elses-")
        #expect(!SharedBuffers(user: me).add(path: Array(path.utf8), size: 156))
        #expect(isThere(path))
        unlink(path)
    }

    @Test func aClientHasOnlySoMany() {
        let buffers = SharedBuffers(user: me)
        for _ in 0..<SharedBuffers.limit { #expect(buffers.add(path: Array(file().utf8), size: 156)) }
        let path = file()
        #expect(!buffers.add(path: Array(path.utf8), size: 156))
        unlink(path)
    }
}
