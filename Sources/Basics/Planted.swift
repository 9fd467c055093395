/// A known way to get a machine wrong, planted in it to prove that the simulator's checks find it.
///
/// Each has its place where the rule lives that it breaks. In a release build they cannot be switched on and leave no
/// code behind.
public protocol PlantableDefect: CaseIterable, Equatable, Sendable {}

extension PlantableDefect {
    /// Those that can be planted in this build: all or, in a release build, none.
    public static var available: [Self] {
        #if PLANTED_DEFECTS
            Array(allCases)
        #else
            []
        #endif
    }
}

/// What is wrong with a machine, for its parts to ask. In a release build it is empty.
///
/// Public like all that is asked for each packet: what is the package's own is not inlined into another room.
public struct Planted<Defect: PlantableDefect>: Sendable {
    #if PLANTED_DEFECTS
        public var defect: Defect?
    #endif

    @inlinable
    public init() {}

    /// Whether the machine has the defect; never in a release build.
    @inlinable @inline(__always)
    public func has(_ defect: Defect) -> Bool {
        #if PLANTED_DEFECTS
            self.defect == defect
        #else
            false
        #endif
    }

    /// Whether it has any.
    @inlinable @inline(__always)
    public var isAny: Bool {
        #if PLANTED_DEFECTS
            defect != nil
        #else
            false
        #endif
    }
}
