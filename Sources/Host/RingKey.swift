import ClusterConfiguration
import Sealing

/// The key and the sealer that a configuration asks of this machine (spec: configuration.md 9.2).
public enum RingKey {
    /// What a start would refuse: a key that cannot be had, or ciphers that this machine has not.
    public static func fault(of configuration: ClusterConfiguration) -> ConfigurationError? {
        guard configuration.transport == .knet, let suite = configuration.crypto.suite else { return nil }
        do throws(ConfigurationError) {
            _ = try sealer(suite, try read(configuration), configuration)
            return nil
        } catch {
            return error
        }
    }

    /// The key that the configuration names.
    public static func read(_ configuration: ClusterConfiguration) throws(ConfigurationError) -> SecretKey {
        do throws(ConfigurationError) {
            switch configuration.crypto.key {
            case .file(let path): return try SecretKey(file: path)
            case .text(let bytes): return try SecretKey(text: bytes)
            }
        } catch {
            // Where no line names the key, the one that asks for encryption is what the file says of it.
            let names = ["totem.keyfile", "totem.key", "totem.crypto_cipher", "totem.crypto_hash", "totem.secauth"]
            var error = error
            error.origin = names.compactMap { configuration.document.entries[$0]?.origin }.first
            throw error
        }
    }

    public static func sealer(
        _ suite: SealSuite, _ key: borrowing SecretKey, _ configuration: ClusterConfiguration
    ) throws(ConfigurationError) -> Sealer {
        do throws(SealingError) {
            return try Sealer(suite, key: key)
        } catch {
            let names = ["totem.crypto_cipher", "totem.crypto_hash", "totem.secauth"]
            let entry = names.compactMap { configuration.document.entries[$0] }.first
            throw ConfigurationError(
                error.description, origin: entry?.origin, key: entry?.key, value: entry?.value.description,
                exitStatus: 15)
        }
    }
}
