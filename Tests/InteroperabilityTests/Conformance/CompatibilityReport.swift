/// docs/compatibility.md: each function of the client libraries and whether Rondo's answers are Corosync's.
struct CompatibilityReport {
    /// By number of nodes: what Corosync and what Rondo (alone or beside Corosync) answered.
    private var records: [Int: (corosync: CallRecord, rondo: CallRecord)] = [:]
    /// Functions in a line that differed.
    private var differing: Set<String> = []
    private var called: Set<String> = []
    private let libraries: [ClientLibrary]

    init() throws { libraries = try ClientLibrary.names.map { try ClientLibrary($0) } }

    mutating func add(_ heard: [String], _ expected: [String], nodes: Int) {
        var record = records[nodes] ?? (CallRecord(), CallRecord())
        record.corosync.add(expected)
        record.rondo.add(heard)
        records[nodes] = record
        called.formUnion(record.rondo.results.keys)
        // A function differs when its result, its values or the callbacks behind it do.
        for change in heard.difference(from: expected) {
            switch change {
            case .insert(let offset, _, _): differing.formUnion(Self.function(before: offset, in: heard))
            case .remove(let offset, _, _): differing.formUnion(Self.function(before: offset, in: expected))
            }
        }
    }

    /// Functions that no scenario calls.
    var missing: [String] { libraries.flatMap(\.functions).filter { !called.contains($0) } }

    /// The function whose call the line at `offset` is, or follows.
    private static func function(before offset: Int, in lines: [String]) -> Set<String> {
        for line in lines[...offset].reversed() {
            var record = CallRecord()
            record.add([line])
            if !record.results.isEmpty { return Set(record.results.keys) }
        }
        return []
    }

    func document() throws -> String {
        var text = Self.opening
        for library in libraries {
            text += "\n## lib\(library.name)\n\n| function | one node | three nodes | Rondo |\n|---|---|---|---|\n"
            for function in library.functions {
                let one = results(of: function, nodes: 1)
                let three = results(of: function, nodes: 3)
                let verdict = differing.contains(function) ? "**differs**" : "the same"
                text += "| `\(function)` | \(one) | \(three) | \(verdict) |\n"
            }
        }
        return text + Self.ending
    }

    private func results(of function: String, nodes: Int) -> String {
        let names = records[nodes]?.corosync.results[function] ?? []
        return names.isEmpty
            ? "–"
            : names.map { $0.replacing("CS_ERR_", with: "").replacing("CS_", with: "") }.sorted()
                .joined(separator: ", ")
    }

    private static let opening = """
        # Compatibility

        What programs on Corosync's client libraries notice when `rondod` is behind them. The table is made by a test
        (`make compatibility-doc`; `Interoperability/ConformanceTests` fails when it is out of date): a C program on the
        unmodified libraries of Corosync 3.1.7 (`Tests/InteroperabilityTests/Clients`) plays the same scenarios
        (`Tests/InteroperabilityTests/Scenarios`) on rings of Corosync, of Rondo and of both, on one node and on three.
        Every result, every value, every callback and their order are compared line by line; only process numbers and
        ring numbers are replaced by names.

        The columns name the results that the scenarios provoke; "the same" says that everything the function returned
        and every callback it led to was equal.

        """

    private static let ending = """

        ## Links

        Rings over knet links with Corosync 3.1.7 and libknet 1.25 are part of every test run, and more of them of
        `make links` ([laboratory](laboratory.md)). With each of the twenty combinations of a cipher (aes128,
        aes192, aes256, none) and a hash (md5, sha1, sha256, sha384, sha512) a ring of one node of Corosync and two
        of Rondo carried, on a busy machine, 317 to 728 messages of 1 B to 1 MiB, 7 to 14 MB, to every node in one
        order, without a change of the ring.

        Keys change live in rings of two nodes of Corosync and one of Rondo, too: turned on, changed twice and turned
        off under messages of 1 B to 1 MiB. Of 396 such changes on a busy machine none broke a ring, and the node of Rondo
        ended all; in one a node of Corosync did not within ten seconds, and in another one of the same run the node of
        Rondo could not open a packet of one of Corosync ([roadmap](roadmap.md)). Of 132 changes of three nodes of
        Corosync beside them 10 broke the ring: one node had forgotten the old key before another used the new one
        ([encryption](encryption.md)). The test tells these from faults of Rondo by the nodes' logs.

        libknet's main line (ce28eb6f of July 2026, `libknet.so.2`) was a peer once. Its ABI is another, so Corosync
        3.1.7 was built with it, in three places changed to fit, and Corosync's main line (65235a81 of August 2026),
        which takes sealed rings only. Over one link and two, clear and sealed with aes256/sha256, rings with Rondo
        formed and carried messages of all sizes in one order: with the former also while a link was added, keys were
        changed, a link was cut and then all of a node's; with the latter while nodes were cut off, killed and started
        again, and replaced by Rondo and back.

        ## Levels of Corosync

        `corosync -v`, and Rondo's first line too, name 3.1.7, the release of the comparisons above. What later releases and the
        main line (65235a81 of August 2026) added is there as well, so that a node of any of them can be replaced:

        | since | what | Rondo |
        |---|---|---|
        | 3.1.8 | the byte A0 (a no-break space of ISO 8859) is white space in corosync.conf | the same, but not where it ends a \
        character of UTF-8; the no-break space of UTF-8 is refused with its place, as by every release |
        | 3.1.8 | a start with ping timers that libknet refuses ends with status 8 | the same, with the key and what is permitted; \
        `-t` and a reload refuse them, too. A pong timeout below 200 ms, which libknet refuses from 1.27 on, works, and \
        `rondo timing` says so |
        | 3.1.9 | `-l FILE` names the lock file | the same |
        | 3.1.9 | what a reload could not put in force is in `config.reload_error_message` until the next one | the same, and there \
        is also why a reload changed nothing: corosync-cfgtool from 3.1.9 on ends a refused one with status 0 otherwise |
        | 3.1.10 | `totem.ip_dscp`: a code point for routers and switches, as number or name (IPv4) | the same, over IPv6, too |
        | 3.1.10 | `runtime.config.totem.interface.L.mcastport` of knet links | the same |
        | 3.1.10 | a malformed 64-bit number is refused with a text | the same |
        | 3.1.10 | keys of a section inside `node { }` bear its name | keys of that node, with a warning |
        | 3.1.10 | the environment variable STATE_DIRECTORY, which systemd sets, stands for `system.state_dir` | the same |
        | 2026 | a quorum device's information for all nodes: message 4 and flag 256 between nodes, requests 10 and 11, event 7, \
        flag 1024 | the same, but for two things: the event goes to clients only that have asked for information or set it, since \
        libraries up to 3.1.10 take it for a broken connection; a device that never told anything takes nothing back when it goes |
        | 2026 | a round of synchronisation that ends while nodes wait for each other leaves no process group's list behind | the same |
        | 2026 | `-v` lists ciphers and hashes | the same: what the libraries of this machine can do |
        | 2026 | a build takes no clear rings and no udp or udpu, unless it is configured to | takes all of them |
        | 2026 | `cpg_zcb_alloc` and its neighbours are gone from libcpg | answers older libraries |

        ## Where Rondo is stricter on purpose

        The scenarios avoid what Corosync 3.1.7 does not check or does not come back from; Rondo's answers there:

        | situation | Corosync 3.1.7 | Rondo |
        |---|---|---|
        | a request shorter than its fields, or a length inside it that lies | believed | `INVALID_PARAM` |
        | joining another group after leaving one, on the same handle | libcpg loops for ever | joins |
        | `cpg_zcb_alloc` with a path that is no buffer of the calling user | not checked | refused, nothing is touched |
        | a client that never reads its events | its queue grows without limit | disconnected at 64 MiB |
        | a configuration that cannot be read at a reload | `config.totemconfig_reload_in_progress` stays 1, and changes \
        of votes are ignored | 0 again, `config.reload_status` tells |
        | a reload | `nodelist.local_node_pos` vanishes and comes back, `totem.interface.0.bindnetaddr` vanishes, knet \
        timers lag one reload behind | both stay, timers follow |
        | a process in a group whose name has no bytes ends without leaving | stays a member for ever | leaves |
        | a process ends, the daemon sees that before the messages it multicast with `CS_OK` | the messages \
        are dropped | delivered, then the leave, unless the ring takes no messages at that moment |
        | a message multicast on a connection made during synchronisation | lost without an error | sent afterwards |
        | `-t` with a section `quorum` or a `system.priority` that a start refuses | exit status 0 | that of the start: \
        20, 8 |
        | packets over IPv6, or through an interface with a small MTU, without `totem.netmtu` | each full \
        one is cut in two by the kernel | small enough to pass whole ([packet \
        size](decisions/packet-size.md)) |
        | `stats.knet`: times of sealing and opening | of every packet | of one packet in sixteen |
        | `stats.knet`: the link to the own node | counts what goes to all as sent, and the tokens that a lone node \
        sends itself | counts what goes to all as sent |
        | a process ends, its machine runs on | the token and consensus timeouts | out of the ring in a fraction of a second \
        ([failover](failover.md)), also where one Rondo is among Corosyncs |
        | all links to a member lost | only the links' own lines tell it | the ring tells it, too, and counts it in \
        `stats.rondo.links_lost` |
        | `corosync-quorumtool -l -o n` and `-o i` where members have unlike votes | each member has the votes of another | \
        its own |
        | a search for a link's MTU | a line at each change, again after each link that comes up | one line, \
        with what it ends with, and none when that is as before |
        | `Retransmit List: ` lines | one for each token with a list, hundreds a second on a bad network | \
        the first ten, then a summary a minute ([log of losses](decisions/log-of-losses.md)) |

        """
}
