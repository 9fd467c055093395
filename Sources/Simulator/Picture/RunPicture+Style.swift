import Totem

/// Colours and legend. The colours are Okabe and Ito's, which people with any colour vision tell apart; letters say the
/// same again.
extension RunPicture {
    static let style = """
        .paper{fill:#fff} text{font:11px sans-serif;fill:#222} .title{font-size:19px;font-weight:bold} \
        .kept{font-size:13px;fill:#00664b} .broken{font-size:13px;font-weight:bold;fill:#b34700} .end{text-anchor:end} \
        .small{fill:#555} .name{font-weight:bold;text-anchor:end} .tick{text-anchor:middle;fill:#666} \
        .grid{stroke:#e4e4e4} .lane{stroke:#999} .letter{text-anchor:middle;font-weight:bold;font-size:10px} \
        .idle{fill:#ddd} .operational{fill:#009e73} .gather{fill:#e69f00} .commit{fill:#56b4e9} .recovery{fill:#cc79a7} \
        .paused{fill:url(#hatch)} .ring,.small{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round} .ring{font-size:10px} .delivery{stroke:#003d2c} .installation{stroke:#000;stroke-width:1.5} \
        .activity{fill:#888} line.orfToken{stroke:#0072b2} line.mcast{stroke:#777;stroke-width:.6} \
        line.recovered{stroke:#cc79a7} line.join{stroke:#e69f00} line.commitToken{stroke:#56b4e9;stroke-width:1.6} \
        line.mergeDetect{stroke:#009e73;stroke-dasharray:3 2} line.holdCancel{stroke:#000;stroke-dasharray:1 2} \
        .lost{stroke:#d55e00;stroke-width:.7} .crash{stroke:#d55e00;stroke-width:3} .start{fill:#000} \
        .left{fill:none;stroke:#000;stroke-width:2} .network{stroke:#555;stroke-dasharray:5 3} .number{fill:#333} \
        .digits{fill:#fff;text-anchor:middle;font-weight:bold;font-size:10px} .group{fill:#fff;stroke:#333} \
        .violation{stroke:#d55e00;stroke-width:3}
        """

    static let definitions = """
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
        <rect width="3" height="6" fill="#fff" fill-opacity=".75"/></pattern>
        """

    static func letter(_ phase: RingPhase) -> String {
        switch phase {
        case .idle: ""
        case .operational: "O"
        case .gather: "G"
        case .commit: "C"
        case .recovery: "R"
        }
    }

    /// - Returns: where it ends.
    mutating func drawLegend() -> Double {
        var x = left
        var y = bottom + 36
        for phase in [RingPhase.operational, .gather, .commit, .recovery] {
            svg.rectangle(x, y - 10, 16, 12, "\(phase)")
            svg.write(Self.letter(phase), x + 8, y, "letter")
            svg.write("\(phase)".uppercased(), x + 21, y, "key")
            x += 112
        }
        svg.rectangle(x, y - 10, 16, 12, "operational")
        svg.rectangle(x, y - 10, 16, 12, "paused")
        svg.write("paused", x + 21, y, "key")
        x += 76
        svg.cross(x + 6, y - 4, size: 4, "crash")
        svg.write("stops dead", x + 16, y, "key")
        x += 90
        svg.circle(x + 6, y - 4, radius: 4, "left")
        svg.write("says goodbye", x + 16, y, "key")
        x += 104
        svg.triangle(x + 6, y - 4, size: 5, "start")
        svg.write("starts", x + 16, y, "key")
        x += 64
        svg.line(x + 4, y - 10, x + 4, y + 2, "installation")
        svg.write("installs a ring: its id and members", x + 10, y, "key")

        (x, y) = (left, y + 18)
        for (style, name) in [
            ("orfToken", "token"), ("mcast", "message"), ("recovered", "recovery message"), ("join", "join"),
            ("commitToken", "commit token"), ("mergeDetect", "merge detect"), ("holdCancel", "hold cancel"),
            ("lost", "lost on its way"),
        ] {
            svg.line(x, y - 8, x + 16, y, style)
            svg.write(name, x + 21, y, "key")
            x += 48 + 6 * Double(name.count)
        }
        svg.rectangle(x, y - 7, 16, 4, "activity")
        svg.write("packets sent", x + 21, y, "key")
        x += 112
        svg.line(x, y - 8, x, y - 3, "delivery")
        svg.write("an application gets a message", x + 6, y, "key")
        y += 18
        for remark in remarks {
            svg.write(remark, left, y, "small")
            y += 14
        }
        return drawStrikes(below: y + 2)
    }
}
