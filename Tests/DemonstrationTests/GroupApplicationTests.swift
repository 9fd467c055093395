import Basics
import ClientProtocol
import Testing
import TotemWire

@testable import Demonstration

@Suite("The program in the process group")
struct GroupApplicationTests {
    @Test("its requests are libcpg's")
    func requests() throws {
        var application = GroupApplication(node: NodeID(2), life: 7)
        #expect(
            try CpgRequest(decoding: application.join().span)
                == .join(group: CpgName(GroupApplication.group), process: 7, wantsRing: false))
        let key = MessageKey(node: NodeID(2), life: 7, number: 1)
        #expect(try CpgRequest(decoding: application.message().span) == .multicast(payload: key.payload))
        #expect(application.outstanding == 1)
    }

    @Test("it reads the events a library gets")
    func events() {
        var application = GroupApplication(node: NodeID(2), life: 7)
        _ = application.message()
        var writer = ByteWriter()
        writer.cpgChange(
            group: GroupApplication.group, members: [2, 1].map { CpgAddress(node: NodeID($0), process: 1) }, left: [],
            joined: [])
        #expect(application.read(writer.bytes) == .changed(ids(1...2)))
        let key = MessageKey(node: NodeID(2), life: 7, number: 1)
        let payload = key.payload
        let group = GroupApplication.group
        writer.cpgDelivery(
            group: group.span, node: NodeID(2), process: 7, payload: payload.span)
        #expect(application.read(writer.bytes) == .delivered(key))
        #expect(application.outstanding == 0)
    }

    @Test("it ignores what it does not know or what is cut off", arguments: [0, 20, 100, 180, 190])
    func cut(length: Int) {
        var application = GroupApplication(node: NodeID(2), life: 7)
        var writer = ByteWriter()
        let key = MessageKey(node: NodeID(1), life: 1, number: 1)
        let payload = key.payload
        let group = GroupApplication.group
        writer.cpgDelivery(
            group: group.span, node: NodeID(1), process: 1, payload: payload.span)
        #expect(application.read(Array(writer.bytes.prefix(length))) == nil)
    }
}
