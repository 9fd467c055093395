import Links

/// Links of whole nodes in the words of scenario texts.
extension NodeLinks {
    static let subjects = ["link", "mode", "protection", "knet-mtu", "compression"]

    var facts: [String] {
        var facts = links.enumerated().map { number, link in
            "link \(number) priority \(link.priority) mtu \(link.interfaceMTU)" + (link.timing?.text ?? "")
        }
        if policy != .passive { facts.append("mode \(policy.rawValue)") }
        if protection != .clear { facts.append("protection \(protection.text)") }
        if mtu > 0 { facts.append("knet-mtu \(mtu)") }
        if let compressionThreshold { facts.append("compression above \(compressionThreshold)") }
        return facts
    }

    /// What follows one of `subjects`.
    mutating func read(_ subject: Substring, _ words: inout LineWords) throws(ScenarioTextError) {
        switch subject {
        case "link":
            let number = try words.linkNumber()
            guard number == links.count else {
                throw words.failure(.repeated("link \(number), or one before it left out,"))
            }
            var link = Link()
            try words.expect("priority")
            link.priority = UInt8(clamping: try words.count("a priority", in: 0...255))
            try words.expect("mtu")
            link.interfaceMTU = try words.pathSize()
            if words.takes("pinged-every") { link.timing = try words.linkTiming() }
            links.append(link)
        case "mode": policy = try words.linkPolicy()
        case "protection":
            protection = try .readNamed(&words)
        case "knet-mtu": mtu = UInt32(clamping: try words.pathSize())
        default: compressionThreshold = UInt32(clamping: try words.compressionThreshold())
        }
    }
}

extension Protection {
    /// One that a corosync.conf can ask for.
    static func readNamed(_ words: inout LineWords) throws(ScenarioTextError) -> Protection {
        let protection = try read(&words)
        guard protection == .clear || protection.hashName != nil else {
            throw words.failure(.unknownWord("\(protection.hashSize)", expected: "one of 16, 20, 32, 48, 64"))
        }
        return protection
    }
}

extension LinkTiming {
    fileprivate var text: String {
        " pinged-every \(Measure.milliseconds.text(UInt64(pingInterval))) given-up-after "
            + "\(Measure.milliseconds.text(UInt64(timeout))) pongs \(pongCount)"
    }
}

extension LineWords {
    fileprivate mutating func linkTiming() throws(ScenarioTextError) -> LinkTiming {
        let interval = try duration(.milliseconds, "a time", in: 1...TextLimits.longest)
        try expect("given-up-after")
        let timeout = try duration(.milliseconds, "a time", in: 1...TextLimits.longest)
        try expect("pongs")
        let pongs = try count("a number of pongs", in: 1...127)
        return LinkTiming(
            pingInterval: UInt32(clamping: interval), timeout: UInt32(clamping: timeout),
            pongCount: UInt8(clamping: pongs))
    }

    mutating func compressionThreshold() throws(ScenarioTextError) -> Int {
        try expect("above")
        return try count("a number of bytes", in: 1...65_536)
    }

    mutating func linkPolicy() throws(ScenarioTextError) -> LinkPolicy {
        let name = try next("a mode")
        guard let mode = LinkPolicy(rawValue: String(name)) else {
            let known = LinkPolicy.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure(.unknownWord(String(name), expected: "one of \(known)"))
        }
        return mode
    }
}
