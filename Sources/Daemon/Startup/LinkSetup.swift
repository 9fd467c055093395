import Basics
import ClusterConfiguration
import Glibc
import Host
import Links
import Sealing
import Transports

/// Making what knet links need of this machine: keys and compression (spec: knet.md 3, 7).
enum LinkSetup {
    /// The transport with its keys. Its sockets are opened when the links ask for them.
    static func open(_ configuration: ClusterConfiguration, logger: Logger) throws(StartFailure) -> KnetTransport {
        logger.log(.notice, .totem, "Initializing transport (Kronosnet).")
        let transport = KnetTransport(serviceCodePoint: configuration.serviceCodePoint)
        if let suite = configuration.crypto.suite {
            do throws(ConfigurationError) {
                let key = try RingKey.read(configuration)
                transport.keys.set(.one, try RingKey.sealer(suite, key, configuration))
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
