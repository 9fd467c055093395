import Basics
import CaptureFiles
import Dissection

/// Which packets `rondo decode` shows: `node=3 type=token,join`. Every term has to hold; of a term's values one has to.
struct PacketFilter {
    /// Why a text is no filter, with what to write.
    struct Malformed: Error, CustomStringConvertible { var description: String }

    enum Key: String, CaseIterable {
        /// Who sent it, or first sent the message in it: node id or address.
        case node
        /// Who it went to: node id or address.
        case to
        case type
        case ring
        /// What the line says, in whatever case.
        case text
    }

    private struct Term {
        var key: Key
        var values: [String]
        var isNegated: Bool
    }

    private var terms: [Term] = []

    static let help = """
        Show only packets that fit: terms KEY=VALUE[,VALUE...] or KEY!=VALUE[,VALUE...] separated by blanks, which must \
        all hold. Keys: node (id or address of the sender or originator), to (the receiver), type (the beginning of a \
        kind: token, mcast, merge-detect, join, leave, commit-token, hold-cancel, beat, knet..., unknown), ring (as 1.9), \
        text (in the line; quote blanks: text='cpg MCAST').
        """

    init(_ text: String) throws(Malformed) {
        for word in try Self.words(of: text) { terms.append(try Self.term(word)) }
        guard !terms.isEmpty else { throw Malformed(description: "no term; write for example type=token,join node=3") }
    }

    /// Whether the packet is to be shown.
    ///
    /// - Parameter receiver: the node at the packet's destination, where it is known.
    func accepts(_ packet: DissectedPacket, _ datagram: Datagram, receiver: String?, line: @autoclosure () -> String)
        -> Bool
    {
        var shown: String?
        return terms.allSatisfy { term in
            let isFound = term.values.contains { value in
                switch term.key {
                case .node:
                    return packet.node == value || datagram.source.map { Self.isAddress(value, $0.address) } ?? false
                case .to:
                    return receiver == value || datagram.destination.map { Self.isAddress(value, $0.address) } ?? false
                case .type: return Self.name(of: packet.kind).hasPrefix(value)
                case .ring: return packet.ring == value
                case .text:
                    let text = shown ?? line().lowercased()
                    shown = text
                    return Self.contains(text, value.lowercased())
                }
            }
            return isFound != term.isNegated
        }
    }

    private static func isAddress(_ text: String, _ address: IPAddress) -> Bool { IPAddress(text) == address }

    /// As the filter names it: without blanks.
    private static func name(of kind: PacketKind) -> String {
        String(kind.rawValue.lowercased().map { $0 == " " ? "-" : $0 })
    }

    private static func contains(_ text: String, _ part: String) -> Bool {
        let (text, part) = (Array(text.utf8), Array(part.utf8))
        guard part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
    }

    // MARK: Reading

    /// Parts of a text between blanks; quotation marks keep what they enclose together.
    private static func words(of text: String) throws(Malformed) -> [[Character]] {
        var words: [[Character]] = []
        var word: [Character] = []
        var quote: Character?
        for character in text {
            if let open = quote {
                // Within quotation marks a comma separates nothing.
                if character == open { quote = nil } else { word.append(character == "," ? quotedComma : character) }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character.isWhitespace {
                if !word.isEmpty { words.append(word) }
                word = []
            } else {
                word.append(character)
            }
        }
        if let quote { throw Malformed(description: "the quotation mark \(quote) is not closed") }
        return word.isEmpty ? words : words + [word]
    }

    private static let quotedComma: Character = "\u{1}"

    private static func term(_ word: [Character]) throws(Malformed) -> Term {
        let keys = Key.allCases.map(\.rawValue).joined(separator: ", ")
        guard let equals = word.firstIndex(of: "=") else {
            let word = String(word)
            let kinds = PacketKind.allCases.contains { Self.name(of: $0).hasPrefix(word.lowercased()) }
            let guess = kinds ? "type=\(word)" : "text=\(word)"
            throw Malformed(description: "'\(word)' is no KEY=VALUE; did you mean \(guess)?")
        }
        let isNegated = equals > 0 && word[equals - 1] == "!"
        let name = String(word[..<(isNegated ? equals - 1 : equals)])
        guard let key = Key(rawValue: name.lowercased()) else {
            throw Malformed(description: "there is no key '\(name)'; keys are \(keys)")
        }
        let values = word[(equals + 1)...].split(separator: ",", omittingEmptySubsequences: false).map { value in
            String(value.map { $0 == quotedComma ? "," : $0 })
        }
        guard values.allSatisfy({ !$0.isEmpty }) else {
            throw Malformed(description: "'\(String(word))' lacks a value; write \(name)=VALUE or \(name)=VALUE,VALUE")
        }
        return Term(
            key: key, values: try values.map { value throws(Malformed) in try checked(value, key) },
            isNegated: isNegated)
    }

    /// The value as it is compared; a value that no packet can ever have is a mistake.
    private static func checked(_ value: String, _ key: Key) throws(Malformed) -> String {
        switch key {
        case .text: return value
        case .node, .to:
            guard UInt32(value) != nil || IPAddress(value) != nil else {
                throw Malformed(description: "\(key.rawValue)=\(value): a node id or an IP address is expected")
            }
            return value
        case .ring:
            // Named as in the lines; those of old Corosync have an address in the name.
            guard value.contains(".") else {
                throw Malformed(description: "ring=\(value): write it as lines show it, such as ring=1.9")
            }
            return value
        case .type:
            let wanted = value.lowercased()
            let names = PacketKind.allCases.map(Self.name(of:))
            guard names.contains(where: { $0.hasPrefix(wanted) }) else {
                throw Malformed(
                    description: "type=\(value): there is no such kind; kinds are \(names.joined(separator: ", "))")
            }
            return wanted
        }
    }
}
