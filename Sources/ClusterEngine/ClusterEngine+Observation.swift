import Totem

/// What a shell that shows the ring looks at after every call; asking `ring` itself would copy it.
extension ClusterEngine {
    package var ringPhase: RingPhase { ring.phase }
    package var ringStatistics: RingStatistics { ring.statistics }
}
