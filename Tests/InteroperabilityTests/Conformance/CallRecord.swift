/// Which results each library function was seen to give, in the words of the client program.
struct CallRecord: Equatable {
    private(set) var results: [String: Set<String>] = [:]

    /// Takes up the calls in a transcript: `1a  cpg_join(0 alpha) = CS_OK`.
    mutating func add(_ transcript: [String]) {
        for line in transcript {
            guard let equals = line.firstRange(of: ") = CS_"), let open = line[..<equals.lowerBound].firstIndex(of: "(")
            else { continue }
            let function = line[..<open].split(separator: " ").last.map(String.init) ?? ""
            let rest = line[line.index(equals.upperBound, offsetBy: -3)...]
            results[function, default: []].insert(String(rest.prefix { $0 != " " }))
        }
    }
}

/// A client library and the functions its header declares.
struct ClientLibrary: Sendable {
    let name: String
    let header: String
    let functions: [String]

    static let names = ["cpg", "cfg", "cmap", "quorum", "votequorum", "sam"]

    /// Reads the header: each function stands behind `cs_error_t`, on its line or the next.
    init(_ name: String) throws {
        self.name = name
        header = "/usr/include/corosync/\(name).h"
        let prefix = name == "cfg" ? "corosync_cfg_" : name + "_"
        var found: [String] = []
        for statement in try contents(of: header).split(separator: ";") {
            guard let type = statement.firstRange(of: "cs_error_t") else { continue }
            let declared = statement[type.upperBound...].drop { $0.isWhitespace }
            guard declared.hasPrefix(prefix) else { continue }
            found.append(String(declared.prefix { $0.isLetter || $0.isNumber || $0 == "_" }))
        }
        functions = found
    }
}
