import Basics
import Links
import TotemWire

package typealias PlannedLinkFault = PlannedLayerFault<LinkFault>

/// What can go wrong with single links, and what administrators do to all.
package enum LinkFault: Sendable, Equatable {
    /// On this link what the nodes of `from` send no longer reaches those of `to`.
    case cut(link: Int, from: [Int], to: [Int])
    case mend(link: Int, from: [Int], to: [Int])
    /// From now on so many of a million are lost on this link.
    case loss(link: Int, perMillion: UInt32)
    /// From now on datagrams take at least so long on this link.
    case delay(link: Int, microseconds: UInt64)
    /// From now on longer IP packets on this way vanish; a router tells or, without ICMP, does not.
    case path(link: Int, from: [Int], to: [Int], bytes: Int)
    case interface(node: Int, link: Int, bytes: Int)
    /// The node's interface of this link is gone: nothing comes, and the kernel refuses what is to go.
    case interfaceGone(node: Int, link: Int)
    case interfaceBack(node: Int, link: Int)
    /// Whether routers and kernels report what does not arrive; at the start they do.
    case reports(Bool)
    /// All nodes get a new key in its three steps; one of them, perhaps, so many milliseconds later.
    case changeKeys(Protection, late: Int?, milliseconds: UInt64)
}

extension LinkFault: OwnFault {
    package func renumbered(_ places: [Int?]) -> LinkFault? {
        func direction(_ from: [Int], _ to: [Int]) -> ([Int], [Int])? {
            let (senders, receivers) = (from.compactMap { places[$0] }, to.compactMap { places[$0] })
            return senders.isEmpty || receivers.isEmpty ? nil : (senders, receivers)
        }
        switch self {
        case .cut(let link, let from, let to):
            return direction(from, to).map { .cut(link: link, from: $0, to: $1) }
        case .mend(let link, let from, let to):
            return direction(from, to).map { .mend(link: link, from: $0, to: $1) }
        case .path(let link, let from, let to, let bytes):
            return direction(from, to).map { .path(link: link, from: $0, to: $1, bytes: bytes) }
        case .interface(let node, let link, let bytes):
            return places[node].map { .interface(node: $0, link: link, bytes: bytes) }
        case .interfaceGone(let node, let link): return places[node].map { .interfaceGone(node: $0, link: link) }
        case .interfaceBack(let node, let link): return places[node].map { .interfaceBack(node: $0, link: link) }
        case .changeKeys(let next, let late, let time):
            return .changeKeys(next, late: late.flatMap { places[$0] }, milliseconds: time)
        case .loss, .delay, .reports: return self
        }
    }

    package var simpler: LinkFault? {
        switch self {
        case .cut(let link, let from, let to) where from.count > 1:
            .cut(link: link, from: Array(from.dropLast()), to: to)
        case .cut(let link, let from, let to) where to.count > 1:
            .cut(link: link, from: from, to: Array(to.dropLast()))
        case .path(let link, let from, let to, let bytes) where from.count > 1:
            .path(link: link, from: Array(from.dropLast()), to: to, bytes: bytes)
        case .path(let link, let from, let to, let bytes) where to.count > 1:
            .path(link: link, from: from, to: Array(to.dropLast()), bytes: bytes)
        case .changeKeys(let next, .some, _): .changeKeys(next, late: nil, milliseconds: 0)
        default: nil
        }
    }

    package func words(_ ids: [NodeID]) -> String {
        func set(_ places: [Int]) -> String { "{" + places.map { ids[$0].description }.joined(separator: ",") + "}" }
        switch self {
        case .cut(let link, let from, let to): return "on link \(link) \(set(to)) no longer hear \(set(from))"
        case .mend(let link, let from, let to): return "on link \(link) \(set(to)) hear \(set(from)) again"
        case .loss(let link, let perMillion):
            return "from now on \(NetworkConditions.percent(perMillion)) are lost on link \(link)"
        case .delay(let link, let microseconds): return "packets on link \(link) take \(microseconds) µs from now on"
        case .path(let link, let from, let to, let bytes):
            return "link \(link) carries \(bytes) bytes from \(set(from)) to \(set(to))"
        case .interface(let node, let link, let bytes):
            return "the interface of node \(ids[node]) on link \(link) carries \(bytes) bytes"
        case .interfaceGone(let node, let link): return "the interface of node \(ids[node]) on link \(link) is gone"
        case .interfaceBack(let node, let link): return "the interface of node \(ids[node]) on link \(link) is back"
        case .reports(let isOn):
            return isOn ? "the network reports what does not arrive" : "the network reports nothing"
        case .changeKeys(let next, let late, let time):
            let delay = late.map { ", node \(ids[$0]) \(time) ms later" } ?? ""
            return "all nodes change keys (\(next.words))\(delay)"
        }
    }
}
