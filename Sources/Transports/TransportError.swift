import Basics
import Glibc

/// Why a transport cannot be opened; the text says what to do about it.
public enum TransportError: Error, Equatable, CustomStringConvertible {
    /// No interface of this machine has the address.
    case addressNotLocal(IPAddress)
    /// Only the loopback is left of the interface.
    case interfaceDown(IPAddress, interface: String)
    /// Another process holds the address and port.
    case portInUse(IPAddress, port: UInt16, attempts: Int)
    /// The system refuses the port or the socket to this user.
    case notPermitted(IPAddress, port: UInt16)
    /// A member of another address family than the own address.
    case mixedFamilies(own: IPAddress, member: IPAddress)
    /// Any other failure of a system call.
    case system(call: String, code: Int32)

    public var description: String {
        switch self {
        case .addressNotLocal(let address):
            "no network interface of this machine has the address \(address); "
                + "correct ring0_addr of this node in the nodelist or configure the address (ip address add)"
        case .interfaceDown(let address, let name):
            "the network interface \(name) of \(address) is down; bring it up (ip link set \(name) up)"
        case .portInUse(let address, let port, let attempts):
            "UDP port \(port) on \(address) is in use by another process (tried \(attempts) times); "
                + "find it with 'ss -ulpn sport = :\(port)' and stop it, or set another totem.interface.mcastport on all nodes"
        case .notPermitted(let address, let port):
            "not permitted to bind UDP port \(port) on \(address); "
                + (port < 1024 ? "ports below 1024 need root or CAP_NET_BIND_SERVICE" : "check the security policy")
        case .mixedFamilies(let own, let member):
            "member \(member) and the own address \(own) are of different IP families; use one family for all nodes"
        case .system(let call, let code):
            "\(call) failed: \(SystemCall.text(of: code)) (\(code))"
        }
    }
}

public enum SystemCall {
    /// The C library's text for an errno value.
    public static func text(of code: Int32) -> String {
        guard let text = strerror(code) else { return "error" }
        return String(cString: text)
    }
}
