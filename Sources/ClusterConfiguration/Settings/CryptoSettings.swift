/// Encryption and authentication of knet packets (spec: configuration.md 3.1, 9.2).
public struct CryptoSettings: Sendable, Hashable {
    /// Where the shared key comes from; the shell reads the file.
    public enum Key: Sendable, Hashable {
        case file(String)
        /// The text of `totem.key`; its terminating NUL belongs to the key.
        case text([UInt8])
    }

    public static let standardKeyFile = "/etc/corosync/authkey"

    public var model: String
    public var cipher: String
    public var hash: String
    public var key: Key

    public var isOn: Bool { cipher != "none" || hash != "none" }

    /// - Throws: for a cipher without a hash.
    public static func read(_ entries: ConfigurationEntries) throws(ConfigurationError) -> CryptoSettings {
        let secured = entries.text("totem.secauth") == "on"
        let key: Key =
            if let file = entries.text("totem.keyfile") {
                .file(file)
            } else if case .string(let text) = entries["totem.key"]?.value {
                .text(text + [0])
            } else {
                .file(standardKeyFile)
            }
        let settings = CryptoSettings(
            model: entries.text("totem.crypto_model") ?? "nss",
            cipher: entries.text("totem.crypto_cipher") ?? (secured ? "aes256" : "none"),
            hash: entries.text("totem.crypto_hash") ?? (secured ? "sha256" : "none"), key: key)
        if settings.cipher != "none", settings.hash == "none" {
            let entry = entries["totem.crypto_hash"] ?? entries["totem.crypto_cipher"]
            let transport = entries.text("totem.transport") ?? Transport.knet.rawValue
            throw ConfigurationError(
                "crypto_cipher requires crypto_hash with value other than none", origin: entry?.origin,
                key: "totem.crypto_hash", value: "none", permitted: "md5, sha1, sha256, sha384, sha512",
                remedy: transport == Transport.knet.rawValue
                    ? entries["totem.crypto_hash"] == nil ? "add 'crypto_hash: sha256'" : "write 'crypto_hash: sha256'"
                    : "remove crypto_cipher: \(transport) does not encrypt")
        }
        return settings
    }
}
