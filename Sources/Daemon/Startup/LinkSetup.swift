import Basics
import ClusterConfiguration
import Glibc
import Links
import Sealing
import Transports

/// Making what knet links need of this machine: keys and compression (spec: knet.md 3, 7).
enum LinkSetup {
    /// The transport with its keys. Its sockets are opened when the links ask for them.
    static func open(_ configuration: ClusterConfiguration, logger: Logger) throws(StartFailure) -> KnetTransport {
        logger.log(.notice, .totem, "Initializing transport (Kronosnet).")
        let transport = KnetTransport()
        if let suite = configuration.crypto.suite {
            do throws(ConfigurationError) {
                let key = try key(of: configuration)
                transport.keys.set(.one, try sealer(suite, key, configuration))
                transport.key = consume key
            } catch {
                throw StartFailure(error, .totem)
            }
            logger.log(.info, .knet, "common: packets are sealed with \(suite)")
        }
        do throws(CompressionError) {
            transport.compressor = try compressor(configuration, logger)
        } catch {
            // As libknet: the ring goes on without.
            logger.log(.error, .knet, error.description)
        }
        logger.log(.info, .totem, "totemknet initialized")
        return transport
    }

    /// Whether keys and compression can be had: `-t` asks no more, and opens nothing.
    static func check(_ configuration: ClusterConfiguration) throws(StartFailure) {
        guard let suite = configuration.crypto.suite else { return }
        do throws(ConfigurationError) {
            _ = try sealer(suite, try key(of: configuration), configuration)
        } catch {
            throw StartFailure(error, .totem)
        }
    }

    /// The key that the configuration names.
    static func key(of configuration: ClusterConfiguration) throws(ConfigurationError) -> SecretKey {
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

    static func sealer(
        _ suite: SealSuite, _ key: borrowing SecretKey, _ configuration: ClusterConfiguration
    ) throws(ConfigurationError) -> Sealer {
        do throws(SealingError) {
            return try Sealer(suite, key: key)
        } catch {
            let names = ["totem.crypto_cipher", "totem.crypto_hash", "totem.secauth"]
            let entry = names.compactMap { configuration.document.entries[$0] }.first
            throw ConfigurationError(
                error.description, origin: entry?.origin, key: entry?.key, value: entry?.value.description,
                exitStatus: ExitStatus.totem.rawValue)
        }
    }

    /// What compresses packets; nil where none are to be.
    static func compressor(
        _ configuration: ClusterConfiguration, _ logger: Logger
    ) throws(CompressionError) -> Compressor? {
        let entries = configuration.entries
        guard let name = entries.text("totem.knet_compression_model"),
            let model = CompressionModel.allCases.first(where: { $0.name == name }), model != .none
        else { return nil }
        var level: Int32 = 0
        if case .i32(let number) = entries["totem.knet_compression_level"]?.value { level = number }
        let compressor = try Compressor(
            model, level: level, threshold: entries.u32("totem.knet_compression_threshold") ?? 0)
        if let note = compressor.note { logger.log(.warning, .knet, note) }
        if model == .zstd {
            logger.log(
                .warning, .knet,
                "compress: packets compressed by zstd end every node with libknet that is not set to zstd itself. To do: "
                    + "choose another totem.knet_compression_model, unless all nodes are Rondo's.")
        }
        return compressor
    }

    /// Random bits for the links' pings.
    static func secret() -> LinkSecret {
        var generator = SystemRandomNumberGenerator()
        return LinkSecret(generator.next(), generator.next())
    }
}
