import ClusterLab
import Testing

/// Which lines of Pacemaker's log count against the cluster layer.
@Suite struct PacemakerLogTests {
    private func line(_ program: String, _ function: String, _ level: String, _ text: String) throws -> PacemakerLogLine
    {
        try #require(
            PacemakerLogLine("Nov 21 21:49:29.914 node1 \(program)          [390] (\(function)) \t\(level): \(text)"))
    }

    @Test("Errors and warnings about the cluster layer do")
    func complaints() throws {
        #expect(try line("pacemaker-based", "pcmk_cpg_dispatch", "error", "Connection to the CPG API failed").complains)
        #expect(try line("pacemakerd", "cluster_connect_cfg", "warning", "Retrying Corosync connection").complains)
    }

    @Test("Pacemaker's own affairs do not")
    func others() throws {
        #expect(try !line("pacemakerd", "crmd_exit_cb", "notice", "Exited corosync").complains)
        #expect(try !line("pacemaker-schedulerd", "stage6", "warning", "Resource a cannot run anywhere").complains)
        // A child that has ended and has not been waited for has a process number, but no program any more.
        let text = "Could not get executable for PID 395: No such file or directory | rc=2"
        #expect(try !line("pacemakerd", "pcmk__pid_active", "error", text).complains)
    }
}
