import ClientProtocol
import TotemWire

/// A node alone in its ring, several local programs, and any requests in any order.
enum ClientTarget {
    static func run(_ input: [UInt8]) throws(Finding) {
        var reader = InputReader(input)
        guard var host = EngineHost.make(nodes: 1, options: reader.u8()) else { return }
        host.run(milliseconds: 100)
        for service in LocalService.allCases { host.connect(to: service) }
        var operations = 0
        while !reader.isAtEnd, operations < 128 {
            operations += 1
            try ClientOperation.act(on: &host, &reader)
        }
        try checkIsAlive(&host)
    }

    /// Whatever other clients have done, a node that is still there serves a new one.
    static func checkIsAlive(_ host: inout EngineHost) throws(Finding) {
        host.run(milliseconds: 2000)
        if let broken = host.broken { throw Finding("the node breaks an invariant of its own: \(broken)") }
        guard !host.hasEnded else { return }
        for index in host.connections.indices.reversed() { host.disconnect(index) }
        host.run(milliseconds: 200)
        guard !host.hasEnded else { return }
        try require(!host.engine.isSynchronizing, "the services do not come to agree")
        for service in LocalService.allCases {
            host.connect(to: service)
            for id in 0..<service.requestCount {
                var zeros = InputReader([])
                let request = RequestShape.all(of: service)[Int(id)].request(id, &zeros)
                // Asking for the end would bring it about.
                if service == .cfg, [2, 3].contains(id) { continue }
                try host.request(request, from: host.connections.count - 1)
            }
        }
        host.run(milliseconds: 100)
    }
}

/// One thing that local programs do.
enum ClientOperation {
    static func act(on host: inout EngineHost, _ reader: inout InputReader) throws(Finding) {
        let kind = reader.u8()
        switch kind {
        case 0..<0xC0:
            let index = Int(kind) % max(host.connections.count, 1)
            guard host.connections.indices.contains(index) else { return }
            let shapes = RequestShape.all(of: host.connections[index].service)
            let id = reader.below(shapes.count)
            try host.request(shapes[id].request(UInt32(id), &reader), from: index)
        case 0xC0..<0xD0:
            var bytes = reader.string()
            if bytes.count < 16 { bytes += Array(repeating: 0, count: 16 - bytes.count) }
            try host.request(bytes, from: Int(kind & 15))
        case 0xD0..<0xE0: host.connect(to: LocalService.allCases[Int(kind) % LocalService.allCases.count])
        case 0xE0..<0xF0: host.disconnect(Int(kind & 15))
        default: host.run(milliseconds: UInt64(reader.u8()) * 4)
        }
    }
}
