import Glibc
import Testing

@testable import Daemon

@Suite struct MachineTests {
    @Test func `Memory in use is what programs could not get`() {
        let text = "MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    750 kB\nBuffers: 1 kB\n"
        #expect(MachineFigures.memoryInUse(text) == 25)
        for bad in ["", "MemTotal: 0 kB\nMemAvailable: 0 kB\n", "MemTotal: x kB\nMemAvailable: 1 kB", "MemTotal:"] {
            #expect(MachineFigures.memoryInUse(bad) == nil)
        }
    }

    @Test func `This machine can be measured`() throws {
        #expect(try #require(MachineFigures.measure(.load)) >= 0)
        #expect((0...100).contains(try #require(MachineFigures.measure(.memory))))
    }
}
