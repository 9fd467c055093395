/// Two nodes, by their places in the scenario.
package struct NodePair: Sendable, Equatable {
    package var first: Int
    package var second: Int

    package init(_ first: Int, _ second: Int) {
        self.first = first
        self.second = second
    }
}
