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

    @Test(arguments: [UInt64.max, 1 << 63, (1 << 63) - 1, 1 << 32] as [UInt64])
    func aSizeBeyondAllNumbersIsRefused(size: UInt64) {
        let buffers = SharedBuffers(user: me)
        let (first, second) = (file(), file())
        defer { for path in [first, second] { unlink(path) } }
        #expect(buffers.add(path: Array(first.utf8), size: 156))
        #expect(!buffers.add(path: Array(second.utf8), size: size))
        #expect(buffers.count == 1)
    }

    @Test(arguments: [101, 1_047_553, UInt32.max]) func aLengthThatLiesIsNoMessage(length: UInt32) {
        let path = file(says: length)
        let buffers = SharedBuffers(user: me)
        #expect(buffers.add(path: Array(path.utf8), size: 156))
        #expect(buffers.message(in: 1) == nil)
    }

    @Test func aFileCutShortMeanwhileIsNoMessage() {
        let path = file(size: 12_000, says: 11_000)
        let descriptor = open(path, O_RDWR)
        let buffers = SharedBuffers(user: me)
        #expect(buffers.add(path: Array(path.utf8), size: 12_000))
        #expect(buffers.message(in: 1)?.count == 11_000)
        ftruncate(descriptor, 4096)
        #expect(buffers.message(in: 1) == nil)
        ftruncate(descriptor, 12_000)
        #expect(buffers.message(in: 1) == nil, "what is there now is not what the client wrote")
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

    /// Descriptors of this process now.
    private var descriptors: Int {
        var count = 0
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        while readdir(folder) != nil { count += 1 }
        closedir(folder)
        return count
    }

    @Test func aClientHasManyWithoutADescriptorForEachUpToSoManyBytes() {
        let buffers = SharedBuffers(user: me)
        let before = descriptors
        let most = SharedBuffers.mostBytes / SharedBuffers.leastCharge
        for _ in 0..<most { #expect(buffers.add(path: Array(file().utf8), size: 156)) }
        // Other tests of this program open and close some meanwhile.
        #expect(descriptors < before + most / 4)
        #expect(buffers.message(in: UInt64(most)) == [UInt8](repeating: 7, count: 100))
        let path = file()
        #expect(!buffers.add(path: Array(path.utf8), size: 156))
        #expect(isThere(path))
        #expect(buffers.remove(1))
        #expect(buffers.add(path: Array(path.utf8), size: 156))
    }

    @Test func largeBuffersCountWithTheirSize() {
        let buffers = SharedBuffers(user: me)
        let size = CpgBufferRequest.payloadOffset + CpgBufferRequest.longestPayload
        var count = 0
        while count < 100 {
            let path = file(size: size)
            guard buffers.add(path: Array(path.utf8), size: UInt64(size)) else {
                unlink(path)
                break
            }
            count += 1
        }
        #expect(count == SharedBuffers.mostBytes / size)
    }
}
