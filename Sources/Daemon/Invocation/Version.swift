import Basics
import ClusterConfiguration
import Links
import Sealing

/// Who this is and what it speaks.
public enum Version {
    /// The output of `-v`. Programs take the first line and look for a version behind the word `version`
    /// (`corosync -v | head -1`); they must find the one whose features they may use.
    public static var text: String {
        """
        Corosync Cluster Engine, version '\(Release.corosync)' (Rondo \(Release.rondo))
        A cluster engine that speaks Corosync's protocols; the number above is the release it is compatible with.

        Built-in features: \(features)
        Available crypto models: \(list(sealing.isEmpty ? [] : ["nss", "openssl"]))
        Available crypto ciphers: \(list(["none"] + ciphers))
        Available crypto hashes: \(list(["none"] + hashes))
        Available compression models: \(list(compression))
        """
    }

    private static func list(_ names: [String]) -> String { names.joined(separator: " ") }

    // What this machine's libraries can do.
    private static let sealing = SealingAvailability.suites()
    private static var ciphers: [String] {
        SealCipher.allCases.reversed().filter { cipher in
            cipher != .none && sealing.contains { $0.cipher == cipher }
        }.map(\.rawValue)
    }
    private static var hashes: [String] {
        SealHash.allCases.filter { hash in sealing.contains { $0.hash == hash } }.map(\.rawValue)
    }
    private static var compression: [String] { SealingAvailability.compressionModels().map(\.name) }

    public static let features = "systemd"

    /// Log tools find a start by `Corosync.Cluster.Engine` (spec: daemon-and-tools.md 2.4).
    public static var startLine: String {
        "Corosync Cluster Engine \(Release.corosync) starting up (Rondo \(Release.rondo))"
    }
}
