import Glibc
import Testing

@testable import Daemon

/// What of knet's settings keeps a node from starting: `-t` says the same, with the line and what to do.
struct LinkErrorTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Lines of the totem section; `DIRECTORY` is where the key files are.
        let totem: String
        let code: Int32
        let message: String
        /// Where, with which value, and what to do.
        let place: String
        let remedy: String

        init(_ name: String, _ totem: String, _ code: Int32, _ message: String, _ place: String, _ remedy: String) {
            (testDescription, self.totem, self.code) = (name, totem, code)
            (self.message, self.place, self.remedy) = (message, place, remedy)
        }
    }

    private static let sealed = "crypto_cipher: aes256\ncrypto_hash: sha256\nkeyfile: DIRECTORY/"

    static let faults: [Fault] = [
        .init(
            "sctp below a link", "interface {\nlinknumber: 0\nknet_transport: sctp\n}", 15,
            "The knet transport sctp is not available in Rondo",
            "corosync.conf:7: totem.interface.0.knet_transport is \"sctp\"", "write 'knet_transport: udp'"),
        .init(
            "a level that the model has not", "knet_compression_model: lz4hc\nknet_compression_level: 13", 8,
            "lz4hc does not compress at level 13", "corosync.conf:6: totem.knet_compression_level is \"13\"",
            "permitted: 1..12 with lz4hc; to do: correct the number"),
        .init(
            "no level for a model that wants one", "knet_compression_model: bzip2", 8,
            "bzip2 does not compress at level 0",
            "corosync.conf:5: totem.knet_compression_level is \"0\": the key is missing",
            "add a 'knet_compression_level'"),
        .init(
            "an unknown cipher", "crypto_cipher: aes257\ncrypto_hash: sha256", 8,
            "Invalid cipher type. Should be none, aes256, aes192 or aes128",
            "corosync.conf:5: totem.crypto_cipher is \"aes257\"", "write aes256 if that was meant"),
        .init(
            "an unknown hash", "crypto_cipher: aes256\ncrypto_hash: sha257", 8,
            "Invalid hash type. Should be none, md5, sha1, sha256, sha384 or sha512",
            "corosync.conf:6: totem.crypto_hash is \"sha257\"", "write sha256 if that was meant"),
        .init(
            "a cipher without hash", "crypto_cipher: aes256", 8,
            "crypto_cipher requires crypto_hash with value other than none",
            "corosync.conf:5: totem.crypto_hash is \"none\"", "add 'crypto_hash: sha256'"),
        .init(
            "a key file that is not there", sealed + "none", 8, "/none: No such file or directory",
            "corosync.conf:7: totem.keyfile is", "make one for all nodes: rondo keygen"),
        .init(
            "a key that is too short", sealed + "short", 8, "Could only read 800 bits of minimum 1024 bits",
            "corosync.conf:7: totem.keyfile is", "permitted: 128..4096 bytes"),
        .init(
            "a key that is too long", sealed + "long", 8, "/long is too long for a key",
            "corosync.conf:7: totem.keyfile is", "permitted: 128..4096 bytes"),
        .init(
            "a key that others can read", sealed + "open", 8, "can be read or written by others than its owner",
            "corosync.conf:7: totem.keyfile is", "to do: chmod 0400"),
    ]

    @Test(arguments: faults, ["-f", "-t"])
    func `A fault is refused with its line`(_ fault: Fault, option: String) throws {
        let directory = try TemporaryDirectory()
        for (name, size, mode) in [("short", 100, 0o400), ("long", 5000, 0o400), ("open", 256, 0o444)]
            as [(String, Int, mode_t)]
        {
            directory.write([UInt8](repeating: 7, count: size), to: name)
            chmod(directory.path + "/" + name, mode)
        }
        var configuration = TestConfiguration()
        configuration.transport = "knet"
        configuration.totem = fault.totem.replacing("DIRECTORY", with: directory.path)
        configuration.write(to: directory)
        let daemon = try DaemonProcess(
            [option, "-c", directory.path + "/corosync.conf", "-l", directory.path + "/pid"], in: directory)
        #expect(daemon.exitCode() == fault.code)
        let output = daemon.output
        for text in [fault.message, fault.place, fault.remedy] {
            #expect(output.contains(text), "\(text) in: \(output)")
        }
    }
}
