import Basics
import ClusterConfiguration
import ClusterEngine
import Host
import Links
import Sealing
import Transports

/// What a reload needs of the machine for links, all of it made before anything is put in force: what fails changes nothing.
struct LinkReload: ~Copyable {
    enum Keys: ~Copyable {
        case asBefore
        case clear
        case sealed(Sealer, SecretKey)
    }

    enum Compression: ~Copyable {
        case asBefore
        case with(Compressor?)
    }

    var keys = Keys.asBefore
    var compression = Compression.asBefore
}

extension Node {
    /// Makes ready what the links of a new configuration need; nil when it cannot be had, which is logged.
    func linkReload(_ new: ClusterConfiguration) -> LinkReload? {
        var reload = LinkReload()
        guard case .links(let transport) = transport else { return reload }
        if let error = socketRefusal(new) {
            let added = new.links.last { link in !configuration.links.contains { $0.number == link.number } }
            let place = added.flatMap { new.localNode.address(onLink: $0.number) }
            refuse(
                "Cannot configure new interface definitions",
                ConfigurationError(
                    "Unable to create sockets: \(error)", origin: place?.origin, value: place?.text,
                    remedy: "free the address and port of the new link on this machine, or choose others"))
            return nil
        }
        do throws(ConfigurationError) {
            reload.keys = try newKeys(new, transport)
        } catch {
            refuse("Crypto configuration is not valid", error)
            return nil
        }
        do throws(CompressionError) {
            if compressionChanged(new) { reload.compression = .with(try LinkSetup.compressor(new, logger)) }
        } catch {
            let entry = new.document.entries["totem.knet_compression_model"]
            refuse(
                "Configuration is not valid",
                ConfigurationError(
                    error.description, origin: entry?.origin, key: entry?.key, value: entry?.value.description))
            return nil
        }
        return reload
    }

    /// Whether the configuration seals in another way, or with another key, than this node does.
    private func newKeys(
        _ new: ClusterConfiguration, _ transport: KnetTransport
    ) throws(ConfigurationError) -> LinkReload.Keys {
        guard let suite = new.crypto.suite else { return configuration.crypto.suite == nil ? .asBefore : .clear }
        let key = try RingKey.read(new)
        if suite == configuration.crypto.suite, transport.key?.isEqual(to: key) == true { return .asBefore }
        let sealer = try RingKey.sealer(suite, key, new)
        return .sealed(sealer, key)
    }

    private func compressionChanged(_ new: ClusterConfiguration) -> Bool {
        ["model", "level", "threshold"].contains { name in
            let key = "totem.knet_compression_\(name)"
            return new.entries[key]?.value != configuration.entries[key]?.value
        }
    }

    /// Puts in force what was made ready, behind the new configuration.
    func apply(_ reload: consuming LinkReload, now: Instant) {
        guard case .links(let transport) = transport else { return }
        switch consume reload.compression {
        case .asBefore: break
        case .with(let compressor): transport.compressor = compressor
        }
        switch consume reload.keys {
        case .asBefore: break
        case .clear:
            _ = engine.changeKeys(now: now)
            logKeyChange(.clear)
        case .sealed(let sealer, let key):
            let slot = engine.changeKeys(now: now)
            if let place = SealingSlots.Slot(slot) { transport.keys.set(place, sealer) }
            transport.key = consume key
            logKeyChange(slot)
        }
    }

    private func logKeyChange(_ slot: KeySlot) {
        // A ring that goes clear uses the free slot, too, as the line counts them.
        let index = slot == .clear ? (engine.keySlots?.inUse == .first ? 2 : 1) : Int(slot.rawValue)
        let crypto = configuration.crypto
        logger.log(
            .info, .totem,
            "kronosnet crypto reconfigured on index \(index): \(crypto.model)/\(crypto.cipher)/\(crypto.hash)")
    }

    /// A reload that waited for the end of a change of keys can be carried out.
    func carryOutWaitingReload() {
        guard isReloadDue, !engine.isChangingKeys else { return }
        isReloadDue = false
        reload()
    }

    func wipeOldKey() {
        guard case .links(let transport) = transport, let slots = engine.keySlots else { return }
        transport.wipeKeys(slots)
    }
}
