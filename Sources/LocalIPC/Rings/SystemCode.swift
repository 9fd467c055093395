import Glibc

/// What the system said: an errno value.
struct SystemCode: Error {
    let code: Int32

    init(_ code: Int32) { self.code = code }

    /// What it said last.
    static var last: SystemCode { SystemCode(errno) }

    var text: String { String(cString: strerror(code)) }
}
