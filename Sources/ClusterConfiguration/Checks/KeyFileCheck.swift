/// Whether a file can be the ring's key, by what the file system says of it (spec: configuration.md 9.2).
public enum KeyFileCheck {
    /// Bytes of a key.
    public static let sizes = 128...4096
    /// The size of a key that is made when none is given.
    public static let standardSize = 256
    /// Who may read or write a key file: its owner.
    public static let othersBits: UInt32 = 0o066
    /// The modes of a key file that are proposed.
    public static let modes = "0400 or 0600"

    /// - Parameters:
    ///   - path: where the file is.
    ///   - isRegular: whether it is an ordinary file.
    ///   - size: its length in bytes.
    ///   - mode: its permission bits.
    /// - Throws: what is wrong with it, in Corosync's words where it has any, and what to do.
    public static func check(path: String, isRegular: Bool, size: Int, mode: UInt32) throws(ConfigurationError) {
        guard isRegular else {
            throw fault("Could not read \(path): not a regular file", path, remedy: "name the key's file itself")
        }
        guard mode & othersBits == 0 else {
            throw fault(
                "\(path) can be read or written by others than its owner", path, value: octal(mode & 0o7777),
                permitted: modes,
                remedy: "chmod 0400 \(path); if somebody may have seen the key, "
                    + "make a new one (rondo keygen) for all nodes")
        }
        guard size >= sizes.lowerBound else {
            throw fault(
                "Could only read \(size * 8) bits of minimum \(sizes.lowerBound * 8) bits from \(path).", path,
                value: "\(size) bytes", permitted: permitted,
                remedy: "copy the key of another node again, or make one for all nodes: rondo keygen -k \(path)")
        }
        guard size <= sizes.upperBound else {
            throw fault(
                "\(path) is too long for a key", path, value: "\(size) bytes", permitted: permitted,
                remedy: "keep its first \(sizes.upperBound) bytes on every node, which are all that Corosync takes, "
                    + "or make a new key for all nodes: rondo keygen")
        }
    }

    /// The same of a key that stands in the configuration itself (`totem.key`), its terminating NUL counted.
    public static func check(text count: Int) throws(ConfigurationError) {
        guard !sizes.contains(count) else { return }
        throw ConfigurationError(
            count < sizes.lowerBound ? "key is too short" : "key is too long", key: "totem.key",
            permitted: "\(sizes.lowerBound - 1)..\(sizes.upperBound - 1) characters",
            remedy: "use a key file instead: rondo keygen, and no 'key' in the configuration")
    }

    /// That the file cannot be opened or read at all.
    ///
    /// - Parameter message: in Corosync's words: `Could not open F: TEXT`, `Could not read F: TEXT`.
    public static func failure(_ message: String, _ path: String) -> ConfigurationError {
        fault(
            message, path,
            remedy: "copy the key of another node there, or make one for all nodes: rondo keygen -k \(path)")
    }

    private static let permitted = "\(sizes.lowerBound)..\(sizes.upperBound) bytes"

    private static func fault(
        _ message: String, _ path: String, value: String? = nil, permitted: String? = nil, remedy: String
    ) -> ConfigurationError {
        ConfigurationError(
            message, key: "totem.keyfile", value: value.map { "\(path), \($0)" } ?? path, permitted: permitted,
            remedy: remedy)
    }

    private static func octal(_ mode: UInt32) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }
}
