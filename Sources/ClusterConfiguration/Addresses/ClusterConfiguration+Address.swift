extension ClusterConfiguration {
    /// That no machine can have the address the file gives this node, on whichever link; nil where one can.
    public var addressRefusal: ConfigurationError? {
        let kinds = links.map { $0.localAddress.flatMap(AddressText.unusable) }
        guard kinds.allSatisfy({ $0 != nil }), let link = links.first, let kind = kinds.first.flatMap(\.self) else {
            return nil
        }
        let written = localNode.address(onLink: link.number)
        return ConfigurationError(
            "One of your ip addresses are now bound to localhost. Corosync would not work correctly.",
            origin: written?.origin, key: "nodelist.node.\(localNode.position).ring\(link.number)_addr",
            value: written?.text, reason: "it is \(kind)",
            remedy: "write this node's own address in the cluster's network", exitStatus: 15)
    }
}
