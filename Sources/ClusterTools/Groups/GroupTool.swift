import Glibc
import JSONText
import RondoKit

/// corosync-cpgtool: process groups and who is in them (corosync-cpgtool(8)).
struct GroupTool: CommandTool {
    private var delimiter = ""
    private var escapes = true
    private var showsNamesOnly = false
    var output = Output()

    mutating func read(_ call: ToolCall) -> Int32? {
        let json: Character = "J"
        var options = OptionReader(call.program, call.arguments, letters: "hd:ne", long: call.jsonOption(json))
        do throws(OptionReader.Complaint) {
            while let option = try options.next() {
                switch option.letter {
                case "d": if let first = option.value?.first { delimiter = String(first) }
                case "n": showsNamesOnly = true
                case "e": escapes = false
                case json: output.json = true
                default:
                    output.write(Self.usage(call.program.split(separator: "/").last.map(String.init) ?? ""))
                    return EXIT_SUCCESS
                }
            }
            return nil
        } catch {
            Output.complain(error.text)
            return EXIT_FAILURE
        }
    }

    mutating func act() async -> Int32 {
        let groups: ProcessGroups
        do {
            groups = try await ProcessGroups.connect(patience: .none)
        } catch {
            Output.complain("Could not initialize corosync cpg API error \(error.code.rawValue)")
            return EXIT_FAILURE
        }
        let cluster: Cluster
        do {
            cluster = try await Cluster.connect(patience: .none)
        } catch {
            Output.complain("Could not initialize corosync configuration API error \(error.code.rawValue)")
            return EXIT_FAILURE
        }
        do {
            if showsNamesOnly { write(try await groups.names()) } else { try await write(groups, cluster) }
            return EXIT_SUCCESS
        } catch {
            Output.complain("Cannot initialize cpg iterator error \(error.code.rawValue)")
            return EXIT_FAILURE
        }
    }

    private func bytes(_ name: GroupName) -> [UInt8] {
        escapes ? Array(Escaped.text(name.bytes).utf8) : name.bytes
    }

    private mutating func write(_ names: [GroupName]) {
        if output.json {
            return output.value(
                .object([("groups", .array(names.map { .object([("name", .string(Escaped.text($0.bytes)))]) }))]))
        }
        for name in names {
            output.write(bytes(name))
            output.write(delimiter.isEmpty ? "\n" : delimiter)
        }
        if !delimiter.isEmpty { output.line() }
    }

    private mutating func write(_ groups: ProcessGroups, _ cluster: Cluster) async throws(ClusterError) {
        let all = try await groups.allMembers()
        var addresses: [NodeID: [String]] = [:]
        if delimiter.isEmpty || output.json {
            for node in Set(all.map(\.member.node)) {
                addresses[node] = (try? await cluster.addresses(of: node).map(\.description)) ?? []
            }
        }
        if output.json { return output.value(json(all, addresses)) }
        guard delimiter.isEmpty else {
            output.line("GRP_NAME\(delimiter)PID\(delimiter)NODEID")
            for (group, member) in all {
                output.write(bytes(group))
                output.line("\(delimiter)\(member.process)\(delimiter)\(member.node)")
            }
            return
        }
        output.line("Group Name\t\("PID".right(10))\t\("Node ID".right(10))")
        var last = GroupName(bytes: [])
        for (group, member) in all {
            if group != last {
                output.write(bytes(group))
                output.line()
                last = group
            }
            let texts = addresses[member.node] ?? []
            output.line(
                "\t\t\("\(member.process)".right(10))\t\("\(member.node)".right(10)) "
                    + "(\(texts.joined(separator: " ")))")
        }
    }

    private func json(_ all: [(group: GroupName, member: GroupMember)], _ addresses: [NodeID: [String]]) -> JSONValue {
        var order: [GroupName] = []
        var members: [GroupName: [JSONValue]] = [:]
        for (group, member) in all {
            if members[group] == nil { order.append(group) }
            members[group, default: []].append(
                .object([
                    ("process", .integer(member.process)), ("node", .integer(member.node.rawValue)),
                    ("addresses", .array((addresses[member.node] ?? []).map { .string($0) })),
                ]))
        }
        let groups = order.map { group -> JSONValue in
            .object([("name", .string(Escaped.text(group.bytes))), ("members", .array(members[group] ?? []))])
        }
        return .object([("groups", .array(groups))])
    }

    private static func usage(_ program: String) -> String {
        """
        \(program) [-d delimiter] [-e] [-n] [-h]

        A tool for displaying cpg groups and members.
        options:
        \t-d\tDelimiter between fields.
        \t-e\tDon't escape unprintable characters in group name.
        \t-n\tDisplay only all existing group names.
        \t-h\tDisplay this help.

        """
    }
}
