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
        for strike in shownStrikes {
            svg.line(x(strike.time), Self.top - 20, x(strike.time), bottom, "network")
            if let groups = strike.groups { bracket(groups, at: x(strike.time)) }
        }
        drawNumbers()
        let calm = scenario.calmAt * 1_000_000
        if window.contains(calm) {
            svg.line(x(calm), Self.top - 12, x(calm), bottom, "network")
            let isLate = x(calm) > Self.width - 100
            svg.write("faults stop", x(calm) + (isLate ? -3 : 3), Self.top - 5, isLate ? "small end" : "small")
        }
    }

    /// The numbers of the list over the lanes, of neighbours together, in two rows where they would cover each other.
    private mutating func drawNumbers() {
        var groups: [(place: Double, numbers: ClosedRange<Int>)] = []
        for (index, strike) in shownStrikes.enumerated() {
            let place = x(strike.time)
            if let last = groups.last, place - last.place < 17 {
                groups[groups.count - 1].numbers = last.numbers.lowerBound...(index + 1)
            } else {
                groups.append((place, (index + 1)...(index + 1)))
            }
        }
        var ends = [-1.0, -1.0]
        for group in groups {
            let (first, last) = (group.numbers.lowerBound, group.numbers.upperBound)
            let label = first == last ? "\(first)" : "\(first)–\(last)"
            let half = max(4 * Double(label.count) + 4, 9)
            let row = group.place - half > ends[0] ? 0 : 1
            ends[row] = group.place + half
            let height = Self.top - 25 - 18 * Double(row)
            svg.rectangle(group.place - half, height - 8, 2 * half, 16, "number", rounding: 8)
            svg.write(label, group.place, height + 4, "digits")
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

    /// - Returns: where it ends.
    mutating func drawStrikes(below top: Double) -> Double {
        let all = recording.strikes.count { window.contains($0.time) }
        let column = (Self.width - left) / 2
        for (number, strike) in shownStrikes.enumerated() {
            let place = left + column * Double(number % 2)
            let words = "\(number + 1)  \(Self.time(strike.time)): \(strike.words)"
            svg.write(Self.cut(words, to: Int(column / 6.6)), place, top + 15 * Double(number / 2), "key")
        }
        let end = top + 15 * Double((min(all, Self.listed) + 1) / 2)
        guard all > Self.listed else { return end }
        svg.write("and \(all - Self.listed) more", left, end, "small")
        return end + 15
    }

    static func cut(_ text: String, to length: Int) -> String {
        text.count <= length ? text : text.prefix(length - 1) + "…"
    }
}
