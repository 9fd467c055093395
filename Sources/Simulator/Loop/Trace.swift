import Basics
import TotemWire

/// What happened, one line an event, for people.
package struct Trace: Sendable {
    package let isOn: Bool
    package private(set) var lines: [String] = []
    /// Also every packet that is sent.
    let showsPackets: Bool

    init(isOn: Bool, showsPackets: Bool) {
        self.isOn = isOn
        self.showsPackets = isOn && showsPackets
    }

    /// Rotations of the token in which nothing changed, not yet told.
    private var rotations = 0
    private var token = ""
    private var rotatedAt: UInt64 = 0

    /// The token has come round with these numbers. Rotations without news between two lines become one line.
    mutating func rotated(_ now: UInt64, _ text: String) {
        if text != token { tellRotations() }
        token = text
        rotatedAt = now
        rotations += 1
    }

    mutating func tellRotations() {
        if rotations > 2 { lines.append(Self.time(rotatedAt) + "  …        \(rotations) rotations of \(token)") }
        rotations = 0
    }

    /// - Parameter node: nil for what concerns all.
    mutating func add(_ now: UInt64, _ node: NodeID?, _ text: @autoclosure () -> String) {
        guard isOn else { return }
        tellRotations()
        let who = node.map { "node \($0)" } ?? ""
        lines.append(Self.time(now) + "  " + Self.pad(who, to: 9) + text())
    }

    /// Milliseconds with three decimals, right-aligned.
    private static func time(_ nanoseconds: UInt64) -> String {
        let microseconds = nanoseconds / 1000
        let fraction = String(microseconds % 1000)
        let text = String(microseconds / 1000) + "." + String(repeating: "0", count: 3 - fraction.count) + fraction
        return String(repeating: " ", count: max(12 - text.count, 0)) + text
    }

    private static func pad(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 1))
    }
}
