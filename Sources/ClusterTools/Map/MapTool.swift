import Glibc
import JSONText
import RondoKit

/// corosync-cmapctl: keys of the maps (corosync-cmapctl(8)).
struct MapTool: CommandTool {
    private enum Action {
        case list, get, set, delete, deletePrefix, track
        case load(String)
        case clear(String)
    }

    private var action = Action.list
    private var kind = ConfigurationMap.Kind.configuration
    private var tracksPrefix = true
    private var style = KeyStyle()
    private var words: [String] = []
    var output = Output()

    // MARK: The command line

    mutating func read(_ call: ToolCall) -> Int32? {
        let json: Character = "J"
        var options = OptionReader(
            call.program, call.arguments, letters: "m:hqgsdDtTbp:C:", long: call.jsonOption(json))
        var isMapChosen = false
        do throws(OptionReader.Complaint) {
            while let option = try options.next() {
                let value = option.value ?? ""
                switch option.letter {
                case "h":
                    output.write(Self.help)
                    return EXIT_SUCCESS
                case "b": style.showsBinary = true
                case "q": style.isQuiet = true
                case "g": action = .get
                case "s": action = .set
                case "d": action = .delete
                case "D": action = .deletePrefix
                case "t": (action, tracksPrefix) = (.track, false)
                case "T": action = .track
                case "p": action = .load(value)
                case "C":
                    guard ["knet", "totem", "ipc", "schedmiss", "all"].contains(value) else {
                        Output.complain("argument to -C should be 'knet', 'totem', 'ipc', 'schedmiss' or 'all'")
                        return EXIT_FAILURE
                    }
                    (action, kind) = (.clear(value), .statistics)
                case "m":
                    if value == "icmap" || value == "default" { (kind, isMapChosen) = (.configuration, true) }
                    if value == "stats" { (kind, isMapChosen) = (.statistics, true) }
                    guard isMapChosen else {
                        Output.complain("invalid map name, must be 'default', 'icmap' or 'stats'")
                        return EXIT_FAILURE
                    }
                case json: output.json = true
                default: break
                }
            }
        } catch {
            Output.complain(error.text)
            return EXIT_FAILURE
        }
        words = options.operands
        switch action {
        case .list, .load, .clear: return nil
        case .get, .set, .delete, .deletePrefix, .track:
            guard words.isEmpty else { return nil }
            Output.complain("Expected key after options")
            return EXIT_FAILURE
        }
    }

    // MARK: Actions

    mutating func act() async -> Int32 {
        let map: ConfigurationMap
        do {
            // As Corosync's tool: once a second, ten times more.
            map = try await ConfigurationMap.connect(
                kind, patience: Patience(limit: .seconds(10), firstPause: .seconds(1), longestPause: .seconds(1)))
        } catch {
            Output.complain("Failed to initialize the cmap API. Error \(error.code.name)")
            return EXIT_FAILURE
        }
        switch action {
        case .list: return await list(map)
        case .get: return await get(map)
        case .delete: return await delete(map)
        case .deletePrefix:
            var status = EXIT_SUCCESS
            for word in words where status == EXIT_SUCCESS { status = await MapFile.delete(under: word, in: map) }
            return status
        case .set:
            guard words.count >= 3 else {
                Output.complain("At least 3 parameters are expected for set")
                return EXIT_FAILURE
            }
            return await KeyWriter.set(words[0], type: words[1], words[2], in: map)
        case .load(let path): return await MapFile.load(path, into: map)
        case .clear(let what):
            // What Corosync's tool does not look at either: a daemon without knet has nothing to clear there.
            try? await map.set("stats.clear.\(what)", to: UInt32(1))
            return EXIT_SUCCESS
        case .track:
            // Changes come by connections of their own; this one is closed meanwhile.
            _ = consume map
            return await MapWatch(kind: kind, tracksPrefix: tracksPrefix, style: style).run(words, &output)
        }
    }

    private mutating func list(_ map: ConfigurationMap) async -> Int32 {
        var found: [(key: String, value: MapValue)] = []
        var empty = 0
        for prefix in words.isEmpty ? [""] : words {
            do {
                let entries = try await map.entries(under: prefix)
                if entries.isEmpty { empty += 1 }
                found += entries
            } catch {
                Output.complain("Failed to initialize iteration. Error \(error.code.name)")
                return EXIT_FAILURE
            }
        }
        write(found)
        return empty > 0 && empty >= words.count ? EXIT_FAILURE : EXIT_SUCCESS
    }

    private mutating func get(_ map: ConfigurationMap) async -> Int32 {
        var found: [(key: String, value: MapValue)] = []
        defer { write(found) }
        for key in words {
            var code = ClusterError.Code.notExist
            do {
                if let value = try await map.get(key) {
                    found.append((key, value))
                    continue
                }
            } catch {
                code = error.code
            }
            Output.complain("Can't get key \(key). Error \(code.name)")
            return EXIT_FAILURE
        }
        return EXIT_SUCCESS
    }

    private func delete(_ map: ConfigurationMap) async -> Int32 {
        for key in words {
            guard let code = await MapFile.delete(key, in: map) else { continue }
            Output.complain("Can't delete key \(key). Error \(code.name)")
            return EXIT_FAILURE
        }
        return EXIT_SUCCESS
    }

    private mutating func write(_ entries: [(key: String, value: MapValue)]) {
        if output.json {
            output.value(.object([("keys", .array(entries.map { KeyStyle.json($0.key, $0.value) }))]))
        } else {
            for entry in entries { output.line(style.text(entry.key, entry.value)) }
        }
    }
}

extension MapTool {
    fileprivate static let help = """

        usage:  corosync-cmapctl [-b] [-DdghsqTCt] [-p filename] [-m map] [params...]

            -b show binary values

            -m select map to use
                  The  default  map is 'icmap' which contains configuration information and some runtime variables used by corosync.\u{20}
                  A 'stats' map is also available which displays network statistics - in great detail when knet is used as the transport.
        Set key:
            corosync-cmapctl -s key_name type value

            where type is one of ([i|u][8|16|32|64] | flt | dbl | str | bin)
            for bin, value is file name (or - for stdin)

            map can be either 'icmap' (the default) which contains corosync
            configuration information, or 'stats' which contains statistics
            about the networking and IPC traffic in some detail.

        Clear stats:
            corosync-cmapctl -C [knet|ipc|totem|schedmiss|all]
            The 'stats' map is implied

        Load settings from a file:
            corosync-cmapctl -p filename

            the format of the file is:
            [^[^]]<key_name>[ <type> <value>]
            Keys prefixed with single caret ('^') are deleted (see -d).
            Keys (actually prefixes) prefixed with double caret ('^^') are deleted by prefix (see -D).
            <type> and <value> are optional (not checked) in above cases.
            Other keys are set (see -s) so both <type> and <value> are required.

        Delete key:
            corosync-cmapctl -d key_name...

        Delete multiple keys with prefix:
            corosync-cmapctl -D key_prefix...

        Get key:
            corosync-cmapctl [-b] -g key_name...

        Quiet mode:
            corosync-cmapctl [-b] -q -g key_name...

        Display all keys:
            corosync-cmapctl [-b]

        Display keys with prefix key_name:
            corosync-cmapctl [-b] key_name...

        Track changes on keys with key_name:
            corosync-cmapctl [-b] -t key_name

        Track changes on keys with key prefix:
            corosync-cmapctl [-b] -T key_prefix


        """
}
