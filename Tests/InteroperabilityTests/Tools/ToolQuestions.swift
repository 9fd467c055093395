/// What is asked of both tools of a name.
enum ToolQuestions {
    /// They change nothing.
    static let looks: [[String]] =
        [
            ["-s"], ["-s", "-b"], ["-sb"], ["-bs"], ["--status"], ["--status", "--brief"], ["--stat"], ["-n"],
            ["--nodes"],
            ["-s", "-i", "0"], ["-s", "-i0"], ["--if=0", "-s"], ["--if", "0", "-s"], ["-a", "1"], ["-a1"], ["-a", "2"],
            ["--address=1"], ["-a", "77"], ["-a", "0"], ["-a", "-1"], ["-a", "x"], ["-a", "4294967295"],
            ["-a", "4294967296"], ["-k", "0"], ["-k", "abc"], ["-k"], ["-h"], [], ["-x"], ["-sx"], ["--nothing"],
            ["--brief=1", "-s"], ["--kill"], ["--re"], ["--s"], ["word"], ["-s", "word"], ["-b"], ["-r"], ["--", "-s"],
            ["--force"],
        ].map { ["corosync-cfgtool"] + $0 }
        + [
            [], ["-s"], ["-s", "-i"], ["-sH"], ["-s", "-p"], ["-s", "-a"], ["-l"], ["-l", "-i"], ["-l", "-a"],
            ["-la", "-i"],
            ["-lH"], ["-lp"], ["-l", "-o", "a"], ["-l", "-o", "n"], ["-l", "-on"], ["-l", "-o", "i"],
            ["-l", "-o", "x"],
            ["-o"], ["-V"], ["-h"], ["-z"], ["-e", "0"], ["-e", "x"], ["-v", "-1"], ["-v", "1", "-n", "0"],
            ["-n", "3"],
            ["-p"], ["--json"], ["-e", "2147483648"], ["-s", "word"], ["-ls"], ["-sl"],
        ].map { ["corosync-quorumtool"] + $0 }
        + [
            ["totem."], ["nodelist."], ["logging."], ["runtime.config."], ["runtime.members."], ["uidgid."],
            ["quorum."],
            ["not.there."], ["totem.", "not.there."], ["not.there.", "nor.there."], ["-g", "totem.version"],
            ["-g", "totem.version", "totem.cluster_name"], ["-g", "not.there"], ["-g", "totem.version", "not.there"],
            ["-q", "-g", "totem.cluster_name"], ["-qg", "totem.version"], ["-g", "ab"], ["-g", "a name"], ["-g"],
            ["-d"],
            ["-D"], ["-t"], ["-T"], ["-s"], ["-s", "lab.x"], ["-s", "lab.x", "u8"], ["-h"], ["-x"], ["-C", "x"], ["-C"],
            ["-m", "x"], ["-m", "icmap", "totem."], ["-m", "default", "totem."], ["-m", "stats", "-g", "stats.none"],
            ["-m", "stats", "totem."], ["-m", "stats", "-d", "stats.srp.mcast_tx"],
            ["-m", "stats", "-s", "stats.srp.mcast_tx", "u64", "1"], ["-p", "/not/there"], ["-p"], ["--json"],
            ["-s", "lab.x", "u8", "256"], ["-s", "lab.x", "u8", "-1"], ["-s", "lab.x", "i8", "128"],
            ["-s", "lab.x", "i16", "40000"], ["-s", "lab.x", "i32", "3000000000"], ["-s", "lab.x", "u16", "65536"],
            ["-s", "lab.x", "u32", "4294967296"], ["-s", "lab.x", "u32", "x"], ["-s", "lab.x", "flt", "x"],
            ["-s", "lab.x", "dbl", ""], ["-s", "lab.x", "none", "1"], ["-s", "lab.x", "bin", "/not/there"],
            ["-s", "totem.version", "u32", "3"], ["-d", "totem.version"], ["-d", "not.there"], ["-D", "not.there."],
            ["-s", "a", "u8", "1"], ["-s", "lab bad", "u8", "1"], ["-b", "totem."],
        ].map { ["corosync-cmapctl"] + $0 }
        + [
            [], ["-n"], ["-e"], ["-d", ";"], ["-d;"], ["-n", "-d", ";"], ["-d", ""], ["-d", "ab"], ["-en"], ["-h"],
            ["-x"],
            ["-d"], ["word"],
        ].map { ["corosync-cpgtool"] + $0 }

    static let linkLooks = looks.filter { $0[0] == "corosync-cfgtool" || $0[0] == "corosync-quorumtool" }

    /// Each is asked of one tool, then of the other, behind the changes that the first found.
    static let mapChanges: [[String]] =
        [
            ["-s", "lab.i8", "i8", "-128"], ["-s", "lab.u8", "u8", "255"], ["-s", "lab.i16", "i16", "-32768"],
            ["-s", "lab.u16", "u16", "65535"], ["-s", "lab.i32", "i32", "-2147483648"],
            ["-s", "lab.u32", "u32", "4294967295"], ["-s", "lab.i64", "i64", "-9223372036854775808"],
            ["-s", "lab.more", "i64", "9223372036854775808"], ["-s", "lab.u64", "u64", "18446744073709551615"],
            ["-s", "lab.wrap", "u64", "-1"], ["-s", "lab.junk", "u32", "12abc"], ["-s", "lab.blank", "u32", "  7"],
            ["-s", "lab.flt", "flt", "1.5"], ["-s", "lab.dbl", "dbl", "-2.25e10"], ["-s", "lab.tiny", "dbl", "1e-9"],
            ["-s", "lab.str", "str", "a text with blanks"], ["-s", "lab.empty", "str", ""],
            ["-s", "lab.utf", "str", "caf\u{E9}"], ["-s", "lab.bin", "bin", "/run/lab/bytes"], ["lab."],
            ["-b", "lab."],
            ["-bq", "lab."], ["-q", "lab."], ["-g", "lab.i64", "lab.u64", "lab.flt", "lab.dbl", "lab.empty"],
            ["-b", "-g", "lab.bin"], ["-p", "/run/lab/keys"], ["lab."], ["-D", "lab."], ["lab."], ["-C", "totem"],
            ["-C", "all"], ["-C", "schedmiss"], ["-C", "ipc"], ["-C", "knet"],
        ].map { ["corosync-cmapctl"] + $0 }

    static let changes: [[String]] =
        mapChanges
        + [
            ["corosync-quorumtool", "-v", "2"], ["corosync-quorumtool", "-v", "2", "-n", "3"],
            ["corosync-quorumtool", "-v", "1", "-n", "9"], ["corosync-quorumtool", "-s"],
            ["corosync-quorumtool", "-v", "1", "-n", "3"], ["corosync-quorumtool", "-v", "1"],
            ["corosync-quorumtool", "-e", "4"], ["corosync-quorumtool", "-s"], ["corosync-quorumtool", "-e", "9"],
            ["corosync-quorumtool", "-e", "3"], ["corosync-quorumtool", "-f"], ["corosync-cfgtool", "-R"],
            ["corosync-cfgtool", "--reload"], ["corosync-cfgtool", "-L"], ["corosync-cfgtool", "--reopen"],
            ["corosync-cfgtool", "-k", "9"], ["corosync-cfgtool", "--kill=9"],
        ]

    static let keys: [[String]] = [
        ["-h"], ["--help"], ["-x"], ["-k"], ["-s", "1", "-k", "/run/lab/key"], ["-s", "127"], ["-s", "4097"],
        ["-s", "x"],
        ["-s", ""], ["-k", "/run/lab/key"], ["--key-file=/run/lab/key"], ["-lk", "/run/lab/key"],
        ["-k", "/run/lab/key", "-r", "/dev/random"], ["-k", "/run/lab/key", "-r", "/not/there"],
        ["--key-file", "/run/lab/key", "--size=512", "--less-secure"], ["-k", "/not/there/key"], ["-k", "/run"],
        ["--random-file", "/dev/zero", "-k", "/run/lab/key"], ["--si", "128", "-k", "/run/lab/key"],
    ].map { ["corosync-keygen"] + $0 }

    /// A tool of `rondo`, its options, and the schema in docs.
    static let json: [(tool: String, words: [String], schema: String)] = [
        ("cfg", ["-s"], "cfg-links"), ("cfg", ["-n"], "cfg-nodes"), ("cfg", ["-a", "1"], "cfg-addresses"),
        ("cfg", ["-L"], "done"), ("cfg", ["-R"], "done"), ("map", [], "map-keys"), ("map", ["totem."], "map-keys"),
        ("map", ["-g", "totem.version"], "map-keys"), ("map", ["-m", "stats"], "map-keys"),
        ("quorum", ["-s"], "quorum-status"), ("quorum", ["-l"], "quorum-members"), ("groups", [], "groups"),
        ("groups", ["-n"], "groups"),
    ]
}
