import Basics
import ClusterConfiguration
import Transports

/// Whether this machine has the address with which a node of a configuration takes part in the ring.
public enum LocalAddressCheck {
    /// What a start would end with; nil when an interface carries the address and is up, and with udp and knet, which wait for
    /// their addresses.
    public static func fault(of configuration: ClusterConfiguration) -> ConfigurationError? {
        guard configuration.transport == .udpu, let local = configuration.links.first?.localAddress else { return nil }
        do throws(TransportError) {
            _ = try InterfaceAddress.usable(for: local)
            return nil
        } catch {
            return refusal(because: error)
        }
    }

    /// The error in Corosync's words, which are about another case, and then ours (spec: transports.md 3).
    public static func refusal(because error: TransportError) -> ConfigurationError {
        ConfigurationError(
            "One of your ip addresses are now bound to localhost. Corosync would not work correctly.",
            reason: error.description, exitStatus: 15)
    }
}
