import Glibc
import JSONText
import RondoKit

/// The state of quorum as one node sees it.
struct StatusReport {
    private let services: QuorumServices
    private let view: QuorumView
    private let isQuorate: Bool
    private let style: MemberStyle
    /// Nil without votequorum.
    private let votes: NodeVotes?
    private let members: MemberReport
    private let refusal: ClusterError?

    init(_ services: QuorumServices, _ view: QuorumView, isQuorate: Bool, _ style: MemberStyle) async {
        self.services = services
        self.view = view
        self.isQuorate = isQuorate
        self.style = style
        var votes: NodeVotes?
        var refusal: ClusterError?
        do throws(ClusterError) {
            votes = try await services.votes?.info(of: services.node)
        } catch {
            refusal = error
        }
        self.votes = votes
        self.refusal = refusal
        members = await MemberReport(services, view.members, style)
    }

    /// Whether the daemon has told everything.
    var isComplete: Bool { refusal == nil }

    func write(to output: inout Output, asOneLine: Bool = false) {
        if output.json { return asOneLine ? output.line(json.line) : output.value(json) }
        output.line("Quorum information")
        output.line("------------------")
        output.line("Date:             \(Self.date)")
        output.line("Quorum provider:  \(services.provider ?? "Not configured")")
        output.line("Nodes:            \(view.members.count)")
        let node = style.isHexadecimal ? services.node.rawValue.hexadecimal : "\(services.node)"
        output.line("Node ID:          \(node)")
        output.line("Ring ID:          \(ring)")
        output.line("Quorate:          \(isQuorate ? "Yes" : "No")")
        guard services.votes != nil else { return }
        if let votes {
            write(votes, to: &output)
        } else if let refusal {
            Output.complain("Unable to get node info: \(refusal.code.name)")
        }
        members.write(to: &output)
    }

    private func write(_ votes: NodeVotes, to output: inout Output) {
        output.line("\nVotequorum information")
        output.line("----------------------")
        output.line("Expected votes:   \(votes.expectedVotes)")
        output.line("Highest expected: \(votes.highestExpected)")
        output.line("Total votes:      \(votes.totalVotes)")
        output.line("Quorum:           \(votes.quorum) \(votes.flags.contains(.quorate) ? " " : "Activity blocked")")
        output.line("Flags:            " + flags(votes).map { $0 + " " }.joined())
    }

    private func flags(_ votes: NodeVotes) -> [String] {
        let names: [(NodeVotes.Flags, String)] = [
            (.twoNode, "2Node"), (.quorate, "Quorate"), (.waitForAll, "WaitForAll"),
            (.lastManStanding, "LastManStanding"), (.autoTieBreaker, "AutoTieBreaker"),
            (.allowDownscale, "AllowDownscale"), (.deviceRegistered, "Qdevice"),
        ]
        return names.filter { votes.flags.contains($0.0) }.map(\.1)
    }

    /// Without votequorum only the number that grows.
    private var ring: String {
        services.votes == nil ? String(view.ring.sequence, radix: 16) : view.ring.description
    }

    /// As ctime(3) writes it.
    private static var date: String {
        var now = time(nil)
        var room = [CChar](repeating: 0, count: 64)
        // It writes 26 characters, a line end among them.
        guard ctime_r(&now, &room) != nil else { return "" }
        return String(decoding: room.prefix { $0 != 0 && $0 != 0x0A }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private var json: JSONValue {
        var fields: [(String, JSONValue)] = [
            ("time", .integer(time(nil))), ("provider", .optional(services.provider)),
            ("node", services.votes == nil ? .null : .integer(services.node.rawValue)),
            ("ring", .string(view.ring.description)), ("quorate", .bool(isQuorate)),
        ]
        if let votes {
            fields.append(
                (
                    "votes",
                    .object([
                        ("expected", .integer(votes.expectedVotes)),
                        ("highest_expected", .integer(votes.highestExpected)),
                        ("total", .integer(votes.totalVotes)), ("quorum", .integer(votes.quorum)),
                        ("flags", .array(flags(votes).map { .string($0) })),
                    ])
                ))
        }
        return .object(fields + members.json)
    }
}
