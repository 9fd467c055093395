import ClientProtocol
import TotemWire

/// What programs do at their turns, and what they make of answers.
extension ClusterSimulation {
    mutating func planTurn(_ program: Int) {
        queue.plan(.turn(program: Int32(clamping: program)), at: now + programs[program].nextPause() + 1)
    }

    mutating func turn(_ program: Int) {
        guard !isCalm else { return }
        planTurn(program)
        guard programs[program].question == nil else { return }
        guard let connection = programs[program].connection else { return open(program) }
        switch programs[program].plan.kind {
        case .groupMember(let habits): act(program, connection, habits)
        case .quorumWatcher(let model): watchQuorum(program, connection, model)
        case .voteWatcher: watchVotes(program, connection)
        case .mapWriter: writeMap(program, connection)
        case .mapWatcher: watchMap(program, connection)
        case .administrator: administer(program, connection)
        }
    }

    private mutating func open(_ program: Int) {
        guard let connection = connect(program, to: programs[program].plan.kind.service) else { return }
        programs[program].connection = connection
        let plan = programs[program].plan
        checker.opened(
            connection, connections[connection].service, node: plan.node, pid: programs[program].pid, plan: plan)
        trace.add(
            now, nodes[plan.node].id,
            "program \(program) (pid \(programs[program].pid)) connects to \(connections[connection].service.name)")
    }

    mutating func ask(_ program: Int, _ question: Program.Question, _ request: [UInt8]) {
        guard let connection = programs[program].connection else { return }
        programs[program].question = question
        send(request, on: connection)
    }

    // MARK: Process groups

    private mutating func act(_ program: Int, _ connection: Int, _ habits: GroupHabits) {
        switch programs[program].standing {
        case .outside:
            let group = habits.groups[programs[program].chance.below(habits.groups.count)]
            let process = programs[program].pid
            ask(
                program, .join(group),
                LibraryRequests.join(group, process: process, wantsRing: habits.wantsRing))
            checker.asksToJoin(connection, group)
        case .inside(let group): act(program, connection, habits, in: group)
        case .leaving:
            // As programs do: an end after the farewell, and a new beginning.
            if programs[program].chance.oneIn(2) {
                end(program)
            } else {
                ask(program, .finalize, LibraryRequests.finalizeGroups)
            }
        }
    }

    private mutating func act(_ program: Int, _ connection: Int, _ habits: GroupHabits, in group: String) {
        if habits.diesOneIn > 0, programs[program].chance.oneIn(habits.diesOneIn) {
            trace.add(now, nodes[programs[program].plan.node].id, "program \(program) dies")
            return end(program)
        }
        if habits.leavesOneIn > 0, programs[program].chance.oneIn(habits.leavesOneIn) {
            checker.asksToLeave(connection)
            return ask(program, .leave, LibraryRequests.leave(group, process: programs[program].pid))
        }
        if programs[program].chance.oneIn(25) {
            return ask(program, .membership(group), LibraryRequests.membership(group))
        }
        if habits.inPiecesOneIn > 0, programs[program].chance.oneIn(habits.inPiecesOneIn) {
            return multicastInPieces(program, connection)
        }
        guard habits.burst > 0 else { return }
        for _ in 0..<(1 + programs[program].chance.below(habits.burst)) {
            guard spent < scenario.budget else { return }
            multicast(program, connection, habits)
        }
    }

    private mutating func multicast(_ program: Int, _ connection: Int, _ habits: GroupHabits) {
        let node = programs[program].plan.node
        // What cpg_mcast_joined looks at before it sends.
        guard nodes[node].takesRequests(.cpg) else { return }
        let size = messageSize(&programs[program].chance, habits.sizes)
        spent += size
        let body = checker.multicasts(connection, size: size)
        send(LibraryRequests.multicast(body), on: connection)
    }

    private func messageSize(_ chance: inout SeededGenerator, _ sizes: Workload.Sizes) -> Int {
        switch sizes {
        case .small: return chance.between(MulticastBody.smallest, 100)
        case .frames: return 1300 + chance.below(300)
        case .large: return chance.between(2000, 40_000)
        case .exactly(let size): return size
        case .mixed:
            switch chance.below(200) {
            case ..<120: return chance.between(MulticastBody.smallest, 300)
            case ..<160: return 1300 + chance.below(300)
            case ..<199: return chance.between(300, 20_000)
            default: return 1_047_552 - chance.pick(0, 0, 1, 1000)
            }
        }
    }

    /// The process ends without a word.
    private mutating func end(_ program: Int) {
        guard let connection = programs[program].connection else { return }
        abandon(connection)
    }

    /// The connection is no more, whoever ended it.
    mutating func disconnected(_ program: Int) { programs[program].startAnew() }

    // MARK: Watchers

    private mutating func watchQuorum(_ program: Int, _ connection: Int, _ model: UInt32) {
        if programs[program].isTracking {
            ask(program, .isQuorate, LibraryRequests.isQuorate)
        } else {
            ask(program, .selectModel, LibraryRequests.selectModel(model))
        }
    }

    private mutating func watchVotes(_ program: Int, _ connection: Int) {
        guard programs[program].isTracking else {
            return ask(program, .track, LibraryRequests.trackVotes(context: UInt64(program), flags: 2))
        }
        let asked =
            programs[program].chance.oneIn(2) ? 0 : nodes[programs[program].chance.below(nodes.count)].id.rawValue
        ask(program, .voteInfo(asked), LibraryRequests.voteInfo(asked))
    }

    private mutating func writeMap(_ program: Int, _ connection: Int) {
        let key = "sim.key\(programs[program].chance.below(5))"
        switch programs[program].chance.below(4) {
        case 0: ask(program, .delete(key), LibraryRequests.delete(key))
        case 1: ask(program, .get(key), LibraryRequests.get(key))
        default:
            let value = UInt32(truncatingIfNeeded: programs[program].chance.below(UInt64(1000)))
            ask(program, .set(key, value), LibraryRequests.set(key, value))
        }
    }

    private mutating func watchMap(_ program: Int, _ connection: Int) {
        guard !programs[program].isTracking else { return }
        ask(program, .track, LibraryRequests.track(prefix: "sim.", instance: UInt64(program)))
    }

    private mutating func administer(_ program: Int, _ connection: Int) {
        let node = nodes[programs[program].chance.below(nodes.count)].id.rawValue
        let request =
            programs[program].chance.oneIn(2) ? LibraryRequests.ringStatus : LibraryRequests.nodeStatus(node)
        ask(program, .status, request)
    }

    // MARK: Answers and events

    mutating func answered(_ program: Int, _ message: LibraryMessage) {
        guard let connection = programs[program].connection, let question = programs[program].question else { return }
        programs[program].question = nil
        checker.answered(connection, question, message)
        switch question {
        case .join(let group):
            if message.isSuccess { programs[program].standing = .inside(group) }
        case .leave:
            if message.isSuccess { programs[program].standing = .leaving }
        case .finalize: end(program)
        case .selectModel: ask(program, .track, LibraryRequests.trackQuorum(flags: 2))
        case .track: programs[program].isTracking = true
        case .piece: pieceAnswered(program, connection, message)
        case .membership, .isQuorate, .voteInfo, .set, .delete, .get, .status, .reload, .kill: break
        }
    }

    /// An administrator's request from a command line on a node: one connection, one answer.
    ///
    /// - Returns: whether the daemon takes it.
    @discardableResult
    mutating func tell(_ node: Int, _ service: LocalService, _ request: [UInt8]) -> Bool {
        let plan = ProgramPlan(node: node, kind: .administrator, pace: 1_000_000_000_000)
        let program = programs.count
        programs.append(Program(plan, index: program, chance: chance.fork(UInt64(program))))
        open(program)
        ask(program, request.first == 7 ? .reload : .kill, request)
        return programs[program].question != nil
    }
}

extension ProgramPlan.Kind {
    var service: LocalService {
        switch self {
        case .groupMember: .cpg
        case .quorumWatcher: .quorum
        case .voteWatcher: .votequorum
        case .mapWriter, .mapWatcher: .cmap
        case .administrator: .cfg
        }
    }
}
