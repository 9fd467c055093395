import Basics
import ClusterConfiguration
import ClusterMap
import Totem

/// Timings that change while the node runs (spec: configuration.md 5, 6.4).
extension ClusterEngine {
    /// Derives all timings anew from the keys `totem.*` of the map and puts them in force, unless they are not valid:
    /// then the old ones stay (Corosync uses the invalid ones all the same: spec: configuration.md 5.5).
    mutating func retime() {
        var inputs = configuration.timingInputs
        for entry in map.entries(withPrefix: "totem.") {
            inputs.set(entry.name, ConfigurationValue(entry.value), source: .override)
        }
        for parameter in TimingParameter.allCases where map[parameter.key] == nil {
            inputs.set(parameter.key, nil, source: .override)
        }
        let timings = DerivedTimings(inputs)
        do {
            try timings.validate()
        } catch {
            log(.error, .totem, "The timings set at run time are not used: \(error)")
            return
        }
        for entry in timings.runtimeEntries { setInMap(entry.key, MapValue(entry.value)) }
        configuration.ring = RingParameters(
            timings.totem, netMTU: configuration.ring.netMTU, rondo: configuration.rondo,
            maximumDatagram: configuration.ring.maximumDatagram)
        configuration.blocksUnlistedAddresses = timings.totem.blockUnlistedIPs
        ring.reconfigure(parameters: configuration.ring, configured: configuration.nodes)
        directives.append(.blockUnlistedAddresses(timings.totem.blockUnlistedIPs))
    }
}
