import ClusterConfiguration
import Testing

/// Sections that Corosync treats specially, and where we do better.
@Suite struct SectionTests {
    @Test func subsectionsOfANodeBelongToIt() throws {
        let entries = try document(
            "nodelist {\nnode {\nring0_addr: 10.0.0.1\nextra {\nsite: x\n}\nnodeid: 7\n}\nnode {\nnodeid: 8\n}\n}\n"
        ).entries
        #expect(entries.u32("nodelist.node.0.nodeid") == 7)
        #expect(entries.u32("nodelist.node.1.nodeid") == 8)
        #expect(entries.text("nodelist.node.0.extra.site") == "x")
    }

    @Test func aSecondNodeListOverwritesAndIsReported() throws {
        let document = try document(
            "nodelist {\nnode {\nnodeid: 1\n}\nnode {\nnodeid: 2\n}\n}\nnodelist {\nnode {\nnodeid: 3\n}\n}\n")
        #expect(document.entries.u32("nodelist.node.0.nodeid") == 3)
        #expect(document.entries.u32("nodelist.node.1.nodeid") == 2)
        #expect(document.warnings.count == 1)
        #expect(document.warnings.first?.origin?.line == 9)
    }

    @Test func userListsMayOnlyHoldUsers() throws {
        func refusal(_ list: String) -> ConfigurationError? {
            configurationError {
                _ = try ConfigurationDocument(
                    Array("abc: 1\n".utf8), file: "corosync.conf", userLists: [("uidgid.d/a", Array(list.utf8))])
            }
        }
        func error(_ list: String) -> String? { refusal(list)?.message }
        #expect(error("uid: 0\n") == "parser error: uidgid.d/a:1: uidgid: Only uid and gid are allowed items")
        #expect(
            refusal("uid: 0\n")?.remedy == "write 'uidgid {' before it and '}' after it, each on a line of its own")
        #expect(
            error("totem {\n")
                == "parser error: uidgid.d/a:1: uidgid: Can't add subsection different than uidgid")
        #expect(
            error("uidgid {\nfoo {\n")
                == "parser error: uidgid.d/a:2: uidgid: Can't add subsection different than uidgid")
        #expect(error("uidgid {\nuid: 12\ngid: 13\n}\n") == nil)
    }

    @Test func usersAndGroupsAreFoundByNumberAndName() throws {
        let document = try ConfigurationDocument(
            Array("uidgid {\nuid: hacluster\nuid: 1000\ngid: haclient\n}\n".utf8), file: "corosync.conf",
            userLists: [("uidgid.d/x", Array("uidgid {\nuid: 33\n}\n".utf8))],
            accounts: AccountTable(users: ["hacluster": 101], groups: ["haclient": 102]))
        #expect(
            document.entries.matching(prefix: "uidgid.").map(\.line) == [
                "uidgid.config.gid.102 (u8) = 1", "uidgid.config.uid.1000 (u8) = 1", "uidgid.config.uid.101 (u8) = 1",
                "uidgid.config.uid.33 (u8) = 1",
            ])
    }

    @Test func sectionsInsideAUserListAreUserLists() throws {
        let text = "uidgid {\nmore {\nuid: 5\n}\n}\n"
        #expect(try document(text).entries.u8("uidgid.config.uid.5") == 1)
        let error = configurationError { _ = try document("uidgid {\nlogging {\nto_syslog: no\n}\n}\n") }
        #expect(error?.message == "parser error: corosync.conf:3: uidgid: Only uid and gid are allowed items")
    }

    @Test("Leaves hidden files and editors' leftovers of uidgid.d alone")
    func leftovers() {
        for name in ["pacemaker", "10-app.conf", "a.b"] { #expect(ConfigurationDocument.isUserListName(name)) }
        for name in ["", ".hidden", "app~", "app.bak", "app.dpkg-old", "app.rpmsave", "#app#", ".app.swp"] {
            #expect(!ConfigurationDocument.isUserListName(name))
        }
    }

    @Test func pingTimersBeyondASignedNumberAreDroppedAndReported() throws {
        let document = try document("totem {\ninterface {\nknet_ping_timeout: 2147483648\n}\n}\n")
        #expect(document.entries["totem.interface.0.knet_ping_timeout"] == nil)
        #expect(document.warnings.count == 1)
    }

    @Test func keysOfAnyOtherEncodingSurviveUnchanged() throws {
        let name: [UInt8] = [0xE9, 0x74, 0xE9]
        let text = Array("totem {\ncluster_name: ".utf8) + name + Array("\n}\n".utf8)
        let document = try ConfigurationDocument(text, file: "corosync.conf")
        #expect(document.entries["totem.cluster_name"]?.value == .string(name))
    }
}
