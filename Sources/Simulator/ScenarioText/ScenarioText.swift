import TotemWire

/// The readable form of scenarios: one fact a line, for bug reports and tests. What a text leaves out is as in a quiet
/// cluster: nothing is lost, nobody sends, every timeout is Corosync's default.
package enum ScenarioText {
    static let title = "rondo-scenario 1"

    package static func write<C: WrittenCourse>(_ course: C) -> String {
        var lines = [
            title, "layer \(C.layer.rawValue)", "seed \(course.seed)",
            "calm at \(Measure.milliseconds.text(course.calmAt))",
        ]
        for place in course.nodes.indices { lines.append(node(course, place)) }
        lines += course.linesBeforeNetwork
        lines.append("network" + course.network.text)
        lines += course.linesAfterNetwork
        for planned in course.faults {
            lines.append(planned.occasion.text(course.nodes) + " " + planned.fault.text(course.nodes))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func node<C: WrittenCourse>(_ course: C, _ place: Int) -> String {
        var line = "node \(course.nodes[place])"
        let start = course.starts[place]
        if start > 0, start < .max { line += " starts \(Measure.nanoseconds.text(start))" }
        line += course.text(ofNode: place)
        if !course.comesBack[place] { line += " stays-down" }
        if course.losesDisk[place] { line += " loses-disk" }
        return line
    }

    /// The scenario that a text describes.
    ///
    /// - Throws: `ScenarioTextError` with the first line that is wrong.
    package static func read<C: WrittenCourse>(_ text: String, as: C.Type = C.self) throws(ScenarioTextError) -> C {
        var parser = ScenarioParser<C>()
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            try parser.read(LineWords(line, line: number))
        }
        return try parser.finish(line: number + 1)
    }

    /// The layer that a text is of; rings when it names none.
    package static func layer(of text: String) -> SimulatedLayer {
        for line in text.split(whereSeparator: \.isNewline) {
            var words = LineWords(line, line: 0)
            if words.takes("layer"), let name = try? words.next("a layer") {
                return SimulatedLayer(rawValue: String(name)) ?? .ring
            }
        }
        return .ring
    }
}
