import Totem

/// How long rings may take, for the bounds of both layers; all in milliseconds unless said otherwise.
extension RingParameters {
    /// To notice a lost token, and to agree.
    var formation: UInt64 { UInt64(token) + UInt64(consensus) + 10 * UInt64(join) }

    /// To find other rings, and to join them.
    ///
    /// - Parameter rotation: microseconds that the token takes.
    func discovery(rotation: UInt64) -> UInt64 { 2 * UInt64(merge) + 2 * UInt64(hold) + rotation * 40 / 1000 }

    /// To ask for what nobody has, until that is understood.
    var repetition: UInt64 { UInt64(min(missCountConstant, 255) + 4) * UInt64(hold) }

    /// Frames that a rotation of the token carries at least, when so many wait.
    var framesPerRotation: UInt64 { UInt64(max(min(windowSize, maxMessages), 1)) }

    /// For how long a cluster is watched at rest.
    var rest: UInt64 { UInt64(hold) * 3 + UInt64(merge) * 2 + 50 }
}
