import CaptureFiles
import ClusterConfiguration
import Dissection
import Links
import Sealing

/// Opens the sealed packets of knet in a capture with the keys given, each with the ciphers and hashes that it may go with.
///
/// A hash that fits proves key and hash, but not the cipher: none is the one with which the opened bytes are knet's.
struct PacketOpener {
    /// A key with a cipher and a hash.
    private final class Candidate {
        let suite: SealSuite
        let file: String
        var sealer: Sealer
        /// Something was opened with it.
        var isProven = false

        init(_ suite: SealSuite, _ file: String, _ sealer: consuming Sealer) {
            self.suite = suite
            self.file = file
            self.sealer = sealer
        }
    }

    /// The one that has opened a packet last is the first.
    private var candidates: [Candidate] = []
    private let files: [String]
    private let isSuiteGiven: Bool
    private(set) var opened = 0
    private(set) var unopened = 0

    /// Sealed packets that are sent as one are tried in pieces of up to so many bytes, the largest that networks carry whole.
    private static let largestPiece = 9000

    /// - Parameters:
    ///   - cipher: the only one to be tried; nil for all.
    ///   - hash: the same.
    /// - Throws: `ConfigurationError` for a file that is no key, `SealingError` where nothing can be opened here.
    init(keys files: [String], cipher: SealCipher?, hash: SealHash?) throws {
        self.files = files
        isSuiteGiven = cipher != nil || hash != nil
        let suites = Self.likely.filter { (cipher ?? $0.cipher) == $0.cipher && (hash ?? $0.hash) == $0.hash }
        for file in files {
            candidates += try Self.candidates(file, suites)
        }
    }

    private static func candidates(_ file: String, _ suites: [SealSuite]) throws -> [Candidate] {
        let key = try key(file)
        // This machine's libcrypto may do without some old hashes; the others can be tried.
        var found: [Candidate] = []
        for suite in suites {
            if let candidate = try candidate(suite, file, key, isOptional: suites.count > 1) { found.append(candidate) }
        }
        return found
    }

    private static func key(_ file: String) throws(ConfigurationError) -> SecretKey {
        do throws(ConfigurationError) {
            return try SecretKey(file: file)
        } catch {
            var error = error
            // A new key opens nothing that was sealed before.
            if error.permitted != KeyFileCheck.modes {
                error.remedy = "take the key file of a node of this ring (totem.keyfile, /etc/corosync/authkey)"
            }
            throw error
        }
    }

    private static func candidate(
        _ suite: SealSuite, _ file: String, _ key: borrowing SecretKey, isOptional: Bool
    ) throws -> Candidate? {
        do throws(SealingError) {
            let sealer = try Sealer(suite, key: key)
            return Candidate(suite, file, sealer)
        } catch {
            if case .unsupported = error, isOptional { return nil }
            throw error
        }
    }

    /// All, the usual ones first.
    private static let likely: [SealSuite] = {
        let hashes: [SealHash] = [.sha256, .sha1, .sha512, .sha384, .md5]
        let ciphers: [SealCipher] = [.aes256, .aes128, .aes192, .none]
        return hashes.flatMap { hash in ciphers.map { SealSuite($0, hash) } }
    }()

    /// What a datagram is with its seals opened: itself where it is clear, several where they were sent as one.
    mutating func open(_ datagram: Datagram) -> [Datagram] {
        if let plain = openWhole(datagram) { return [plain] }
        if let pieces = openPieces(datagram) { return pieces }
        guard !datagram.payload.isEmpty, !Dissector.isReadable(datagram.payload.span) else { return [datagram] }
        unopened += 1
        var locked = datagram
        locked.sealing = .locked
        return [locked]
    }

    // MARK: One packet

    private mutating func openWhole(_ datagram: Datagram) -> Datagram? {
        // The hash lies at the end.
        guard datagram.missing == 0 else { return nil }
        for index in candidates.indices {
            guard let plain = Self.open(datagram.payload, candidates[index]) else { continue }
            let candidate = candidates.remove(at: index)
            candidate.isProven = true
            candidates.insert(candidate, at: 0)
            return note(plain, of: datagram, candidate)
        }
        return nil
    }

    private mutating func note(_ plain: [UInt8], of datagram: Datagram, _ candidate: Candidate) -> Datagram {
        opened += 1
        var result = datagram
        result.payload = plain
        result.sealing = .opened(candidate.suite.description)
        return result
    }

    private static func open(_ image: [UInt8], _ candidate: Candidate) -> [UInt8]? {
        var bytes = image
        var span = bytes.mutableSpan
        guard let place = try? candidate.sealer.open(&span) else { return nil }
        let plain = Array(bytes[place])
        return Dissector.isKnet(plain.span) ? plain : nil
    }

    // MARK: Several that were sent as one

    /// Pieces of equal length but for the last, which begin wherever one that was opened ends. Where they end is found out
    /// by trying, so only with what has opened a packet before.
    private mutating func openPieces(_ datagram: Datagram) -> [Datagram]? {
        let payload = datagram.payload
        for candidate in candidates where candidate.isProven {
            let least = candidate.sealer.overhead.sealedSize(1)
            guard payload.count > least else { continue }
            let step = candidate.suite.hasCipher ? 16 : 1
            for size in stride(from: least, through: min(payload.count - 1, Self.largestPiece), by: step) {
                guard let first = Self.open(Array(payload[..<size]), candidate) else { continue }
                return pieces(of: datagram, every: size, first, candidate)
            }
        }
        return nil
    }

    private mutating func pieces(
        of datagram: Datagram, every size: Int, _ first: [UInt8], _ candidate: Candidate
    ) -> [Datagram] {
        let payload = datagram.payload
        let count = (payload.count + datagram.missing + size - 1) / size
        var result: [Datagram] = []
        for (index, start) in stride(from: 0, to: payload.count, by: size).enumerated() {
            let image = Array(payload[start..<min(start + size, payload.count)])
            var piece = datagram
            piece.missing = 0
            piece.segment = Datagram.Segment(index: index, count: count)
            guard let plain = index == 0 ? first : Self.open(image, candidate) else {
                unopened += 1
                piece.payload = image
                piece.sealing = .locked
                result.append(piece)
                continue
            }
            result.append(note(plain, of: piece, candidate))
        }
        return result
    }

    // MARK: The end

    /// What is to be said of packets that were not opened; nil where all were, or none was sealed.
    var complaint: String? {
        guard unopened > 0 else { return nil }
        let keys = files.joined(separator: " and ")
        let packets = "\(unopened) packet\(unopened == 1 ? "" : "s")"
        guard opened == 0 else {
            return
                "\(packets) of \(opened + unopened) could not be opened with \(keys): sealed with another key, as before or "
                + "after a change of it (give --key once for each), or damaged"
        }
        return "wrong key: \(keys) open\(files.count == 1 ? "s" : "") none of \(packets)"
            + (isSuiteGiven
                ? ", or the ring has another cipher or hash: without --cipher and --hash all are tried"
                : ", with any cipher and hash; take the key file of a node of this ring")
    }

    /// Whether the keys given fit nothing of what is sealed.
    var isWrong: Bool { unopened > 0 && opened == 0 }
}
