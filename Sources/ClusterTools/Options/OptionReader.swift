/// Reads a command line as GNU's getopt and getopt_long do, complaints and all: options may be joined and stand behind what is
/// no option, long ones may be cut short.
struct OptionReader {
    /// An option with the letter it is known by.
    struct Option: Equatable {
        let letter: Character
        var value: String?
    }

    /// A long option and the letter it stands for.
    struct LongOption {
        let name: String
        let letter: Character
        var takesValue = false
    }

    /// What getopt says of an option that is none; the tools go on or end, as each likes.
    struct Complaint: Error, Equatable {
        let text: String
    }

    private let program: String
    private let letters: [Character: Bool]
    private let longOptions: [LongOption]
    private var words: ArraySlice<String>
    /// The rest of a word of joined options.
    private var joined: Substring = ""
    /// What is no option, in order.
    private(set) var operands: [String] = []

    /// - Parameters:
    ///   - program: the name the program was called by, for complaints.
    ///   - letters: as for getopt: each option's letter, with a colon behind it where it takes a value.
    init(_ program: String, _ arguments: [String], letters text: String, long: [LongOption] = []) {
        self.program = program
        words = arguments[...]
        longOptions = long
        var letters: [Character: Bool] = [:]
        var last: Character?
        for character in text {
            if character == ":" {
                if let last { letters[last] = true }
            } else {
                letters[character] = false
                last = character
            }
        }
        self.letters = letters
    }

    /// The next option; nil behind the last.
    mutating func next() throws(Complaint) -> Option? {
        if !joined.isEmpty { return try nextJoined() }
        while let word = words.popFirst() {
            if word == "--" {
                operands += words
                words = []
                return nil
            }
            guard word.hasPrefix("-"), word != "-" else {
                operands.append(word)
                continue
            }
            if word.hasPrefix("--"), !longOptions.isEmpty { return try long(word.dropFirst(2)) }
            joined = word.dropFirst()
            return try nextJoined()
        }
        return nil
    }

    private mutating func nextJoined() throws(Complaint) -> Option? {
        let letter = joined.removeFirst()
        guard letter != ":", let takesValue = letters[letter] else {
            throw Complaint(text: "\(program): invalid option -- '\(letter)'")
        }
        guard takesValue else { return Option(letter: letter) }
        if !joined.isEmpty {
            defer { joined = "" }
            return Option(letter: letter, value: String(joined))
        }
        guard let value = words.popFirst() else {
            throw Complaint(text: "\(program): option requires an argument -- '\(letter)'")
        }
        return Option(letter: letter, value: value)
    }

    private mutating func long(_ text: Substring) throws(Complaint) -> Option? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first ?? ""
        let given = parts.count > 1 ? String(parts[1]) : nil
        let candidates = longOptions.filter { $0.name.hasPrefix(name) }
        guard let option = candidates.first(where: { $0.name == name }) ?? candidates.first else {
            throw Complaint(text: "\(program): unrecognized option '--\(text)'")
        }
        if option.name != name, Set(candidates.map(\.letter)).count > 1 {
            let possible = candidates.map { " '--\($0.name)'" }.joined()
            throw Complaint(text: "\(program): option '--\(text)' is ambiguous; possibilities:\(possible)")
        }
        guard option.takesValue else {
            guard given == nil else {
                throw Complaint(text: "\(program): option '--\(option.name)' doesn't allow an argument")
            }
            return Option(letter: option.letter)
        }
        guard let value = given ?? words.popFirst() else {
            throw Complaint(text: "\(program): option '--\(option.name)' requires an argument")
        }
        return Option(letter: option.letter, value: value)
    }
}
