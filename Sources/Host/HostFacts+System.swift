import Basics
import ClusterConfiguration
import Glibc
import Transports

extension HostFacts {
    /// This machine's name and addresses now.
    public static func current() -> HostFacts {
        var names = utsname()
        uname(&names)
        let hostName = withUnsafeBytes(of: &names.nodename) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let interfaces = InterfaceAddress.ofThisMachine().map { found in
            var found = found
            found.mtu = InterfaceAddress.mtu(of: found.index)
            return found
        }
        return HostFacts(hostName: hostName, interfaces: interfaces)
    }
}
