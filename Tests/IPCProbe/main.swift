import Basics
import CPosix
import ClientProtocol
import Glibc
import LocalIPC

// ipc-probe serve [QUEUE-LIMIT]       a server with all services
// ipc-probe call SERVICE WORD...     a client that sends requests, in words or in hexadecimal
// ipc-probe own SERVICE WORD...      a client on the library of this package
// ipc-probe fuzz SERVICE SEED COUNT  a client that sends requests that are almost right

let arguments = CommandLine.arguments.dropFirst()

func serve(queueLimit: Int) throws {
    let loop = PollLoop()
    let host = try ProbeHost(loop: loop)
    let server = LocalIPCServer(loop: loop, host: host, limits: WaitingLimits(ofProgram: queueLimit))
    host.server = server
    try host.offerCommands()
    for service in LocalService.allCases { try server.start(service) }
    loop.afterTurn = { server.endTurn() }
    let signals = [SIGTERM].withUnsafeBufferPointer { rondo_open_signals($0.baseAddress, $0.count) }
    _ = loop.add(signals, events: Int32(POLLIN), priority: .high) { _ in loop.stop() }
    say("ready")
    loop.run()
    server.stopAll()
    say("stopped")
}

switch arguments.first {
case "serve":
    do {
        let words = Array(arguments.dropFirst())
        try serve(
            queueLimit: words.first.flatMap { Int($0) } ?? 64 * 1024 * 1024)
    } catch {
        print("error \(error)")
        exit(1)
    }
case "call":
    guard let service = arguments.dropFirst().first, let client = ProbeClient(service: service) else {
        print("refused \(errno)")
        exit(1)
    }
    for word in arguments.dropFirst(2) { client.perform(word) }
case "own":
    guard let service = LocalService.allCases.first(where: { $0.name == arguments.dropFirst().first }) else { exit(1) }
    do {
        let client = try OwnClient(service: service)
        for word in arguments.dropFirst(2) { client.perform(word) }
    } catch {
        print("refused \(error.code)")
        exit(1)
    }
case "fuzz":
    let words = Array(arguments.dropFirst())
    guard words.count == 3, let service = LocalService.allCases.first(where: { $0.name == words[0] }),
        let seed = UInt64(words[1]), let count = Int(words[2]), let client = ProbeClient(service: service.name)
    else { exit(1) }
    var fuzzer = Fuzzer(service: service, seed: seed)
    client.fuzz(&fuzzer, count: count)
default:
    print("serve, call, own or fuzz")
    exit(2)
}
