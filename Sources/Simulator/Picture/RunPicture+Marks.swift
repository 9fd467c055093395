import TotemWire

/// What goes wrong: on the lane of the node it happens to, or across all lanes with a number that the list explains.
extension RunPicture {
    mutating func drawMarks() {
        for life in recording.lives where window.contains(life.time) {
            let (place, height) = (x(life.time), axis(life.node))
            switch life.turn {
            case .started: svg.triangle(place, height, size: min(band / 2, 6), "start")
            case .stopped: svg.cross(place, height, size: min(band / 2, 7), "crash")
            case .left: svg.circle(place, height, radius: min(band / 2, 6), "left")
            case .paused, .resumed: break
            }
        }
        for (number, strike) in shownStrikes.enumerated() {
            let place = x(strike.time)
            svg.line(place, Self.top - 20, place, bottom, "network")
            if let groups = strike.groups { bracket(groups, at: place) }
            // Neighbours would cover each other's number.
            let height = Self.top - 24 - (number % 2 == 0 ? 0 : 17)
            svg.circle(place, height, radius: 8, "number")
            svg.write("\(number + 1)", place, height + 4, "digits")
        }
        let calm = scenario.calmAt * 1_000_000
        if window.contains(calm) {
            svg.line(x(calm), Self.top - 12, x(calm), bottom, "network")
            svg.write("faults stop", x(calm) + 3, Self.top - 5, "small")
        }
    }

    /// Which side each node is on.
    private mutating func bracket(_ groups: [UInt8], at place: Double) {
        let letters = ["A", "B", "C", "D", "E", "F", "G", "H"]
        for (node, group) in groups.enumerated() where node < scenario.nodes.count {
            let height = min(band, 13)
            svg.rectangle(place - 6, axis(node) - height / 2, 12, height, "group")
            if height >= 9 {
                svg.write(letters[min(Int(group), letters.count - 1)], place, axis(node) + 4, "letter")
            }
        }
    }

    /// Faults in the window, as many as the list has room for; those of single nodes have their marks already.
    private var shownStrikes: ArraySlice<Recording.Strike> {
        recording.strikes.filter { window.contains($0.time) }.prefix(Self.listed)
    }

    mutating func drawStrikes(below top: Double) {
        let all = recording.strikes.count { window.contains($0.time) }
        let column = (Self.width - Self.left) / 2
        for (number, strike) in shownStrikes.enumerated() {
            let place = Self.left + column * Double(number % 2)
            let words = "\(number + 1)  \(Self.time(strike.time)): \(strike.words)"
            svg.write(Self.cut(words, to: 108), place, top + 15 * Double(number / 2), "key")
        }
        if all > Self.listed {
            svg.write(
                "and \(all - Self.listed) more", Self.left, top + 15 * Double(Self.listed / 2), "small")
        }
    }

    static func cut(_ text: String, to length: Int) -> String {
        text.count <= length ? text : text.prefix(length - 1) + "…"
    }
}
