import Foundation
import Testing

/// When `rondo decode` tells of the joins it puts together, and which of them.
@Suite struct DecodeGatheringTests {
    private static func join() throws -> [UInt8] { try RawCapture.vector("03-join-three-order-213") }

    private static func decode(_ capture: RawCapture, _ options: String...) throws -> [Substring] {
        let result = try Tool.run(["decode", "--utc"] + options, input: capture.bytes)
        #expect(result.status == 0 && result.complaint.isEmpty)
        return result.lines.filter { !$0.isEmpty }
    }

    @Test("A join is told before what comes long after it")
    func late() throws {
        var capture = RawCapture()
        for second: UInt32 in [0, 1] { capture.add(try Self.join(), at: 1000 * second, from: 2) }
        capture.add(try RawCapture.vector("20-orf-initial"), at: 11_500, from: 1)
        capture.add(try Self.join(), at: 12_000, from: 2)
        let lines = try Self.decode(capture)
        try #require(lines.count == 3)
        #expect(lines[0].contains(" 2 joins in 1000.000 ms"), "\(lines[0])")
        #expect(lines[1].contains(" token "), "\(lines[1])")
    }

    @Test("A join that nothing follows is told while the input is still open", .timeLimit(.minutes(2)))
    func live() throws {
        var capture = RawCapture()
        capture.add(try Self.join(), at: 0, from: 2)
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = Tool.program
        process.arguments = ["decode", "--utc", "-"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(capture.bytes))
        // Waits until there is something.
        let told = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        #expect(told.contains(" join (a membership forms: ") && process.isRunning)
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test("Joins of one id from two addresses are told apart")
    func twoAddresses() throws {
        var capture = RawCapture()
        for source: UInt16 in [2, 9, 2] { capture.add(try Self.join(), at: 0, from: source) }
        let lines = try Self.decode(capture)
        try #require(lines.count == 1)
        #expect(lines[0].contains(" 3 joins in ") && lines[0].contains(" at 10.77.0.2 "), "\(lines[0])")
        #expect(lines[0].contains(" at 10.77.0.9 know 1 2 3"), "\(lines[0])")
    }

    @Test("Joins of two clusters are two gatherings")
    func twoClusters() throws {
        var capture = RawCapture()
        for port: UInt16 in [5405, 5407, 5405, 5407] { capture.add(try Self.join(), at: 0, from: 2, port: port) }
        capture.add(try RawCapture.vector("05-join-failed-1-2"), at: 1, from: 3, port: 5407)
        let lines = try Self.decode(capture, "--port", "0")
        try #require(lines.count == 2)
        #expect(lines[0].contains(" 2 joins in ") && !lines[0].contains("failed"), "\(lines[0])")
        #expect(lines[1].contains(" 3 joins in ") && lines[1].contains(" as failed"), "\(lines[1])")
    }

    @Test("As many senders as one likes take no endless memory")
    func manySenders() throws {
        var capture = RawCapture()
        for source: UInt16 in 1...1000 { capture.add(try Self.join(), at: 0, from: source) }
        for port: UInt16 in 6000..<6100 { capture.add(try Self.join(), at: 0, from: 1, port: port) }
        let lines = try Self.decode(capture, "--port", "0")
        #expect(lines.count == 3 + 100)
        #expect(lines.first?.contains(" 384 joins in ") == true)
    }
}
