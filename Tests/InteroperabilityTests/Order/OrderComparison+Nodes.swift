import ClusterLab

extension OrderComparison {
    /// What needs no other node to compare with: bodies, no message twice or out of its sender's order, none left out.
    mutating func checkAlone(_ history: NodeHistory) {
        var last: [GroupProcess: MessageName] = [:]
        for life in history.lives {
            var continuous: Set<GroupProcess> = []
            if let error = life.refusals.first {
                find("\(history.title), life \(life.number): \(life.refusals.count) refusals to send: error \(error)")
            }
            var ring: RingName?
            for (index, entry) in life.entries.enumerated() {
                func here() -> String {
                    "\(history.title), life \(life.number), ring \(ring?.description ?? "?"), record \(index)"
                }
                switch entry.event {
                case .ring(let name, _):
                    if let ring, history.engine == Engine.corosync.description {
                        // Of members that were away meanwhile, for rings of which groups were not told, Corosync says
                        // nothing (docs/decisions/services.md: transitional lists).
                        continuous = continuous.filter { went(history, with: $0.node, from: ring, to: name) }
                    }
                    ring = name
                case .change(let change):
                    for process in continuous where change.concerns(process) { continuous.remove(process) }
                case .delivery(let delivery):
                    if !delivery.isIntact { find("\(here()): a message altered on its way: \(delivery)") }
                    guard let name = delivery.name else { continue }
                    if let previous = last[name.sender] {
                        let isLater =
                            name.life > previous.life
                            || name.life == previous.life && name.number > previous.number
                        if !isLater {
                            find("\(here()): \(name) after \(previous): twice, or out of its sender's order")
                        } else if continuous.contains(name.sender), name.number != previous.number + 1 {
                            find("\(here()): \(name) right after \(previous): messages between are missing")
                        }
                    }
                    if name.sender == life.process, !continuous.contains(name.sender), name.number != 0 {
                        find("\(here()): its own first message is not the first it sent: \(name)")
                    }
                    continuous.insert(name.sender)
                    last[name.sender] = name
                }
            }
            let own = last[life.process].map { $0.life == life.number ? $0.number + 1 : 0 } ?? 0
            if life.ending == .closed, own != life.accepted {
                find(
                    "\(history.title), life \(life.number): its daemon accepted \(life.accepted) messages and gave it back "
                        + "\(own) of them")
            }
        }
    }

    /// Whether another node's daemon went the same way between two rings.
    private func went(_ history: NodeHistory, with node: UInt32, from first: RingName, to last: RingName) -> Bool {
        guard let path = history.path(from: first, to: last) else { return false }
        return histories.contains { $0.node == node && $0.path(from: first, to: last) == path }
    }

    /// A message is given in the same ring wherever it is given.
    mutating func checkRings() {
        var rings: [MessageName: (ring: RingName, node: Int)] = [:]
        for (node, history) in histories.enumerated() {
            for (life, spans) in zip(history.lives, spans[node]) {
                for span in spans {
                    for entry in life.entries[span.range] {
                        guard case .delivery(let delivery) = entry.event, let name = delivery.name else { continue }
                        if let known = rings[name], known.ring != span.ring {
                            find(
                                "\(name): \(histories[known.node].title) was given it in ring \(known.ring), "
                                    + "\(history.title) in ring \(span.ring)")
                        } else {
                            rings[name] = (span.ring, node)
                        }
                    }
                }
            }
        }
    }

    /// In the end all are in one ring and all have the last message of everybody.
    mutating func checkEnd() {
        var last: RingName?
        for (node, history) in histories.enumerated() {
            guard let life = history.lives.last, life.ending == .closed, let span = spans[node].last?.last else {
                find("\(history.title): it did not see the end")
                continue
            }
            if let last, last != span.ring {
                find("\(history.title) is in ring \(span.ring) in the end, \(histories[0].title) in ring \(last)")
            }
            last = last ?? span.ring
            var heard: Set<UInt32> = []
            for entry in life.entries {
                switch entry.event {
                case .change: heard = []
                case .delivery(let delivery): if delivery.isLast { heard.insert(delivery.sender.node) }
                case .ring: break
                }
            }
            let missing = histories.map(\.node).filter { !heard.contains($0) }
            if !missing.isEmpty { find("\(history.title): without the last message of nodes \(missing)") }
        }
    }
}
