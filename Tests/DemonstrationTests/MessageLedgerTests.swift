import Basics
import Testing
import TotemWire

@testable import Demonstration

@Suite("The order of messages")
struct MessageLedgerTests {
    private func key(_ node: UInt32, _ number: UInt32) -> MessageKey {
        MessageKey(node: NodeID(node), life: node, number: number)
    }

    private func ledger(_ orders: [[MessageKey]]) -> MessageLedger {
        var ledger = MessageLedger()
        for (index, keys) in orders.enumerated() {
            let node = NodeID(UInt32(index + 1))
            ledger.start(node)
            ledger.changed([NodeID(1), NodeID(2)], on: node)
            for key in keys { ledger.delivered(key, on: node) }
        }
        return ledger
    }

    @Test("the same messages in the same order have one digest and no fault")
    func same() {
        let ledger = ledger([[key(1, 1), key(2, 1)], [key(1, 1), key(2, 1)]])
        #expect(ledger.fault(wasSplit: false) == nil)
        #expect(ledger.common?.count == 2)
    }

    @Test("two messages that changed places are found")
    func swapped() {
        let ledger = ledger([[key(1, 1), key(2, 1)], [key(2, 1), key(1, 1)]])
        #expect(ledger.common == nil)
        #expect(ledger.fault(wasSplit: true)?.contains("in different orders") == true)
    }

    @Test("a message that came twice is found")
    func twice() {
        #expect(
            ledger([[key(1, 1), key(1, 1)]]).fault(wasSplit: false) == "node 1 delivered message 1 of node 1 twice")
    }

    @Test("a dead node may have seen messages of its own that nobody else has, but none of others")
    func dead() {
        var own = ledger([[key(1, 1), key(2, 1)], [key(1, 1), key(2, 1), key(2, 2)]])
        own.end(NodeID(2))
        #expect(own.fault(wasSplit: false) == nil)
        var foreign = ledger([[key(1, 1)], [key(1, 1), key(3, 1)]])
        foreign.end(NodeID(2))
        #expect(foreign.fault(wasSplit: false) == "node 2 delivered message 1 of node 3, node 1 did not")
        #expect(foreign.fault(wasSplit: true) == nil)
    }

    @Test("a node that starts later is compared from where it began")
    func late() {
        let ledger = ledger([[key(1, 1), key(2, 1), key(1, 2)], [key(2, 1), key(1, 2)]])
        #expect(ledger.fault(wasSplit: false) == nil)
    }
}
