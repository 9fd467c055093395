import ClusterLab
import Testing

extension Interoperability {
    /// Debian's `dlm_controld`, as it is, on rings of either engine: its part in the cluster. Lockspaces need a kernel
    /// with DLM and are not tried.
    @Suite(.serialized, .lockManager)
    struct LockManagerTests {
        @Test("The lock managers find each other, lose one and take it back", arguments: Mixture.all)
        func membership(_ mixture: Mixture) throws {
            let lab = try mixture.ring(.quorate)
            defer { lab.close() }
            let managers = try lab.nodes.map { try LockManager(on: $0) }
            for manager in managers { try manager.start() }
            try awaitMembers([1, 2, 3], managers, lab)

            try managers[2].killNode()
            try awaitMembers([1, 2], Array(managers.prefix(2)), lab)

            try lab.node(3).start(mixture.engines[2])
            try lab.awaitRing(within: lab.startLimit)
            try managers[2].start()
            try awaitMembers([1, 2, 3], managers, lab)
        }

        private func awaitMembers(_ members: [UInt32], _ managers: [LockManager], _ lab: Laboratory) throws {
            do {
                try lab.wait(for: "lock managers on \(members)", within: lab.startLimit + margin) {
                    try managers.allSatisfy { manager in
                        let status = try manager.status()
                        return status.quorate && status.members == members
                    }
                }
            } catch {
                throw LabError.unreadable("\(error)\n" + managers.map(\.report).joined())
            }
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs where dlm_controld is installed (elsewhere the test is skipped, or fails where everything is mandatory) and
    /// the kernel has what it can be started with.
    static var lockManager: Self {
        .enabled(
            if: LockManager.kernelHasStandIn && (LockManager.absence == nil || Requirements.areMandatory),
            Comment(rawValue: LockManager.absence ?? "this kernel has no tun device to stand in for one of DLM's"))
    }
}
