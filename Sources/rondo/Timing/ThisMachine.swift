import ClusterConfiguration
import Glibc
import Host

/// What a start on this machine would refuse a configuration for besides its text.
///
/// A daemon runs as root, mostly, and this tool need not: what its user may not read or write says nothing of a start.
struct ThisMachine {
    private let document: ConfigurationDocument
    private let files: StartFiles
    private let mayAll = geteuid() == 0

    init(_ document: ConfigurationDocument) {
        self.document = document
        files = StartFiles(document)
    }

    /// Users and groups that this machine has not, and lists of them beside the file that cannot be read.
    ///
    /// - Parameters:
    ///   - text: the file's, which has been read before without asking who its users are.
    ///   - path: the file's; `-` has no lists beside it.
    func accountFault(_ text: [UInt8], _ path: String) -> ConfigurationError? {
        do throws(ConfigurationError) {
            let lists = path == "-" || !mayAll ? [] : try ConfigurationFiles.userLists(beside: path)
            _ = try ConfigurationDocument(text, file: document.file, userLists: lists, accounts: SystemAccounts())
            return nil
        } catch {
            return error
        }
    }

    /// Log files and the state directory that cannot be used.
    var fileFault: ConfigurationError? { mayAll ? files.fault() : nil }

    /// A watchdog that is not there.
    var watchdogWarning: ConfigurationWarning? { mayAll ? files.watchdogWarning : nil }

    /// The ring's key, this node's address, and numbers that cannot be stored.
    func fault(of configuration: ClusterConfiguration) -> ConfigurationError? {
        (mayAll ? RingKey.fault(of: configuration) : nil) ?? LocalAddressCheck.fault(of: configuration)
            ?? (mayAll ? files.storageFault(of: configuration) : nil)
    }
}
