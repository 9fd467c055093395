/// Faults of one link, and which it is.
extension LinkFault {
    /// The link that it is about, if it is one.
    var link: Int? {
        switch self {
        case .cut(let link, _, _), .mend(let link, _, _), .loss(let link, _), .delay(let link, _),
            .path(let link, _, _, _), .interface(_, let link, _), .interfaceGone(_, let link),
            .interfaceBack(_, let link):
            link
        case .reports, .changeKeys: nil
        }
    }

    /// The same on another link.
    func moved(to link: Int) -> LinkFault {
        switch self {
        case .cut(_, let from, let to): .cut(link: link, from: from, to: to)
        case .mend(_, let from, let to): .mend(link: link, from: from, to: to)
        case .loss(_, let perMillion): .loss(link: link, perMillion: perMillion)
        case .delay(_, let time): .delay(link: link, microseconds: time)
        case .path(_, let from, let to, let bytes): .path(link: link, from: from, to: to, bytes: bytes)
        case .interface(let node, _, let bytes): .interface(node: node, link: link, bytes: bytes)
        case .interfaceGone(let node, _): .interfaceGone(node: node, link: link)
        case .interfaceBack(let node, _): .interfaceBack(node: node, link: link)
        case .reports, .changeKeys: self
        }
    }
}
