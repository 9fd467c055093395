import RondoKit

func exerciseMap() async throws(ClusterError) {
    let map = try await ConfigurationMap.connect()
    let changes = try await ConfigurationMap.changes(under: "probe.")
    let values: [(String, MapValue)] = [
        ("probe.i8", .int8(-128)), ("probe.u8", .uint8(255)), ("probe.i16", .int16(.min)), ("probe.u16", .uint16(.max)),
        ("probe.i32", .int32(.min)), ("probe.u32", .uint32(.max)), ("probe.i64", .int64(.min)),
        ("probe.u64", .uint64(.max)), ("probe.flt", .float(1.5)), ("probe.dbl", .double(-2.25)),
        ("probe.str", .string("a text")), ("probe.empty", .string("")), ("probe.bin", .binary([1, 0, 255])),
        ("probe.long", .binary([UInt8](repeating: 7, count: MapValue.maximumLength))),
    ]
    for (key, value) in values {
        try await map.set(key, to: value)
        let read = try await map.get(key)
        say("\(key): \(read.map { "\($0.typeName) \($0)" } ?? "nothing") \(read == value ? "as set" : "not as set")")
    }
    say("keys: \(try await map.keys(under: "probe."))")
    say("entries: \(try await map.entries(under: "probe.").count)")
    say("typed: \(String(describing: try await map.get("probe.u32", as: UInt32.self)))")
    await sayRefusal("another type") { () throws(ClusterError) in _ = try await map.get("probe.u32", as: String.self) }
    say("none: \(String(describing: try await map.get("probe.nothing")))")
    try await map.increment("probe.u8")
    try await map.decrement("probe.i16")
    say(
        "wrapped: \(String(describing: try await map.get("probe.u8"))) \(String(describing: try await map.get("probe.i16")))"
    )
    await sayRefusal("increment a text") { () throws(ClusterError) in try await map.increment("probe.str") }
    await sayRefusal("too long") { () throws(ClusterError) in
        try await map.set("probe.long", to: [UInt8](repeating: 7, count: MapValue.maximumLength + 1))
    }
    await sayRefusal("a bad name") { () throws(ClusterError) in try await map.set("probe.bad name", to: UInt8(1)) }
    await sayRefusal("read-only") { () throws(ClusterError) in try await map.set("totem.version", to: UInt32(3)) }
    try await map.set("probe.str", to: UInt32(1))
    for key in try await map.keys(under: "probe.") { try await map.delete(key) }
    say("deleted again: \(try await map.delete("probe.str"))")

    var seen = 0
    for try await change in changes {
        let (old, new) = (change.oldValue?.typeName ?? "nothing", change.newValue?.typeName ?? "nothing")
        say("\(change.kind) \(change.key): \(old) -> \(new)")
        seen += 1
        if seen == 2 * values.count + 3 { break }
    }

    let statistics = try await ConfigurationMap.connect(.statistics)
    let received = try await statistics.get("stats.srp.orf_token_rx", as: UInt64.self) ?? 0
    say("tokens were received: \(received > 0)")
    await sayRefusal("set a statistic") { () throws(ClusterError) in
        try await statistics.set("stats.srp.orf_token_rx", to: UInt64(0))
    }
    for try await change in try await ConfigurationMap.changes(ofKey: "stats.srp.orf_token_rx", of: .statistics) {
        say("\(change.kind) \(change.key): \((change.newValue?.integer ?? 0) > Int(received))")
        break
    }
}
