/// A tool that reads its command line, does one thing with a running daemon, and ends with a status.
protocol CommandTool {
    init()

    /// Where its results go.
    var output: Output { get set }

    /// Reads the command line; returns the exit status when there is nothing to do.
    mutating func read(_ call: ToolCall) -> Int32?

    /// Does what was asked for; returns the exit status.
    mutating func act() async -> Int32
}

extension CommandTool {
    static func run(_ call: ToolCall) async -> Int32 {
        var tool = Self()
        let status = tool.read(call)
        defer { tool.output.flush() }
        if let status { return status }
        return await tool.act()
    }
}
