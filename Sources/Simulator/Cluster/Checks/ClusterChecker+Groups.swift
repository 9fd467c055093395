import TotemWire

/// What members of process groups are told.
extension ClusterChecker {
    // MARK: What programs do

    mutating func asksToJoin(_ connection: Int, _ group: String) {
        guard let listener = listenerOf[connection] else { return }
        listeners[listener].membership = memberships.count
        memberships.append(
            Membership(
                connection: connection, node: listeners[listener].node, process: listeners[listener].me, group: group))
        if !groupNames.contains(group) { groupNames.append(group) }
    }

    mutating func asksToLeave(_ connection: Int) {
        guard let listener = listenerOf[connection], let index = listeners[listener].membership else { return }
        memberships[index].hasAskedToLeave = true
    }

    /// - Returns: the body to multicast.
    mutating func multicasts(_ connection: Int, size: Int, inPieces: Bool = false) -> [UInt8] {
        let body = MulticastBody.write(number: messages.count, size: size)
        guard let listener = listenerOf[connection], let index = listeners[listener].membership else { return body }
        // A message in pieces counts when the last of them is taken: until then it may remain half sent.
        let ordinal = memberships[index].sent + 1
        if !inPieces { memberships[index].sent = ordinal }
        messages.append(
            MulticastRecord(
                membership: index, ordinal: ordinal, size: body.count, fingerprint: body.span.fingerprint,
                isInPieces: inPieces))
        return body
    }

    /// The last piece of a message has been taken.
    mutating func completed(_ connection: Int) {
        guard let listener = listenerOf[connection], let index = listeners[listener].membership else { return }
        memberships[index].sent += 1
    }

    /// The last piece of a message has come where the first has not.
    mutating func missedBeginning(_ connection: Int, of sender: GroupProcessID) {
        if let listener = listenerOf[connection] { listeners[listener].missed.append(sender) }
    }

    mutating func answeredGroups(_ connection: Int, _ question: Program.Question, _ message: LibraryMessage) {
        guard let listener = listenerOf[connection] else { return }
        let name = describe(listener)
        switch question {
        case .join(let group):
            // A second process of the same number, or one whose end is still on its way round.
            require(
                [1, 6, 14].contains(message.error), .answers, "\(name) joining \(group) gets error \(message.error)")
            guard let index = listeners[listener].membership else { return }
            if message.isSuccess {
                memberships[index].isAccepted = true
                if isLeaving[listeners[listener].node] { memberships[index].nodeIsLeaving = true }
            } else {
                memberships[index].isOver = true
                listeners[listener].membership = nil
            }
        case .leave:
            // 10: its join is still on its way; 6: the node synchronises.
            require([1, 6, 10].contains(message.error), .answers, "\(name) leaving gets error \(message.error)")
            if !message.isSuccess, let index = listeners[listener].membership {
                memberships[index].hasAskedToLeave = false
            }
        case .piece:
            // 6: the node synchronises, or its queue is full; 16: the group has changed since the first piece.
            require(
                [1, 6, 16].contains(message.error), .answers,
                "\(name) sending a piece of a message gets error \(message.error)")
        case .membership(let group):
            require(message.isSuccess, .answers, "\(name) asking who is in \(group) gets error \(message.error)")
        default: break
        }
    }

    private func describe(_ listener: Int) -> String { "process \(listeners[listener].me)" }

    // MARK: What they read

    mutating func readGroups(_ connection: Int, _ message: LibraryMessage) {
        guard let listener = listenerOf[connection] else { return }
        guard let news = GroupNews(message) else {
            return fail(.wellFormed, "\(describe(listener)) is sent an event of id \(message.id) that makes no sense")
        }
        switch news {
        case .message(let group, let sender, let payload):
            delivered(listener, group, sender, message.bytes.span.extracting(payload))
        case .change(let group, let members, let left, let joined):
            changed(listener, group, members, left: left, joined: joined)
        case .ring(let ring, let members): ringReported(listener, ring, members)
        case .fragment: break
        }
    }

    private mutating func delivered(
        _ listener: Int, _ group: [UInt8], _ sender: GroupProcessID, _ body: Span<UInt8>
    ) {
        deliveries += 1
        let name = describe(listener)
        guard let number = MulticastBody.number(of: body), messages.indices.contains(number) else {
            return fail(.groupIntegrity, "\(name) gets a message that nobody has sent")
        }
        let record = messages[number]
        let stay = memberships[record.membership]
        require(
            record.size == body.count && record.fingerprint == body.fingerprint, .groupIntegrity,
            "\(name) gets message \(number) altered (\(body.count) bytes of \(record.size))")
        require(
            stay.process == sender && Array(stay.group.utf8) == group, .groupIntegrity,
            "\(name) gets message \(number) of \(stay.process) as one of \(sender)")
        require(
            listeners[listener].isInside && isOwnGroup(listener, group), .groupViews,
            "\(name) gets message \(number) of a group it is not in")
        require(
            listeners[listener].view.contains(sender), .groupViews,
            "\(name) gets message \(number) of \(sender), who is not in its view \(listeners[listener].view)")
        require(
            listeners[listener].stage == 0, .changeOrder,
            "\(name) gets message \(number) between a change of ring's effect on its group and the ring's report")
        advance(listener, number, record, sender)
        listeners[listener].segment.append(UInt64(number))
        listeners[listener].history.append(Int32(clamping: number))
    }

    /// The sender's messages come in order, without a gap while both are together.
    private mutating func advance(_ listener: Int, _ number: Int, _ record: MulticastRecord, _ sender: GroupProcessID) {
        let isNext: Bool
        let progress = listeners[listener].progress[sender] ?? .anywhere
        switch progress {
        case .anywhere: isNext = true
        case .atStart: isNext = record.ordinal == 1
        case .after(let last, let stay): isNext = record.membership == stay && record.ordinal == last + 1
        }
        require(
            isNext, .groupDelivery,
            "\(describe(listener)) gets message \(number), number \(record.ordinal) of \(sender), where \(progress.next) was due"
        )
        listeners[listener].progress[sender] = .after(record.ordinal, of: record.membership)
    }

    private func isOwnGroup(_ listener: Int, _ group: [UInt8]) -> Bool {
        guard let index = listeners[listener].membership else { return false }
        return Array(memberships[index].group.utf8) == group
    }

    // MARK: Changes

    private mutating func changed(
        _ listener: Int, _ group: [UInt8], _ members: [GroupProcessID], left: [GroupNews.Entry],
        joined: [GroupNews.Entry]
    ) {
        let name = describe(listener)
        let me = listeners[listener].me
        require(
            isOwnGroup(listener, group), .groupViews,
            "\(name) is told of group \(String(decoding: group, as: UTF8.self)), which is not its own")
        require(
            zip(members, members.dropFirst()).allSatisfy { $0 < $1 }, .groupViews,
            "\(name) is told of members \(members), which do not ascend")
        let comes = joined.contains { $0.process == me }
        if comes {
            require(
                !listeners[listener].isInside && members.contains(me), .groupViews,
                "\(name) is told twice that it is in")
            listeners[listener].isInside = true
            listeners[listener].joinedInSegment = true
            listeners[listener].progress = [:]
        } else {
            require(listeners[listener].isInside, .groupViews, "\(name) is told of a group before it is in")
            compareViews(listener, members, left: left, joined: joined)
        }
        listeners[listener].view = members
        if left.contains(where: { $0.process == me }) { requireOwnMessages(listener) }
        for entry in left { went(listener, entry) }
        for entry in joined { came(listener, entry, alone: left.isEmpty && joined.count == 1) }
        var digest = Digest()
        for process in members { digest.mix(process.word) }
        for entry in left { digest.mix(entry.process.word ^ UInt64(entry.reason)) }
        for entry in joined { digest.mix(entry.process.word ^ UInt64(entry.reason) << 8) }
        listeners[listener].segment.append(digest.value | 1 << 63)
        if left.contains(where: { $0.process == me }) { goesOut(listener) }
    }

    private mutating func compareViews(
        _ listener: Int, _ members: [GroupProcessID], left: [GroupNews.Entry], joined: [GroupNews.Entry]
    ) {
        let before = listeners[listener].view
        let gone = left.map(\.process)
        let new = joined.map(\.process)
        let name = describe(listener)
        require(
            gone.allSatisfy(before.contains), .groupViews,
            "\(name) is told that \(gone) went, in its view were \(before)")
        require(
            !new.contains(where: before.contains), .groupViews,
            "\(name) is told that \(new) came, in its view were \(before)")
        let expected = (before.filter { !gone.contains($0) } + new).sorted()
        // Libraries take no more than 128.
        require(
            Array(expected.prefix(128)) == members, .groupViews,
            "\(name) is told of members \(members); from \(before) went \(gone), came \(new)")
    }

    private mutating func went(_ listener: Int, _ entry: GroupNews.Entry) {
        let name = describe(listener)
        listeners[listener].progress[entry.process] = nil
        let stays = memberships.filter { $0.process == entry.process && isOwnGroup(listener, Array($0.group.utf8)) }
        let stage = listeners[listener].stage
        switch entry.reason {
        case 2:
            require(
                stage == 0 && stays.contains { $0.hasAskedToLeave }, .groupReasons,
                "\(name) is told that \(entry.process) left, which it did not")
        case 3:
            require(stage <= 3, .changeOrder, "\(name) is told of a lost node after found ones")
            listeners[listener].stage = 3
            listeners[listener].separated.append(entry.process)
        case 5:
            let ended = stays.contains { $0.hasEndedInside || $0.nodeIsLeaving }
            require(
                ended || stays.contains { $0.isOver || $0.hasAskedToLeave }, .groupReasons,
                "\(name) is told that \(entry.process) ended, which it did not")
            guard stage > 0 || !ended else { break }
            // Only a change of ring brings such news of who ended otherwise.
            listeners[listener].stage = 5
            listeners[listener].separated.append(entry.process)
        default: fail(.groupReasons, "\(name) is told that \(entry.process) went for reason \(entry.reason)")
        }
    }

    private mutating func came(_ listener: Int, _ entry: GroupNews.Entry, alone: Bool) {
        let name = describe(listener)
        let stage = listeners[listener].stage
        switch entry.reason {
        case 1:
            require(
                stage == 0 && alone, .changeOrder,
                "\(name) is told that \(entry.process) joined together with other changes")
            listeners[listener].progress[entry.process] = .atStart
        case 4:
            require(stage <= 4, .changeOrder, "\(name) is told of a found node after processes that ended meanwhile")
            listeners[listener].stage = 4
            listeners[listener].separated.append(entry.process)
            listeners[listener].progress[entry.process] = .anywhere
        default: fail(.groupReasons, "\(name) is told that \(entry.process) came for reason \(entry.reason)")
        }
    }

    /// Whoever goes has got all it has sent.
    func requireOwnMessages(_ listener: Int) {
        guard let index = listeners[listener].membership else { return }
        let me = listeners[listener].me
        let sent = memberships[index].sent
        let progress = listeners[listener].progress[me] ?? .anywhere
        require(
            progress == .after(sent, of: index) || sent == 0, .groupDelivery,
            "process \(me) has sent \(sent) messages to its group and got its own up to \(progress)")
    }

    /// The own farewell has come round.
    private mutating func goesOut(_ listener: Int) {
        guard let index = listeners[listener].membership else { return }
        let stay = memberships[index]
        require(
            stay.hasAskedToLeave, .groupReasons,
            "\(describe(listener)) is told that it has left, which it did not ask for")
        listeners[listener].isInside = false
        listeners[listener].view = []
        listeners[listener].segment = []
        listeners[listener].membership = nil
        memberships[index].isOver = true
    }
}

extension GroupProcessID {
    var word: UInt64 { UInt64(node) << 32 | UInt64(pid) }
}
