import TotemWire

/// A course of events that can be written as text and read again.
package protocol WrittenCourse: Course {
    /// One without nodes, in which all is as usual.
    static var empty: Self { get }

    // Writing.

    /// What a node's line says beyond the facts of both layers.
    func text(ofNode place: Int) -> String
    /// The layer's own lines before and after that of the network.
    var linesBeforeNetwork: [String] { get }
    var linesAfterNetwork: [String] { get }

    // Reading.

    /// The first words of the layer's own lines.
    static var subjects: [String] { get }
    /// What follows one of `subjects`.
    mutating func read(_ subject: Substring, _ words: inout LineWords) throws(ScenarioTextError)
    /// What a node's line says beyond the facts of both layers; the node is the last of `nodes`.
    mutating func readNode(_ words: inout LineWords) throws(ScenarioTextError)
    /// The text is at its end; `line` is the one behind its last.
    mutating func complete(line: Int) throws(ScenarioTextError)
}
