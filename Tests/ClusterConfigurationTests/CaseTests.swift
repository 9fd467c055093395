import Basics
import ClusterConfiguration
import Testing

/// Files of users that went wrong (`Tests/Fixtures/cases`), and what they are told.
@Suite struct CaseTests {
    func document(_ path: String) throws -> ConfigurationDocument {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return try ConfigurationDocument(Fixtures.bytes("cases/\(path)"), file: name)
    }

    func document(text: String) throws -> ConfigurationDocument {
        try ConfigurationDocument(Array(text.utf8), file: "corosync.conf")
    }

    func error(_ path: String, names: NameTable = NameTable()) throws -> ConfigurationError {
        try #require(
            configurationError { _ = try ClusterConfiguration(try document(path), host: alpha, names: names) })
    }

    func error(text: String) throws -> ConfigurationError {
        try #require(configurationError { _ = try document(text: text) })
    }

    func warnings(_ path: String) throws -> [String] { try document(path).warnings.map(\.description) }

    /// The machine of the cases.
    let alpha = HostFacts(
        hostName: "alpha",
        interfaces: [
            InterfaceAddress(
                interface: "lo", address: .v4(0x7F00_0001), netmask: .v4(0xFF00_0000), isUp: true, index: 1),
            InterfaceAddress(
                interface: "eth0", address: .v4(0x0A4D_0001), netmask: .v4(0xFFFF_0000), isUp: true, index: 2),
        ])

    // MARK: 01

    @Test func anAddressOnNoInterfaceIsNamedWithTheOneUsedInstead() throws {
        let configuration = try ClusterConfiguration(
            try document("01-local-address-not-usable/a-absent-address.conf"), host: alpha, names: NameTable())
        #expect(configuration.addressFault == .absent(substitute: alpha.interfaces[1]))
        let warning = try #require(configuration.warnings.first?.description)
        #expect(warning.hasPrefix("a-absent-address.conf:8: ring0_addr 10.77.0.8 of this node is on no interface"))
        #expect(warning.contains("10.77.0.1 of eth0 is used instead"))
        #expect(warning.contains("To do: write 10.77.0.1 on all nodes if that was meant, or add the address to eth0."))
    }

    @Test func aLoopbackAddressAmongOthersIsNamed() throws {
        let names = NameTable(addresses: ["alpha": [.v4(0x7F00_0101)], "beta": [.v4(0x0A4D_0002)]])
        let document = try document("01-local-address-not-usable/b-hosts-127.0.1.1.conf")
        let configuration = try ClusterConfiguration(document, host: alpha, names: names)
        #expect(configuration.addressFault == .loopback)
        let warning = try #require(configuration.warnings.first?.description)
        #expect(warning.contains("ring0_addr alpha (127.0.1.1 by /etc/hosts or the name server)"))
        #expect(warning.contains("a loopback address, while other nodes are elsewhere"))
        #expect(warning.contains("To do: let alpha stand for the address of the cluster's network in /etc/hosts"))
    }

    @Test("Addresses that can carry a ring are not complained of", arguments: ["127.0.0.1", "127.0.0.2", "10.77.0.1"])
    func fineAddresses(own: String) throws {
        let other = own.hasPrefix("127") ? "127.0.0.9" : "10.77.0.9"
        let text =
            "totem {\nversion: 2\ntransport: udpu\n}\nnodelist {\nnode {\nring0_addr: \(own)\nname: alpha\nnodeid: 1\n}\n"
            + "node {\nring0_addr: \(other)\nnodeid: 2\n}\n}\n"
        let configuration = try ClusterConfiguration(try document(text: text), host: alpha, names: NameTable())
        #expect(configuration.addressFault == nil && configuration.warnings.isEmpty)
    }

    @Test func aNodeAloneInItsListNeedsToBeReachedByNobody() throws {
        let text =
            "totem {\nversion: 2\ntransport: udpu\n}\nnodelist {\nnode {\nring0_addr: 10.77.0.8\nname: alpha\nnodeid: 1\n}\n}\n"
        let configuration = try ClusterConfiguration(try document(text: text), host: alpha, names: NameTable())
        #expect(configuration.addressFault == nil)
        #expect(configuration.warnings.count == 1)
    }

    @Test func othersOnTheLoopbackAndSharedAddressesAreNamed() throws {
        let text =
            "totem {\nversion: 2\ntransport: udpu\n}\nnodelist {\nnode {\nring0_addr: 10.77.0.1\nname: alpha\nnodeid: 1\n}\n"
            + "node {\nring0_addr: 127.0.1.1\nnodeid: 2\n}\nnode {\nring0_addr: 10.77.0.1\nnodeid: 3\n}\n}\n"
        let warnings = try ClusterConfiguration(try document(text: text), host: alpha, names: NameTable()).warnings
        #expect(warnings.map(\.origin?.line) == [12, 16])
        #expect(warnings.first?.text == "127.0.1.1, a loopback address: node 2 cannot be reached there.")
        #expect(warnings.last?.text == "nodes 1 and 3 have the same address, 10.77.0.1.")
    }

    // MARK: 03

    @Test func filesOfCorosync2AreToldTheirNodeSections() throws {
        let document = try document("03-no-nodelist/memberaddr.conf")
        #expect(document.deprecations == ["member section is deprecated.", "Please migrate config file to nodelist."])
        let error = try error("03-no-nodelist/memberaddr.conf")
        #expect(error.message == "parse error in config: No valid name found for local host")
        #expect(error.origin?.line == 8)
        #expect(
            error.reason?.hasPrefix("there is no nodelist section; addresses in interface and member sections") == true)
        #expect(error.remedy == "write node sections for 10.77.0.1, 10.77.0.2, as in")
        #expect(
            error.proposal == [
                "nodelist {", "    node {", "        ring0_addr: 10.77.0.1", "        name: alpha", "        nodeid: 1",
                "    }", "    node {", "        ring0_addr: 10.77.0.2", "        nodeid: 2", "    }", "}",
            ])
        #expect(try self.document(text: error.proposal.joined(separator: "\n")).entries.count == 5)
    }

    @Test func filesOfCorosync1AreToldThisMachinesSection() throws {
        let error = try error("03-no-nodelist/mcast-1x.conf")
        #expect(error.reason?.contains("bindnetaddr 10.77.0.0, line 7") == true)
        #expect(error.remedy == "write node sections for 10.77.0.1 and every other node, as in")
        #expect(error.proposal.contains("        ring0_addr: 10.77.0.1"))
    }

    @Test func aMisspeltNodelistIsFound() throws {
        let error = try error("03-no-nodelist/misspelt-nodelist.conf")
        #expect(error.origin?.line == 6)
        #expect(error.reason == "there is no nodelist section; was nodelst of line 6 to be it?")
        #expect(error.remedy == "write nodelist in line 6")
    }

    // MARK: 04, 05

    @Test func whatOtherToolsWriteIsKnown() throws {
        #expect(try warnings("04-cluster-uuid-advice/pcs.conf").isEmpty)
        let proxmox = """
            logging {
              debug: off
              to_syslog: yes
            }
            nodelist {
              node {
                name: pve1
                nodeid: 1
                quorum_votes: 1
                ring0_addr: 10.77.0.1
              }
            }
            quorum {
              provider: corosync_votequorum
              device {
                model: net
                votes: 1
                net {
                  algorithm: ffsplit
                  host: 10.77.0.9
                  tls: on
                }
                heuristics {
                  mode: on
                  exec_ping: /bin/ping -c 1 10.77.0.9 # gateway
                }
              }
            }
            totem {
              cluster_name: lab
              config_version: 17
              interface {
                linknumber: 0
              }
              ip_version: ipv4-6
              link_mode: passive
              secauth: on
              token_coefficient: 125
              version: 2
            }

            """
        #expect(try document(text: proxmox).warnings.isEmpty)
    }

    @Test(
        "Misspelt sections and keys are named",
        arguments: [
            ("05-misspelt-sections/Totem.conf", 31, "write totem if that was meant"),
            ("05-misspelt-sections/loging.conf", 1, "write logging if that was meant"),
            ("05-misspelt-sections/qourum.conf", 27, "write quorum if that was meant"),
            ("05-misspelt-sections/id-for-nodeid.conf", 9, "write nodelist.node.0.nodeid if that was meant"),
        ])
    func misspelt(path: String, line: Int, remedy: String) throws {
        let warning = try #require(try document(path).warnings.first)
        #expect(warning.origin?.line == line)
        #expect(warning.text.hasSuffix("is not known and has no effect.") || warning.text.hasSuffix("has no effect."))
        #expect(warning.remedy == remedy)
        #expect(warning.weight == .warning)
    }

    @Test func aMisspeltTotemIsTheReasonThatItsVersionIsMissing() throws {
        let error = try error("05-misspelt-sections/Totem.conf")
        #expect(error.reason == "the key is missing; was section Totem of line 31 to be totem?")
        #expect(error.remedy == "write totem in line 31")
    }

    @Test(
        "Names are recognised wherever they stand",
        arguments: [
            ("quorum {\nTwo_Node: 1\n}\n", "write quorum.two_node if that was meant"),
            ("totem {\ntwo_node: 1\n}\n", "move it into section quorum"),
            ("token: 5000\n", "move it into section totem"),
            ("totem.token: 5000\n", "write it within its section"),
            ("interface {\nmcastport: 5405\n}\n", "move it into section totem"),
            ("totem {\ninterfaces {\nmcastport: 5405\n}\n}\n", "write totem.interface if that was meant"),
            ("nodelist {\nnodes {\nnodeid: 1\n}\n}\n", "write nodelist.node if that was meant"),
            ("nodelist {\nnode {\nvotes: 1\n}\n}\n", "write nodelist.node.0.quorum_votes if that was meant"),
            ("nodelist {\nnode {\nnodename: a\n}\n}\n", "write nodelist.node.0.name if that was meant"),
            ("totem {\ninterface {\nringnumber: 1\n}\n}\n", "write linknumber: 1"),
            ("totem {\ninterface {\nmcast_port: 1\n}\n}\n", "write totem.interface.mcastport if that was meant"),
            ("logging {\nto_sylog: yes\n}\n", "write logging.to_syslog if that was meant"),
            ("system {\nsched_r: yes\n}\n", "write system.sched_rr if that was meant"),
            ("quorum {\nprovider: x\ndevice {\nmodell: net\n}\n}\n", "write quorum.device.model if that was meant"),
        ])
    func recognised(text: String, remedy: String) throws {
        #expect(try document(text: text).warnings.contains { $0.remedy == remedy && $0.weight == .warning })
    }

    @Test("What stands in its section is not complained of, whatever the map makes of it")
    func keysInTheirSections() throws {
        let text = """
            totem {
            version: 2
            transport: udpu
            token: 5000
            config_version: 3
            interface {
            linknumber: 0
            mcastport: 5405
            }
            }
            uidgid {
            uid: 65534
            }
            uidgid {
            gid: 65534
            }
            logging {
            to_syslog: yes
            logger_subsys {
            subsys: TOTEM
            debug: on
            }
            }
            quorum {
            provider: corosync_votequorum
            two_node: 1
            device {
            model: net
            votes: 1
            timeout: 10000
            net {
            host: qnet
            algorithm: ffsplit
            }
            }
            }
            resources {
            system {
            memory_used {
            max: 80
            }
            }
            }
            """
        let warnings = try document(text: text).warnings.map(\.description)
        #expect(warnings.isEmpty, "\(warnings)")
    }

    @Test(
        "Subsystems that there are not are named",
        arguments: [
            ("TOTME", "write TOTEM if that was meant"), ("quorum", "write QUORUM if that was meant"),
            ("PACEMAKER", "name one of MAIN, TOTEM, KNET"),
        ])
    func subsystems(name: String, remedy: String) throws {
        let text = "logging {\nlogger_subsys {\nsubsys: \(name)\nto_logfile: yes\nlogfile: /no/such/log\n}\n}\n"
        let warnings = try document(text: text).warnings
        #expect(warnings.map(\.text) == ["there is no subsystem \(name): its logger_subsys section has no effect."])
        #expect(warnings.first?.origin?.line == 3 && warnings.first?.remedy?.hasPrefix(remedy) == true)
        #expect(try document(text: text.replacingOccurrences(of: name, with: "QDEVICE")).warnings.isEmpty)
    }

    @Test func ownSectionsAndKeysOfOtherProgramsAreLeftAlone() throws {
        #expect(try document(text: "mine {\nkey: value\n}\nmine.too: 1\n").warnings.isEmpty)
        let old = try document(text: "amf {\nmode: disabled\n}\nservice {\nname: pacemaker\nver: 0\n}\n").warnings
        #expect(old.map(\.weight) == [.note, .note])
        let site = try document(text: "nodelist {\nnode {\nsite: berlin\n}\n}\n").warnings
        #expect(site.map(\.weight) == [.note])
    }

    // MARK: 06, 07

    @Test func twoNodeWithThreeNodesIsPointedOut() throws {
        let warning = try #require(try document("06-test-passes-start-fails/two-node-of-three.conf").warnings.first)
        #expect(warning.origin?.line == 25)
        #expect(warning.text.hasPrefix("two_node is for clusters of two nodes; with 3 it makes no difference"))
    }

    @Test func numbersThatCorosyncReadsDifferentlyAreNamed() throws {
        let warning = try #require(try document("07-generated-ids-mixed-ring/corosync.conf").warnings.first)
        #expect(warning.text.contains("a token timeout of 11300 ms out of this file where Rondo reads 10000 ms"))
        #expect(warning.text.contains("consensus 13560 ms in place of 12000 ms"))
        #expect(warning.remedy == "give every node a nodeid")
        #expect(warning.origin?.line == 9)
    }

    @Test func aSectionWithinANodeIsReadDifferentlyToo() throws {
        let text = "nodelist {\nnode {\nring0_addr: 10.77.0.1\nextra {\nsite: x\n}\nnodeid: 1\n}\n}\n"
        let warning = try #require(try document(text: text).warnings.first)
        #expect(warning.origin?.line == 4)
        #expect(warning.text.contains("Corosync 3.1.7 takes its end for the end of the node"))
    }

    // MARK: 10

    @Test(
        "Advice on an address fits the mistake",
        arguments: [
            ("comment", "10.77.0.1   # first ring", "move the comment to a line of its own"),
            (
                "port", "10.77.0.1:5405",
                "write the address alone: 10.77.0.1; the port is totem.interface.mcastport (5405)"
            ),
            ("prefix", "10.77.0.1/16", "write the address without it: 10.77.0.1"),
            (
                "two", "10.77.0.1, 192.0.2.1",
                "keep 10.77.0.1; the address on a second network is a key of its own, ring1_addr: 192.0.2.1"
            ),
        ])
    func addresses(name: String, value: String, remedy: String) throws {
        let path = "10-address-values/\(name).conf"
        let error = try error(path)
        #expect(error.value == value)
        #expect(error.remedy?.hasPrefix(remedy) == true)
        #expect(error.line == 8)
        let elsewhere = configurationError { _ = try ClusterConfiguration.elsewhere(try document(path)) }
        #expect(elsewhere?.remedy == error.remedy)
    }

    @Test(
        "Advice on a value fits the mistake",
        arguments: [
            ("token: 5 s", "write the number of milliseconds alone: 5000"),
            ("token: 5000ms", "write the number alone, without a unit: 5000"),
            ("token: \"5000\"", "write it without quotes: 5000"),
            ("token: 5000 # five", "move the comment to a line of its own: everything behind the colon is the value"),
            ("crypto_hash: SHA256", "write it in small letters: sha256"),
            ("crypto_cipher: aes265", "write aes256 if that was meant"),
        ])
    func values(line: String, remedy: String) throws {
        #expect(try error(text: "totem {\n\(line)\n}\n").remedy == remedy)
    }

    @Test(
        "A word where 1 or 0 is expected is translated",
        arguments: [
            ("yes", "write 1"), ("On", "write 1"), ("no", "write 0"),
            ("2x", "write the number alone, without a unit: 2"),
        ])
    func switches(word: String, remedy: String) throws {
        #expect(try error(text: "quorum {\ntwo_node: \(word)\n}\n").remedy == remedy)
    }

    // MARK: 11

    @Test func aBraceOnTheNextLineIsSentToTheName() throws {
        let error = try error("11-braces/next-line.conf")
        #expect(error.line == 1)
        #expect(error.remedy == "put '{' on the line of the name: 'totem {'")
    }

    @Test func aMissingBraceIsLookedForWhereTheSectionBegan() throws {
        let error = try error("11-braces/missing.conf")
        #expect(error.message == "parser error: missing.conf:19: Missing closing brace")
        #expect(
            error.reason
                == "nodelist opened in line 6 is not closed; node of line 11 stands within node of line 7")
        #expect(error.remedy == "add '}' before line 11, where node of line 7 ends")
    }

    @Test func aMissingBraceThatAnotherMakesUpForIsNamedToo() throws {
        let text = "totem {\nversion: 2\nlogging {\ndebug: off\n}\n}\n"
        let warning = try #require(try document(text: text).warnings.first)
        #expect(warning.text == "logging of line 3 stands within totem of line 1.")
        #expect(warning.remedy == "add '}' before line 3, where totem ends")
    }

    @Test(
        "Advice on a line fits the mistake",
        arguments: [
            ("totem\n", "begin the section with 'totem {'"), ("token = 5000\n", "write 'token: 5000'"),
            ("token 5000\n", "write 'token: 5000'"), ("// note\n", "begin comments with '#'"),
            ("totem { # ring\n", "move the comment to a line of its own"),
            ("totem {\n} # end\n", "move the comment to a line of its own"),
        ])
    func lines(text: String, remedy: String) throws {
        #expect(try error(text: text).remedy == remedy)
    }

    @Test func anExtraBraceIsLookedForBehindTheLastSection() throws {
        let error = try error(text: "totem {\nversion: 2\n}\n}\n")
        #expect(error.reason == "no section is open here; the last one began in line 1: totem")
    }

    // MARK: 12

    @Test func mixedFamiliesNameTheNodesAndTheirAddresses() throws {
        let six = try #require(IPAddress("::1"))
        let names = NameTable(addresses: ["alpha": [six], "beta": [.v4(0x0A4D_0002)]])
        let error = try error("12-unlocated-texts/family.conf", names: names)
        #expect(error.message.hasPrefix("parse error in config: Nodes for link 0 have different IP families"))
        #expect(error.line == 8)
        #expect(error.key == "nodelist.node.0.ring0_addr")
        #expect(error.reason == "alpha is ::1 (node 1, line 8), beta is 10.77.0.2 (node 2, line 12)")
        #expect(error.remedy?.hasPrefix("give alpha an address of the other's family in /etc/hosts") == true)
    }

    @Test(
        "Files of another format are recognised",
        arguments: [
            ("{\n \"totem\": { \"version\": 2 }\n}\n", "JSON"), ("<totem>\n</totem>\n", "XML"),
            ("[totem]\nversion = 2\n", "INI"), ("---\ntotem:\n  version: 2\n...\n", "YAML"),
        ])
    func formats(text: String, name: String) throws {
        let error = try error(text: text)
        #expect(error.explanation.hasPrefix("corosync.conf:"))
        #expect(error.reason == "the file looks like \(name), and a configuration has a format of its own")
    }

    @Test func theJSONFileIsNamedWithItsLine() throws {
        #expect(
            try error("12-unlocated-texts/json.conf").explanation.hasPrefix("json.conf:1: the file looks like JSON"))
    }

    @Test func noNumberWrapsAround() throws {
        let report = try TimingReport(try document("12-unlocated-texts/tiny.conf"))
        #expect(report.timings[.hold]?.text == "-10")
        #expect(report.refusal?.line == 5)
    }

    // MARK: 13

    @Test func severalNodesInOneSectionArePointedOut() throws {
        let warning = try #require(try document("13-duplicate-keys/node.conf").warnings.first)
        #expect(
            warning.text
                == "ring0_addr is given in lines 8, 10 and 12 of one node section, the last counts; so is nodeid.")
        #expect(warning.remedy == "write one node { } for each node")
    }

    @Test func keysGivenTwiceArePointedOut() throws {
        let warnings = try document("13-duplicate-keys/totem.conf").warnings
        #expect(
            warnings.filter { $0.weight == .warning }.map(\.text) == [
                "totem.token is given in lines 5, 6 and 14, the last counts: 4000.",
                "totem.transport is given in lines 4, 7, 8 and 13, the last counts: udpu.",
            ])
        #expect(warnings.filter { $0.weight == .note }.map(\.key) == ["totem.version", "totem.cluster_name"])
    }

    @Test func twoSectionsForOneLinkArePointedOut() throws {
        let text = "totem {\ninterface {\nmcastport: 5405\n}\ninterface {\nmcastport: 5407\n}\n}\n"
        let warning = try #require(try document(text: text).warnings.first)
        #expect(warning.text == "totem.interface.0.mcastport is given in lines 3 and 6, the last counts: 5407.")
        #expect(warning.remedy == "write one interface { } for each link, with its linknumber")
    }

    @Test func withinASubsystemTheFirstCounts() throws {
        let text = "logging {\nlogger_subsys {\nsubsys: TOTEM\ndebug: on\ndebug: off\n}\n}\n"
        let warning = try #require(try document(text: text).warnings.first)
        #expect(warning.origin?.line == 5)
        #expect(warning.text == "debug is given again within its section and has no effect; the first counts, line 4.")
    }
}
