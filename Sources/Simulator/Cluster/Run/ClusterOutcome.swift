/// How a simulation of whole nodes went.
package struct ClusterOutcome: Sendable {
    package var seed: UInt64
    package var violation: ClusterViolation?
    package var figures = ClusterFigures()
    /// Fingerprint of everything that was sent and read, in order.
    package var digest: UInt64
    package var trace: [String]
}

package struct ClusterFigures: Sendable {
    package var nodes = 0
    package var events = 0
    /// Nanoseconds.
    package var simulatedTime: UInt64 = 0
    /// Messages to process groups.
    package var messagesSent = 0
    package var deliveries = 0
    /// Events of all services that programs have read.
    package var eventsRead = 0
    /// Ring changes that programs have read of.
    package var ringsReported = 0
    /// Faults that struck.
    package var faults = 0
    /// Nanoseconds from the end of the faults until all was well.
    package var settlingTime: UInt64 = 0
    /// Nanoseconds that this may take.
    package var settlingBound: UInt64 = 0

    package init() {}
}
