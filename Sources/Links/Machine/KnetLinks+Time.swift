import Basics

/// What is due when (spec: knet.md 8).
extension KnetLinks {
    /// Time has passed: pings, probes, and links that are down.
    public mutating func advance(to now: Instant) {
        guard let wake, wake <= now else { return }
        for host in table.indices.reversed() {
            for link in table[host].links.indices { advance(host, link, now: now) }
        }
        findWake()
    }

    private mutating func advance(_ host: Int, _ link: Int, now: Instant) {
        let isAlone = table[host].isAlone(link)
        let grid = grid
        while let step = change(host, link, { $0.monitor.step(now: now, grid: grid, isAlone: isAlone) }) {
            switch step {
            case .ping(let number): ping(number, host, link, isForced: false)
            case .down: linkIsDown(host, link)
            }
        }
        discover(host, link, now: now)
    }

    /// Something is due earlier than known before.
    mutating func wakeUp(at instant: Instant) { wake = earliest(wake, instant) }

    /// Finds out when something is due if what was known is so no more.
    mutating func settleWake() {
        if isWakeStale { findWake() }
    }

    private mutating func findWake() {
        isWakeStale = false
        wake = nil
        for host in table.indices {
            let turn = questionTurn(host)
            for link in table[host].links.indices {
                let isAlone = table[host].isAlone(link)
                wakeUp(at: table[host].links[link].monitor.deadline(isAlone: isAlone))
                if let deadline = table[host].links[link].mtu.deadline(turn) { wakeUp(at: deadline) }
            }
        }
    }
}
