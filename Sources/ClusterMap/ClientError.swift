/// Why a client's request was refused, by the number client libraries know it (`cs_error_t`; spec: ipc.md 4.3).
///
/// Success (1) is not a case: what succeeds throws nothing.
public enum ClientError: UInt32, Error, Sendable, CaseIterable {
    case library = 2
    case version = 3
    case initialization = 4
    case timeout = 5
    case tryAgain = 6
    case invalidParameter = 7
    case noMemory = 8
    case badHandle = 9
    case busy = 10
    case access = 11
    case notExist = 12
    case nameTooLong = 13
    case exist = 14
    case noSpace = 15
    case interrupted = 16
    case nameNotFound = 17
    case noResources = 18
    case notSupported = 19
    case badOperation = 20
    case failedOperation = 21
    case messageError = 22
    case queueFull = 23
    case queueNotAvailable = 24
    case badFlags = 25
    case tooBig = 26
    case noSections = 27
    case contextNotFound = 28
    case tooManyGroups = 30
    case security = 100

    /// `CS_OK`, the number that stands for success.
    public static let success: UInt32 = 1
}
