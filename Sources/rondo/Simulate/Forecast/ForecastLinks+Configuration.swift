import ArgumentParser
import ClusterConfiguration
import Links
import Simulator

extension ForecastLinks {
    /// The links of a configuration, with what the command line says of them; nil where there are none.
    ///
    /// - Parameter loss: millionths that are lost on links of which nothing else is said.
    init?(
        _ document: ConfigurationDocument, _ report: TimingReport, _ options: ForecastOptions, loss: UInt32
    ) throws {
        let losses = try options.lossesByLink()
        guard report.transport == .knet else {
            guard losses.isEmpty else {
                throw ValidationError("--link-loss is of links of knet; this ring has transport \(report.transport).")
            }
            return nil
        }
        let entries = document.entries
        let suite = try CryptoSettings.read(entries).suite
        let addressed = Set(try NodeList.read(entries).nodes.flatMap { $0.addresses.map(\.link) })
        let used = report.timings.totem.links.filter { addressed.isEmpty || addressed.contains($0.number) }
        for number in losses.keys.sorted() where !used.contains(where: { $0.number == number }) {
            let known = used.map { "\($0.number)" }.joined(separator: ", ")
            throw ValidationError("--link-loss \(number)=...: there is no link \(number). Expected: one of \(known).")
        }
        self.init(
            links: used.map { link in
                Link(
                    number: link.number,
                    priority: entries.u8("totem.interface.\(link.number).knet_link_priority") ?? 1,
                    timing: LinkTiming(
                        pingInterval: link.pingInterval, timeout: link.pingTimeout,
                        pongCount: UInt8(clamping: min(link.pongCount, 127))),
                    lossPerMillion: losses[link.number] ?? loss)
            },
            policy: LinkPolicy(rawValue: entries.text("totem.link_mode") ?? "") ?? .passive,
            protection: suite.map { Protection(hasCipher: $0.hasCipher, hashSize: $0.hash.length) } ?? .clear,
            mtu: report.timings.totem.knetMTU, cuts: options.linkCuts ?? 20)
    }
}
