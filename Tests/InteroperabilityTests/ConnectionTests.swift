import ClusterLab
import Testing

extension Interoperability {
    /// Who may connect, and what the daemon says of those who did: on one node of each engine, side by side.
    @Suite struct ConnectionTests {
        /// A user that nothing allows to connect.
        private static let stranger = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        private static let questions = [
            ["corosync-cmapctl", "-g", "totem.version"], ["corosync-quorumtool", "-l"], ["corosync-cpgtool", "-n"],
            ["corosync-cfgtool", "-n"],
        ]

        @Test("A user named in uidgid may connect from the reload on, and no more from the reload that takes it off")
        func users() throws {
            let labs = try nodes()
            defer { labs.close() }
            try compare(labs, allowed: false, isLogged: true, "from the start")
            for list in ["uid: nobody", "gid: nogroup", "uid: 65534"] {
                try reload(labs, with: "uidgid {\n    \(list)\n}\n")
                try compare(labs, allowed: true, list)
                let guests = try labs.map {
                    try $0.node(1).launch(Self.stranger + ["stdbuf", "-oL", "corosync-cmapctl", "-T", "guest."])
                }
                for guest in guests { try guest.awaitOutput("to finish") }
                try reload(labs, with: "")
                try compare(labs, allowed: false, "without \(list)")
                // Whoever is connected stays.
                for (lab, guest) in zip(labs, guests) {
                    try lab.node(1).run("corosync-cmapctl", "-s", "guest.key", "u8", "1")
                    try guest.awaitOutput("guest.key (u8) = 1")
                    try lab.node(1).run("corosync-cmapctl", "-d", "guest.key")
                }
            }

            // A file of its own, and a key that no file takes away again.
            for lab in labs {
                try lab.node(1).run("mkdir", "/etc/corosync/uidgid.d")
                try lab.node(1).run("tee", "/etc/corosync/uidgid.d/nobody", input: "uidgid {\n    uid: nobody\n}\n")
            }
            try reload(labs, with: "")
            try compare(labs, allowed: true, "with a file in uidgid.d")
            for lab in labs { try lab.node(1).run("rm", "/etc/corosync/uidgid.d/nobody") }
            try reload(labs, with: "")
            try compare(labs, allowed: false, "without the file in uidgid.d")
            for lab in labs { try lab.node(1).run("corosync-cmapctl", "-s", "uidgid.uid.65534", "u8", "1") }
            try compare(labs, allowed: true, "with a key of the map")
            try reload(labs, with: "")
            try compare(labs, allowed: true, "with a key of the map, after a reload")
            for lab in labs { try lab.node(1).run("corosync-cmapctl", "-s", "uidgid.uid.65534", "u8", "0") }
            try compare(labs, allowed: false, "with a key that says no")
        }

        /// How often something waited or was tried again is the moment's.
        private static let chances: Set = [
            "queueing", "queued", "overload", "send_retries", "recv_retries",
            "flow_control", "flow_control_count",
        ]

        @Test(
            "The figures of every connection: the same keys, types and values",
            .enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
        func figures() throws {
            let labs = try nodes()
            defer { labs.close() }
            let listings = try labs.map { lab in
                let node = lab.node(1)
                let program = try ClientProgram.build(in: lab.folder)
                let calls = [
                    ["cpg 0 initialize", "cpg 0 join alpha", "cpg 0 events 1", "cpg 0 mcast 100", "cpg 0 events 1"],
                    ["quorum 0 initialize", "quorum 0 trackstart 3", "quorum 0 events 1"],
                    ["votequorum 0 initialize", "votequorum 0 trackstart 7 3", "votequorum 0 events 1"],
                    ["cmap 0 initialize", "cmap 0 get totem.version"], ["cfg 0 initialize", "cfg 0 local_get"],
                ]
                let clients = try calls.map { words in
                    let client = try node.launch([program])
                    for (index, call) in words.enumerated() { client.type("\(index) \(call)\n") }
                    try client.awaitOutput("#\(words.count - 1)\n")
                    return client
                }
                let with = try node.map("stats", under: "stats.ipcs.")
                var transcript = Transcript()
                for (index, client) in clients.enumerated() {
                    let lines = client.output.split(separator: "\n").map(String.init)
                    transcript.add(lines, of: "client\(index)", on: 1)
                }
                return (with: with, transcript: transcript.lines)
            }
            #expect(listings[1].transcript == listings[0].transcript)
            #expect(masked(listings[1].with) == masked(listings[0].with))
        }

        // MARK: -

        private func nodes() throws -> [Laboratory] {
            try [Mixture(.corosync), Mixture(.rondo)].rings(.quorate)
        }

        private func reload(_ labs: [Laboratory], with section: String) throws {
            for lab in labs {
                try lab.node(1).configure(lab.configuration.text + section)
                let result = try lab.node(1).run("corosync-cfgtool", "-R")
                #expect(result.succeeded, "\(lab.report())")
            }
        }

        /// Has the stranger ask on both nodes.
        ///
        /// - Parameter isLogged: each refusal has its line. Of many Rondo leaves some out, and gives their number later.
        private func compare(
            _ labs: [Laboratory], allowed: Bool, isLogged: Bool = false, _ state: String
        ) throws {
            for question in Self.questions {
                let marks = labs.map(\.marks)
                let answers = try labs.map { try $0.node(1).run(words: Self.stranger + question) }
                let name = Comment(rawValue: "\(state): \(question.joined(separator: " "))")
                #expect(answers[1].output == answers[0].output, name)
                #expect(answers[1].errors == answers[0].errors, name)
                #expect(answers[1].status == answers[0].status, name)
                #expect(answers[1].succeeded == allowed, name)
                guard isLogged else { continue }
                for (lab, mark) in zip(labs, marks) {
                    try lab.wait(for: "the line about the refusal", within: margin) {
                        lab.node(1).log.entries(after: mark[0]).contains { entry in
                            entry.level == "error" && entry.subsystem == "MAIN"
                                && entry.message.contains("Denied connection attempt from 65534:65534")
                        }
                    }
                }
            }
            let keys = try labs.map { try $0.node(1).map(under: "uidgid.").entries }
            #expect(keys[1] == keys[0], Comment(rawValue: state))
        }

        /// Without what no two runs have in common: process numbers and the connection's name in the key.
        private func masked(_ listing: MapListing) -> [String] {
            listing.entries.map { entry in
                let parts = entry.key.split(separator: ".")
                guard parts.count == 6 else { return entry.description }
                let value = Self.chances.contains(String(parts[5])) ? "SOME" : entry.value
                return "\(parts[0]).\(parts[1]).\(parts[2]).PROCESS.CONNECTION.\(parts[5]) (\(entry.type)) = \(value)"
            }.sorted()
        }
    }
}
