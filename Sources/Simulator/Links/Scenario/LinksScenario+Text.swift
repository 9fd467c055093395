import Basics
import Links
import TotemWire

/// What only scenarios of links have in their text.
extension LinksScenario: WrittenCourse {
    package static var empty: LinksScenario { LinksScenario(seed: 0, nodes: [], links: [], calmAt: 0) }

    package func text(ofNode place: Int) -> String {
        let traffic = traffic[place]
        guard traffic.pace > 0 else { return "" }
        return " sends \(traffic.sizes.rawValue) every \(Measure.microseconds.text(traffic.pace))"
            + (traffic.burst > 1 ? " burst \(traffic.burst)" : "")
    }

    package mutating func readNode(_ words: inout LineWords) throws(ScenarioTextError) {
        if let node = nodes.last, HostID(node) == nil {
            throw words.failure(.notANumber("\(node)", of: "a node of knet", range: 1...65_535))
        }
        var plan = PacketTraffic()
        if words.takes("sends") {
            let name = try words.next("a kind of packets")
            guard let sizes = PacketTraffic.Sizes(rawValue: String(name)) else {
                let known = PacketTraffic.Sizes.allCases.map(\.rawValue).joined(separator: ", ")
                throw words.failure(.unknownWord(String(name), expected: "one of \(known)"))
            }
            plan.sizes = sizes
            try words.expect("every")
            plan.pace = try words.duration(.microseconds, "a time", in: 1...TextLimits.longest * 1000)
            if words.takes("burst") { plan.burst = try words.count("a number of packets", in: 1...10_000) }
        }
        traffic.append(plan)
    }

    package var linesBeforeNetwork: [String] {
        var lines = links.enumerated().map { number, link in
            var line = "link \(number) interval \(link.timing.pingInterval)ms timeout \(link.timing.timeout)ms"
            line += " pongs \(link.timing.pongCount) priority \(link.priority) mtu \(link.interfaceMTU)"
            return line + (link.isIPv6 ? " ipv6" : "")
        }
        lines += ["mode \(policy.rawValue)", "probe-interval \(probeInterval)ms", "protection \(protection.text)"]
        if mtu > 0 { lines.append("knet-mtu \(mtu)") }
        if let compressionThreshold { lines.append("compression above \(compressionThreshold)") }
        return lines
    }

    package var linesAfterNetwork: [String] {
        (tellsInterfaces ? [] : ["kernels silent"]) + (hasIntruder ? ["intruder"] : [])
    }

    package static let subjects = [
        "link", "mode", "probe-interval", "protection", "kernels", "intruder", "knet-mtu", "compression",
    ]

    package mutating func read(_ subject: Substring, _ words: inout LineWords) throws(ScenarioTextError) {
        switch subject {
        case "link": links.append(try readLink(&words))
        case "mode": policy = try words.linkPolicy()
        case "probe-interval": probeInterval = try words.duration(.milliseconds, "a time", in: 100...1_000_000)
        case "protection": protection = try .read(&words)
        case "kernels":
            try words.expect("silent")
            tellsInterfaces = false
        case "knet-mtu": mtu = try words.pathSize()
        case "compression": compressionThreshold = try words.compressionThreshold()
        default: hasIntruder = true
        }
    }

    private func readLink(_ words: inout LineWords) throws(ScenarioTextError) -> LinkPlan {
        var plan = LinkPlan()
        let number = try words.linkNumber()
        guard number == links.count else {
            throw words.failure(.repeated("link \(number), or one before it left out,"))
        }
        try words.expect("interval")
        let interval = try words.duration(.milliseconds, "a time", in: 10...60_000)
        try words.expect("timeout")
        let timeout = try words.duration(.milliseconds, "a time", in: 20...60_000)
        try words.expect("pongs")
        let pongs = try words.count("a number of pongs", in: 1...255)
        try words.expect("priority")
        plan.priority = UInt8(clamping: try words.count("a priority", in: 0...255))
        try words.expect("mtu")
        plan.interfaceMTU = try words.pathSize()
        plan.isIPv6 = words.takes("ipv6")
        plan.timing = LinkTiming(
            pingInterval: UInt32(clamping: interval), timeout: UInt32(clamping: timeout),
            pongCount: UInt8(clamping: pongs))
        return plan
    }

    package mutating func complete(line: Int) throws(ScenarioTextError) {
        func failure(_ problem: ScenarioTextError.Problem) -> ScenarioTextError { .init(line: line, problem: problem) }
        guard !links.isEmpty else { throw failure(.missing("at least one line 'link N'")) }
        for planned in faults {
            if case .entering = planned.occasion { throw failure(.superfluous("when")) }
            switch planned.fault {
            case .lose, .late, .leave: throw failure(.superfluous(planned.fault.text(nodes)))
            case .own(let own) where own.link.map({ $0 >= links.count }) ?? false:
                throw failure(.superfluous(planned.fault.text(nodes)))
            default: break
            }
        }
    }
}
