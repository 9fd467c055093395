import Basics

/// What follows from a change of a link (spec: knet.md 8, 8.1, 9).
extension KnetLinks {
    /// Lets `body` change a link, keeps count of the links that wait for a pong, and notices doubts that come and go. That a
    /// link has come up or is down, `body` says itself.
    mutating func change<Result>(_ host: Int, _ link: Int, _ body: (inout Link) -> Result) -> Result {
        let wasWaiting = table[host].links[link].monitor.isWaiting
        let wasTrusted = table[host].links[link].monitor.isTrusted
        let wasConnected = table[host].links[link].monitor.isConnected
        let result = body(&table[host].links[link])
        let isWaiting = table[host].links[link].monitor.isWaiting
        if wasWaiting != isWaiting { waiting += isWaiting ? 1 : -1 }
        // Nobody is waited for any more: what was to be asked if no answer came is not due.
        if wasWaiting, waiting == 0 { isWakeStale = true }
        let isConnected = table[host].links[link].monitor.isConnected
        if wasConnected, isConnected, wasTrusted != table[host].links[link].monitor.isTrusted { evaluate(host) }
        return result
    }

    mutating func linkIsUp(_ host: Int, _ link: Int) {
        table[host].links[link].statistics.upCount &+= 1
        let id = table[host].id
        let number = table[host].links[link].number
        events.tell(.linkUp(id, number))
        if table[host].links[link].mtu.isUndiscovered { events.tell(.mtuReset(id, number)) }
        evaluate(host)
        updateDataMTU()
        isWakeStale = true
    }

    mutating func linkIsDown(_ host: Int, _ link: Int) {
        table[host].links[link].statistics.downCount &+= 1
        table[host].links[link].mtu.stop()
        events.tell(.linkDown(table[host].id, table[host].links[link].number))
        evaluate(host)
        updateDataMTU()
        isWakeStale = true
    }

    /// Looks anew at which links of a host are of use, and tells what has changed.
    mutating func evaluate(_ host: Int) {
        let change = table[host].evaluate()
        tell(change, host)
        guard change.reachability else { return }
        let node = table[host].id.nodeID
        if table[host].isReachable {
            reachableHosts += 1
            events.add(.linksBack(node))
        } else {
            reachableHosts -= 1
            table[host].window.forget()
            reassembly.forget(table[host].id)
            events.add(.linksLost(node))
        }
    }

    private mutating func tell(_ change: LinkChoice.Change, _ host: Int) {
        let id = table[host].id
        let choice = table[host].choice
        if choice.policy == .passive {
            if change.best, let best = choice.best {
                let link = table[host].index(of: best)
                let priority = link.map { table[host].links[$0].settings.priority } ?? 0
                events.tell(.bestLink(id, best, priority: priority))
            }
        } else if change.count, !choice.usable.isEmpty {
            events.tell(.activeLinks(id, choice.usable.count))
        }
        if change.reachability, !choice.isReachable { events.tell(.noActiveLinks(id)) }
    }

    // MARK: MTU

    mutating func apply(_ change: PathMTU.Change?, _ host: Int, _ link: Int) {
        guard let change else { return }
        let id = table[host].id
        let number = table[host].links[link].number
        switch change {
        case .path: break
        case .invalid:
            events.tell(.invalidMTU(id, number))
            evaluate(host)
        case .valid: evaluate(host)
        }
        updateDataMTU()
    }

    /// Tells what a search has ended with.
    mutating func tellMTU(_ host: Int, _ link: Int) {
        guard table[host].links[link].mtu.isSettled else { return }
        if let (old, new) = table[host].links[link].takeMTUChange() {
            events.tell(.linkMTU(table[host].id, table[host].links[link].number, from: old, to: new))
        }
        if toldDataMTU != dataMTU { updateDataMTU() }
    }

    /// The data MTU is what every usable link carries; without one it stays. It is told when no search can change it any more.
    mutating func updateDataMTU() {
        var least: Int?
        var isSettled = true
        for host in table.hosts {
            for link in host.links where link.isUsable {
                let bytes = link.mtu.isUndiscovered ? LinkSizes.undiscoveredDataMTU(overhead) : link.mtu.linkMTU
                least = has(.takesLargestMTU) ? max(least ?? 0, bytes) : min(least ?? .max, bytes)
                if !link.mtu.isSettled { isSettled = false }
            }
        }
        guard let least else { return }
        if least != dataMTU {
            dataMTU = least
            events.add(.dataMTU(least))
        }
        guard isSettled, least != toldDataMTU else { return }
        toldDataMTU = least
        events.tell(.dataMTU(least))
    }
}
