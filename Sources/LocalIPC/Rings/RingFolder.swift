import Glibc
import LocalWire

/// The folder with the files of one connection's rings.
///
/// It is made and filled while it is the daemon's alone, and then given to the client's user, whose library opens the
/// files and may take them away when the daemon has died. What lies there afterwards is the client's doing: it is only
/// ever taken away, by the names that were given first, below the very folder that was made.
struct RingFolder {
    static let place = "/dev/shm"
    private static let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let attempts = 16

    /// Below `place`.
    let name: String
    private let device: dev_t
    private let inode: ino_t
    private var files: [String] = []

    var path: String { "\(Self.place)/\(name)" }

    /// Makes one with a name as libqb gives it.
    ///
    /// - Parameters:
    ///   - client: process id.
    ///   - connection: a number that no other connection of the client has.
    init(client: Int32, connection: Int32) throws(SystemCode) {
        let place = try Self.openPlace()
        defer { close(place) }
        for _ in 0..<Self.attempts {
            var generator = SystemRandomNumberGenerator()
            let suffix = (0..<6).map { _ in Self.letters[Int.random(in: 0..<Self.letters.count, using: &generator)] }
            let name = "qb-\(getpid())-\(client)-\(connection)-\(String(decoding: suffix, as: UTF8.self))"
            guard mkdirat(place, name, 0o700) == 0 else {
                guard errno == EEXIST else { throw .last }
                continue
            }
            var state = stat()
            guard fstatat(place, name, &state, AT_SYMLINK_NOFOLLOW) == 0 else { throw .last }
            self.name = name
            device = state.st_dev
            inode = state.st_ino
            return
        }
        throw SystemCode(EEXIST)
    }

    /// Makes a file of so many bytes, all of them there, which belongs to a user.
    ///
    /// - Returns: its descriptor.
    mutating func makeFile(_ name: String, size: Int, user: UInt32, group: UInt32) throws(SystemCode) -> Int32 {
        let folder = try open()
        defer { close(folder) }
        let file = openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .last }
        files.append(name)
        do throws(SystemCode) {
            guard ftruncate(file, off_t(size)) == 0 else { throw .last }
            // Room that is promised only would be missed by the first who writes there.
            var code = posix_fallocate(file, 0, off_t(size))
            while code == EINTR { code = posix_fallocate(file, 0, off_t(size)) }
            guard code == 0 else { throw SystemCode(code) }
            guard fchmod(file, 0o600) == 0 else { throw .last }
            try Self.give(file, user, group)
        } catch {
            close(file)
            throw error
        }
        return file
    }

    /// Gives the folder to a user, whose group may use it too.
    func give(to user: UInt32, _ group: UInt32) throws(SystemCode) {
        let folder = try open()
        defer { close(folder) }
        guard fchmod(folder, 0o770) == 0 else { throw .last }
        try Self.give(folder, user, group)
    }

    /// Takes away what was made. What the client has put there itself stays, and the folder around it.
    func remove() {
        guard let place = try? Self.openPlace() else { return }
        defer { close(place) }
        guard let folder = try? open() else { return }
        for file in files { unlinkat(folder, file, 0) }
        close(folder)
        unlinkat(place, name, AT_REMOVEDIR)
    }

    private static func openPlace() throws(SystemCode) -> Int32 {
        let descriptor = Glibc.open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last }
        return descriptor
    }

    /// The folder that was made, and no other that has its name by now.
    private func open() throws(SystemCode) -> Int32 {
        let place = try Self.openPlace()
        defer { close(place) }
        let folder = openat(place, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { throw .last }
        var state = stat()
        guard fstat(folder, &state) == 0, state.st_dev == device, state.st_ino == inode else {
            close(folder)
            throw SystemCode(ESTALE)
        }
        return folder
    }

    /// A daemon that is not root has only clients of its own user.
    private static func give(_ descriptor: Int32, _ user: UInt32, _ group: UInt32) throws(SystemCode) {
        guard fchown(descriptor, user, group) == 0 || errno == EPERM else { throw .last }
    }
}
