import Basics

extension HostFacts {
    /// The interface address that carries `wanted`: an exact match at once, otherwise the first in its network
    /// (spec: transports.md 3.10).
    public func interfaceAddress(for wanted: IPAddress) -> InterfaceAddress? {
        var sameNetwork: InterfaceAddress?
        for candidate in interfaces {
            guard let netmask = candidate.netmask, candidate.address.family == wanted.family else { continue }
            if candidate.address == wanted { return candidate }
            if sameNetwork == nil, candidate.address.isInNetwork(of: wanted, netmask: netmask) {
                sameNetwork = candidate
            }
        }
        return sameNetwork
    }
}
