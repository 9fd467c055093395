import Glibc

/// One program under many names: those of Corosync's tools, with their options to the letter, and its own, behind which stands
/// which tool is wanted, and whose options there are more of.
public enum ToolProgram {
    /// The exit status.
    ///
    /// - Parameter words: the command line, the program's name first.
    public static func run(_ words: [String]) async -> Int32 {
        let program = words.first ?? "rondo-tools"
        let name = program.split(separator: "/").last.map(String.init) ?? program
        if let tool = ClusterTool.allCases.first(where: { $0.corosyncName == name }) {
            return await tool.run(ToolCall(program: program, arguments: Array(words.dropFirst())))
        }
        guard words.count > 1, let tool = ClusterTool(rawValue: words[1]) else {
            let names = ClusterTool.allCases.map(\.rawValue).joined(separator: "|")
            Output.complain("usage: \(name) \(names) [--json] [options]")
            return EXIT_FAILURE
        }
        return await tool.run(
            ToolCall(program: "rondo \(tool.rawValue)", arguments: Array(words.dropFirst(2)), offersJSON: true))
    }
}
