import Basics
import Links
import Transports

/// Own addresses of links that go and come back while the node runs: a link without address is given up at once, so that
/// another carries the ring, and is there again as soon as its address is.
extension Node {
    /// Hears of addresses from the kernel; without that, what comes back is found by its packets alone.
    func watchAddresses() {
        guard case .links = transport else { return }
        guard let watch = AddressWatch() else {
            logger.log(
                .warning, .totem,
                "The kernel does not tell of interfaces that come and go: a link whose address is gone is given up only when "
                    + "its pings are not answered.")
            return
        }
        loop.add(watch.descriptor, .readable, .high) { [unowned self] _, _ in
            watch.drain()
            checkLinkAddresses()
            return true
        }
    }

    /// Looks which own addresses are there.
    private func checkLinkAddresses() {
        let interfaces = InterfaceAddress.ofThisMachine()
        for index in linkPlaces.indices {
            let holder = InterfaceAddress.holding(
                linkPlaces[index].own.address, named: linkPlaces[index].interfaceName, among: interfaces)
            let before = linkPlaces[index].holder
            switch (before, holder) {
            case (nil, nil): break
            case (_?, nil): addressLost(index)
            case (nil, let holder?): addressFound(index, holder)
            case (let before?, let holder?):
                // The same name may belong to another interface by now.
                if before.index != holder.index { addressFound(index, holder) } else { tellMTU(of: linkPlaces[index]) }
            }
        }
    }

    private func addressLost(_ index: Int) {
        let place = linkPlaces[index]
        linkPlaces[index].holder = nil
        close(place.number)
        engine.withLinks { $0.closed(place.number, now: EventLoop.clock()) }
        logger.log(.notice, .totem, "The network interface [\(place.own.address)] is down.")
    }

    private func addressFound(_ index: Int, _ holder: InterfaceAddress) {
        close(linkPlaces[index].number)
        linkPlaces[index].holder = holder
        do throws(TransportError) {
            try open(linkPlaces[index])
            logger.log(.notice, .totem, "The network interface [\(linkPlaces[index].own.address)] is now up.")
            engine.becomeReachable()
        } catch {
            // Tried again with the next change.
            linkPlaces[index].holder = nil
            logger.log(
                .error, .totem, "The address \(linkPlaces[index].own.address) is there, but cannot be used: \(error)")
        }
    }
}
