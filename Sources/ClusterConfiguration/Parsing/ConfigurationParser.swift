/// Turns statements into typed keys, section by section (spec: configuration.md 2).
struct ConfigurationParser<Accounts: AccountDirectory> {
    private(set) var entries = ConfigurationEntries()
    private(set) var warnings: [ConfigurationWarning] = []
    private(set) var record = TextRecord()

    private let accounts: Accounts
    private var frames: [SectionFrame] = []
    private var nodePosition = 0
    private var nodeListSeen: Origin?
    private var members: [InterfaceDraft.Pending] = []
    /// The section whose collected values are being stored.
    private var closing: TextRecord.Section?

    /// Map names must leave room for a terminating NUL in 255 bytes.
    private static var longestPath: Int { 254 }

    init(accounts: Accounts) { self.accounts = accounts }

    /// Reads one file. With `only`, no other section is allowed at its top level.
    mutating func parse(_ text: [UInt8], file: String, only: String?) throws(ConfigurationError) {
        var statements = StatementReader(text, file: file)
        frames.removeAll()
        if only == nil { record.file = file }
        do throws(ConfigurationError) {
            try read(&statements, only: only)
        } catch {
            throw explained(error, text, statements.line)
        }
    }

    private mutating func read(_ statements: inout StatementReader, only: String?) throws(ConfigurationError) {
        while let statement = try statements.next() {
            let origin = statements.origin
            let oddities = Oddity.all(in: statements.line)
            if !oddities.isEmpty { record.oddities[origin] = oddities }
            switch statement.kind {
            case .open(let section): try open(section, only: only, at: origin)
            case .pair(let key, let value): try pair(key, value, only: only, at: origin)
            case .close: try close(at: origin)
            }
        }
        if let open = frames.last { throw unclosed(open, at: statements.origin) }
    }

    /// `error` with the cause that the text itself shows: a foreign format, or a character that is not what it looks like
    /// in its line or in the name of a section around it.
    private func explained(
        _ error: ConfigurationError, _ text: [UInt8], _ line: ArraySlice<UInt8>
    ) -> ConfigurationError {
        var error = error
        if let format = TextFormat.foreign(text) {
            error.reason = format.reason
            error.remedy = format.remedy
            return error
        }
        if let origin = error.origin, let oddity = Oddity.all(in: line).first {
            return error.caused(by: oddity, line: origin.line)
        }
        guard error.message.contains("CS_ERR_NAME_TOO_LONG") else { return error.advisedByValue }
        for frame in frames {
            if let oddity = record.oddities[frame.origin]?.first {
                return error.caused(by: oddity, line: frame.origin.line)
            }
        }
        return NameAdvice.explained(error, sections: frames.map { ($0.name, $0.origin) }, line: line)
    }

    private func unclosed(_ frame: SectionFrame, at origin: Origin) -> ConfigurationError {
        var reason = "\(frame.path) opened in line \(frame.origin.line) is not closed"
        var remedy = "add '}' where \(frame.path) ends"
        if let nesting = record.nestings.first {
            let (inner, outer) = (nesting.inner, nesting.outer)
            reason +=
                "; \(inner.name) of line \(inner.origin.line) stands within \(outer.name) of line \(outer.origin.line)"
            remedy = "add '}' before line \(inner.origin.line), where \(outer.name) of line \(outer.origin.line) ends"
        }
        return parseError("Missing closing brace", at: origin, reason: reason, remedy: remedy)
    }

    // MARK: Sections

    private mutating func open(_ section: [UInt8], only: String?, at origin: Origin) throws(ConfigurationError) {
        let name = String(decoding: section, as: UTF8.self)
        let path = try extend(
            frames.last?.path ?? "", with: name, refusal: "Start of section makes total cmap path too long", at: origin)
        if let only, path != only {
            throw parseError(
                "uidgid: Can't add subsection different than uidgid", at: origin, reason: "the section is \(path)",
                permitted: "sections uidgid { } with uid and gid", remedy: "move the section to the main file")
        }
        let parent = frames.last?.mapPath ?? ""
        var frame = SectionFrame(
            path: path, mapPath: parent.isEmpty ? name : "\(parent).\(name)", content: .plain, origin: origin,
            name: name)
        record.sections.append(frame.section)
        if let outer = frames.last?.section, KeyTable.isMisplaced(name, within: outer.path) {
            record.nestings.append(TextRecord.Nesting(inner: frame.section, outer: outer))
        }
        switch path {
        case "nodelist":
            if let first = nodeListSeen {
                warnings.append(
                    ConfigurationWarning(
                        "a second nodelist overwrites the one at \(first) node by node.", origin: origin,
                        remedy: "keep one nodelist with all nodes"))
            }
            nodeListSeen = origin
            nodePosition = 0
        case "nodelist.node":
            frame.mapPath = "nodelist.node.\(nodePosition)"
            frame.content = .node
        case "totem.interface": frame.content = .interface(InterfaceDraft())
        case "totem.interface.member": frame.content = .member
        case "logging.logger_subsys": frame.content = .subsystem(LoggingDraft())
        case "logging.logging_daemon": frame.content = .loggingDaemon(LoggingDraft())
        case "uidgid": frame.content = .users
        default:
            if case .users = frames.last?.content { frame.content = .users }
        }
        frames.append(frame)
    }

    private mutating func close(at origin: Origin) throws(ConfigurationError) {
        guard let frame = frames.popLast() else {
            let last = record.sections.last.map { "; the last one began in line \($0.origin.line): \($0.path)" } ?? ""
            throw parseError(
                "Unexpected closing brace", at: origin, reason: "no section is open here\(last)",
                remedy: "remove this '}' or a '}' before it")
        }
        closing = frame.section
        defer { closing = nil }
        switch frame.content {
        case .plain, .member, .users: break
        case .node: nodePosition += 1
        case .interface(let draft): try store(draft)
        case .subsystem(let draft): try storeSubsystem(draft, at: origin)
        case .loggingDaemon(let draft): try storeLoggingDaemon(draft, at: origin)
        }
    }

    private func extend(
        _ path: String, with name: String, refusal: String, at origin: Origin
    ) throws(ConfigurationError) -> String {
        guard path.utf8.count + name.utf8.count + 1 <= Self.longestPath else {
            throw parseError(
                refusal, at: origin, reason: "with its sections the name has more than \(Self.longestPath - 1) bytes",
                remedy: "shorten the names")
        }
        return path.isEmpty ? name : "\(path).\(name)"
    }

    // MARK: Keys

    private mutating func pair(
        _ key: [UInt8], _ value: [UInt8], only: String?, at origin: Origin
    ) throws(ConfigurationError) {
        let name = String(decoding: key, as: UTF8.self)
        let path = try extend(
            frames.last?.path ?? "", with: name, refusal: "New key makes total cmap path too long", at: origin)
        guard let last = frames.indices.last else {
            if let only { throw withoutSection(path, only, at: origin) }
            // A dotted key is text, whatever key of a section it resembles.
            return try store(path, .string(value), at: origin)
        }
        let mapKey = "\(frames[last].mapPath).\(name)"
        let content = frames[last].content
        // A draft is taken out of its frame while it grows, or each key would copy all before it.
        if content.isDraft { frames[last].content = .plain }
        switch consume content {
        case .plain, .node:
            let value = try typed(value, path: path, key: mapKey, name: name, at: origin)
            try store(mapKey, value, at: origin)
        case .member:
            guard name == "memberaddr" else {
                throw parseError(
                    "Only memberaddr is allowed in member section", at: origin, key: path, permitted: "memberaddr",
                    remedy: "list the nodes in a nodelist section")
            }
            members.append(InterfaceDraft.Pending(name: name, value: .string(value), origin: origin))
        case .users:
            try storeUser(name, value, path: path, at: origin)
        case .interface(var draft):
            try add(name, value, path: path, to: &draft, at: origin)
            frames[last].content = .interface(draft)
        case .subsystem(var draft):
            add(name, value, to: &draft, at: origin)
            frames[last].content = .subsystem(draft)
        case .loggingDaemon(var draft):
            add(name, value, to: &draft, at: origin)
            frames[last].content = .loggingDaemon(draft)
        }
    }

    private func typed(
        _ value: [UInt8], path: String, key: String, name: String, at origin: Origin
    ) throws(ConfigurationError) -> ConfigurationValue {
        if name.contains(".") { return .string(value) }
        return try KeyValueRules.value(value, path: path, key: key, at: origin)
    }

    private mutating func store(
        _ key: String, _ value: ConfigurationValue, at origin: Origin
    ) throws(ConfigurationError) {
        try KeyValueRules.checkName(key, at: origin)
        entries.set(key, value, at: origin)
        record.write(
            key, TextRecord.Writing(value: value, origin: origin, section: closing ?? frames.last?.section))
    }

    // MARK: Links

    private mutating func add(
        _ name: String, _ text: [UInt8], path: String, to draft: inout InterfaceDraft, at origin: Origin
    ) throws(ConfigurationError) {
        guard KeyTable.description(forPath: path) != nil, !name.contains(".") else {
            return try store(path, .string(text), at: origin)
        }
        let value = try KeyValueRules.value(text, path: path, key: path, at: origin)
        if name == "linknumber" {
            if case .u8(let link) = value { draft.link = link }
            if draft.link >= LinkNumber.limit {
                warnings.append(
                    ConfigurationWarning(
                        "linknumber \(draft.link) is above \(LinkNumber.limit - 1), the last link there can be.",
                        key: "totem.interface.linknumber", origin: origin, remedy: "number the links from 0 on"))
            }
            return
        }
        if InterfaceKeys.signedKeys.contains(path), let number = value.asU32, number > UInt32(Int32.max) {
            warnings.append(
                ConfigurationWarning(
                    "\(path) \(number) is too large and ignored.", origin: origin,
                    remedy: "give at most \(Int32.max)"))
            return
        }
        draft.values.append(InterfaceDraft.Pending(name: name, value: value, origin: origin))
    }

    private mutating func store(_ draft: InterfaceDraft) throws(ConfigurationError) {
        for pending in draft.values {
            try store("totem.interface.\(draft.link).\(pending.name)", pending.value, at: pending.origin)
        }
        // The map numbers members from the last one of the file.
        for (number, member) in members.reversed().enumerated() {
            try store("totem.interface.\(draft.link).member.\(number)", member.value, at: member.origin)
        }
        members.removeAll()
    }

    // MARK: Logging

    private func add(_ name: String, _ value: [UInt8], to draft: inout LoggingDraft, at origin: Origin) {
        let pending = LoggingDraft.Pending(key: name, value: value, origin: origin)
        switch name {
        case "subsys": draft.subsystem = pending
        case "name": draft.name = pending
        default: draft.add(pending)
        }
    }

    private mutating func storeSubsystem(_ draft: LoggingDraft, at origin: Origin) throws(ConfigurationError) {
        guard let subsystem = draft.subsystem else {
            throw parseError(
                "No subsys key in logger_subsys directive", at: origin,
                remedy: "name the subsystem the section is about, such as 'subsys: TOTEM'")
        }
        let prefix = "logging.logger_subsys.\(subsystem.text)"
        try store(draft.values + optional(draft.name), below: prefix)
        try store("\(prefix).subsys", .string(subsystem.value), at: subsystem.origin)
        report(draft.ignored, below: prefix)
    }

    private mutating func storeLoggingDaemon(_ draft: LoggingDraft, at origin: Origin) throws(ConfigurationError) {
        guard let name = draft.name else {
            throw parseError(
                "No name key in logging_daemon directive", at: origin,
                remedy: "name the program the section is about, such as 'name: corosync'")
        }
        let own = name.text == "corosync"
        var prefix = own ? "logging" : "logging.logging_daemon.\(name.text)"
        if let subsystem = draft.subsystem {
            prefix += own ? ".logger_subsys.\(subsystem.text)" : ".\(subsystem.text)"
            try store("\(prefix).subsys", .string(subsystem.value), at: subsystem.origin)
        }
        if !own { try store("\(prefix).name", .string(name.value), at: name.origin) }
        try store(draft.values, below: prefix)
        report(draft.ignored, below: prefix)
    }

    private func optional(_ pending: LoggingDraft.Pending?) -> [LoggingDraft.Pending] {
        pending.map { [$0] } ?? []
    }

    private mutating func store(_ values: [LoggingDraft.Pending], below prefix: String) throws(ConfigurationError) {
        for pending in values {
            try store("\(prefix).\(pending.key)", .string(pending.value), at: pending.origin)
        }
    }

    /// Points out the later ones of equal keys within a section, where it is the first that counts.
    private mutating func report(_ ignored: [LoggingDraft.Pending], below prefix: String) {
        for pending in ignored {
            let first = record.writings["\(prefix).\(pending.key)"]?.last?.origin.line
            warnings.append(
                ConfigurationWarning(
                    "\(pending.key) is given again within its section and has no effect; the first counts"
                        + (first.map { ", line \($0)." } ?? "."), origin: pending.origin,
                    remedy: "remove one of the lines"))
        }
    }

    // MARK: Users

    private mutating func storeUser(
        _ name: String, _ value: [UInt8], path: String, at origin: Origin
    ) throws(ConfigurationError) {
        guard name == "uid" || name == "gid" else { throw onlyUsersAllowed(path, at: origin) }
        let number = try accountNumber(value, isUser: name == "uid", key: path, at: origin)
        try store("uidgid.config.\(name).\(number)", .u8(1), at: origin)
    }

    private func accountNumber(
        _ value: [UInt8], isUser: Bool, key: String, at origin: Origin
    ) throws(ConfigurationError) -> UInt32 {
        let text = String(decoding: value, as: UTF8.self)
        let isNumber = !value.isEmpty && value.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        if isNumber, let number = UInt32(text) {
            if number < UInt32.max { return number }
            throw parseError(
                "", at: origin, key: key, value: text, permitted: "a number 0..4294967294 or a name",
                remedy: "correct the number")
        }
        if let number = isUser ? accounts.userID(named: text) : accounts.groupID(named: text) { return number }
        let kind = isUser ? "user" : "group"
        throw parseError(
            "The '\(text)' \(kind) is not found in /etc/\(isUser ? "passwd" : "group"), "
                + "please read the documentation.", at: origin, key: key, value: text,
            permitted: "a number 0..4294967294 or the name of a \(kind) of this machine",
            remedy: "create the \(kind), correct its name or remove the line")
    }

    /// A key of a file of `uidgid.d` that stands in no section.
    private func withoutSection(_ path: String, _ section: String, at origin: Origin) -> ConfigurationError {
        var error = onlyUsersAllowed(path, at: origin)
        guard path == "uid" || path == "gid" else { return error }
        error.reason = "it stands in no section"
        error.remedy = "write '\(section) {' before it and '}' after it, each on a line of its own"
        return error
    }

    private func onlyUsersAllowed(_ path: String, at origin: Origin) -> ConfigurationError {
        parseError(
            "uidgid: Only uid and gid are allowed items", at: origin, key: path, permitted: "uid, gid",
            remedy: "remove the line or move it to its section")
    }
}
