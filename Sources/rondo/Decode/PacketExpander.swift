import Dissection
import Sealing

/// Decompresses packets for the dissector, with the libraries of this machine. What comes out is at most as long as a packet may
/// be, whatever a packet says.
final class PacketExpander {
    private var decompressor = Decompressor()
    private var room = [UInt8](repeating: 0, count: Decompressor.longest)

    func expand(_ packet: [UInt8], model: UInt8) -> Dissector.Decompressed {
        do throws(CompressionError) {
            var out = room.mutableSpan
            let length = try decompressor.decompress(packet.span, model: model, into: &out)
            return .packet(Array(room.prefix(length)))
        } catch {
            return .failure("\(error)")
        }
    }
}
