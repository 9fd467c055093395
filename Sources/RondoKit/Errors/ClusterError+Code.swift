extension ClusterError {
    /// An answer of the cluster engine: a `cs_error_t`, with its name, what it means and what to do about it.
    ///
    /// A code this library does not know is kept as its number.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The number of the `cs_error_t`.
        public let rawValue: UInt32

        /// The code with this number.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// No daemon, or it went away.
        public static let library = Code(rawValue: 2)
        /// The daemon is of another version.
        public static let version = Code(rawValue: 3)
        /// The library could not be set up.
        public static let initialization = Code(rawValue: 4)
        /// No answer in time.
        public static let timeout = Code(rawValue: 5)
        /// Not now: the ring is changing or its queues are full.
        public static let tryAgain = Code(rawValue: 6)
        /// A value is not acceptable.
        public static let invalidParameter = Code(rawValue: 7)
        /// Out of memory.
        public static let noMemory = Code(rawValue: 8)
        /// The object is closed.
        public static let badHandle = Code(rawValue: 9)
        /// Something stands in the way.
        public static let busy = Code(rawValue: 10)
        /// Not allowed.
        public static let access = Code(rawValue: 11)
        /// There is no such thing.
        public static let notExist = Code(rawValue: 12)
        /// A name is too long or has characters names do not have.
        public static let nameTooLong = Code(rawValue: 13)
        /// It is there already.
        public static let exist = Code(rawValue: 14)
        /// No room.
        public static let noSpace = Code(rawValue: 15)
        /// Interrupted before it was done.
        public static let interrupted = Code(rawValue: 16)
        /// No node or object of that name.
        public static let nameNotFound = Code(rawValue: 17)
        /// The daemon could not find the means.
        public static let noResources = Code(rawValue: 18)
        /// This engine or its configuration does not offer it.
        public static let notSupported = Code(rawValue: 19)
        /// Not possible in this state.
        public static let badOperation = Code(rawValue: 20)
        /// Tried, and failed.
        public static let failedOperation = Code(rawValue: 21)
        /// A message could not be understood.
        public static let messageError = Code(rawValue: 22)
        /// A queue is full.
        public static let queueFull = Code(rawValue: 23)
        /// A queue is not there.
        public static let queueNotAvailable = Code(rawValue: 24)
        /// Flags that do not exist.
        public static let badFlags = Code(rawValue: 25)
        /// Larger than can be.
        public static let tooBig = Code(rawValue: 26)
        /// The end of a list.
        public static let noSections = Code(rawValue: 27)
        /// No such context.
        public static let contextNotFound = Code(rawValue: 28)
        /// More groups than can be.
        public static let tooManyGroups = Code(rawValue: 30)
        /// A security check failed.
        public static let security = Code(rawValue: 100)

        /// Corosync's name for it, as in `CS_ERR_TRY_AGAIN`.
        public var name: String { Self.texts[rawValue]?.name ?? "CS_ERR_\(rawValue)" }

        /// What it means.
        public var meaning: String { Self.texts[rawValue]?.meaning ?? "an answer this library does not know" }

        /// What to do about it.
        public var remedy: String { Self.texts[rawValue]?.remedy ?? "see the daemon's log" }

        /// Every code with a name.
        public static var all: [Code] { texts.keys.sorted().map(Code.init(rawValue:)) }
    }
}

extension ClusterError.Code: CustomStringConvertible {
    public var description: String { "\(name) (\(rawValue))" }
}

extension ClusterError.Code {
    private typealias Text = (name: String, meaning: String, remedy: String)

    private static let texts: [UInt32: Text] = [
        2: ("CS_ERR_LIBRARY", "the cluster daemon does not run here or went away", "start it, then open this anew"),
        3: ("CS_ERR_VERSION", "library and daemon are of different versions", "update the older of the two"),
        4: ("CS_ERR_INIT", "the client library could not be set up", "see the daemon's log"),
        5: ("CS_ERR_TIMEOUT", "no answer in time", "see whether the daemon is overloaded or stopped, then repeat"),
        6: (
            "CS_ERR_TRY_AGAIN", "the ring is changing, the daemon is starting or its queues are full",
            "repeat a little later, or allow more patience"
        ),
        7: ("CS_ERR_INVALID_PARAM", "a value or its type is not acceptable here", "correct it"),
        8: ("CS_ERR_NO_MEMORY", "out of memory", "free some, here or in the daemon"),
        9: ("CS_ERR_BAD_HANDLE", "this object is closed", "open a new one"),
        10: (
            "CS_ERR_BUSY", "something under way, or somebody's objection, stands in the way", "repeat when it is over"
        ),
        11: (
            "CS_ERR_ACCESS", "not allowed: the user may not use the daemon, or the key is read-only",
            "run as root, or allow the user in a file of /etc/corosync/uidgid.d; set read-only keys in corosync.conf"
        ),
        12: ("CS_ERR_NOT_EXIST", "there is no such thing", "see the name or the node id"),
        13: (
            "CS_ERR_NAME_TOO_LONG", "the name is too short, too long or has characters not allowed",
            "group names: at most 128 bytes; keys: 3 to 255 of a-z A-Z 0-9 . _ - / :"
        ),
        14: ("CS_ERR_EXIST", "it is there already", "use what is there, or another name or process"),
        15: ("CS_ERR_NO_SPACE", "no room, most likely in /dev/shm", "make room there"),
        16: ("CS_ERR_INTERRUPT", "interrupted before it was done", "repeat it unless the task was cancelled"),
        17: ("CS_ERR_NAME_NOT_FOUND", "there is no node or object of that name", "see the name or the node id"),
        18: ("CS_ERR_NO_RESOURCES", "the daemon or this process lacks the means", "see the limits on open files"),
        19: (
            "CS_ERR_NOT_SUPPORTED", "this engine or its configuration does not offer it",
            "see corosync.conf, such as quorum.provider"
        ),
        20: ("CS_ERR_BAD_OPERATION", "not possible in this state", "see what was done before"),
        21: ("CS_ERR_FAILED_OPERATION", "the daemon tried and failed", "see the daemon's log"),
        22: ("CS_ERR_MESSAGE_ERROR", "a message was malformed or of another ring", "repeat with the present ring"),
        23: ("CS_ERR_QUEUE_FULL", "a queue is full", "repeat a little later"),
        24: ("CS_ERR_QUEUE_NOT_AVAILABLE", "a queue is not there", "see the daemon's log"),
        25: ("CS_ERR_BAD_FLAGS", "flags that do not exist", "correct them"),
        26: ("CS_ERR_TOO_BIG", "larger than the engine takes", "send it in parts"),
        27: ("CS_ERR_NO_SECTIONS", "the end of a list", "start it anew"),
        28: ("CS_ERR_CONTEXT_NOT_FOUND", "there is no such context", "open a new one"),
        30: ("CS_ERR_TOO_MANY_GROUPS", "more groups than the engine takes", "leave some"),
        100: ("CS_ERR_SECURITY", "a security check failed", "see the keys of the nodes and the daemon's log"),
    ]
}
