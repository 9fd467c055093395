import Basics
import ClusterConfiguration
import Testing

@Suite struct SettingsTests {
    @Test func loggingDefaults() throws {
        let logging = try LoggingSettings(try document(""))
        #expect(logging.general.toStandardError && logging.general.toSyslog && !logging.general.toLogfile)
        #expect(logging.general.effectiveSyslogPriority == .info)
        #expect(logging.timeStamp == .hires)
        #expect(logging.keepsBlackBox)
    }

    @Test(
        "Refuses values of logging with Corosync's words and exit status 7",
        arguments: [
            ("to_stderr: x", "unknown value for to_stderr."), ("timestamp: x", "unknown value for timestamp."),
            ("debug: x", "unknown value for debug."), ("fileline: x", "unknown value for fileline."),
            ("blackbox: x", "unknown value for blackbox."), ("function_name: x", "unknown value for function_name."),
            ("syslog_facility: x", "unknown syslog facility specified."),
            ("syslog_priority: x", "unknown syslog priority specified."),
            ("logfile_priority: x", "unknown logfile priority specified."),
            ("syslog_level: x", "unknown syslog level specified."),
            ("logger_subsys {\nsubsys: TOTEM\ndebug: x\n}", "unknown value for debug."),
            ("logger_subsys {\nsubsys: XYZ\nto_stderr: x\n}", "unknown value for to_stderr."),
        ])
    func refuses(line: String, message: String) throws {
        let document = try document("logging {\n\(line)\n}\n")
        let error = try #require(configurationError { _ = try LoggingSettings(document) })
        #expect(error.message == "parse error in config: \(message)")
        #expect(error.exitStatus == 7)
        #expect(error.permitted != nil)
    }

    @Test func subsystemsInheritAndOverride() throws {
        let document = try document(
            "logging {\nto_syslog: no\nlogfile_priority: notice\nlogger_subsys {\nsubsys: TOTEM\ndebug: on\n}\n}\n")
        let logging = try LoggingSettings(document)
        #expect(logging.subsystems.map(\.tag) == ["TOTEM"])
        #expect(logging.target(of: "TOTEM").effectiveLogfilePriority == .debug)
        #expect(!logging.target(of: "TOTEM").toSyslog)
        #expect(logging.target(of: "CPG").effectiveLogfilePriority == .notice)
    }

    @Test func obsoleteNamesWorkAndAreReported() throws {
        let document = try document("logging {\nto_file: yes\nlogfile: /tmp/x\nsyslog_level: err\n}\n")
        let logging = try LoggingSettings(document)
        #expect(logging.general.toLogfile)
        #expect(logging.general.syslogPriority == .error)
        #expect(logging.warnings.count == 2)
    }

    @Test func aLogfileWithoutANameIsReported() throws {
        let logging = try LoggingSettings(try document("logging {\nto_logfile: yes\n}\n"))
        #expect(logging.warnings.map(\.text) == ["logging.to_logfile has no effect without logfile."])
    }

    @Test func systemSettings() throws {
        let standard = SystemSettings(try document(""))
        #expect(standard.usesRealTimeScheduling)
        #expect(standard.stateDirectory == "/var/lib/corosync")
        let system = SystemSettings(
            try document("system {\nsched_rr: no\nstate_dir: /tmp/x\nqb_ipc_type: socket\n}\n"))
        #expect(!system.usesRealTimeScheduling)
        #expect(system.stateDirectory == "/tmp/x")
        #expect(system.ipcType == .socket)
    }

    @Test func encryption() throws {
        func crypto(_ lines: [String]) throws -> CryptoSettings {
            try configuration(text(nodes: 2, transport: "knet", totem: lines)).crypto
        }
        #expect(try !crypto([]).isOn)
        #expect(try crypto(["secauth: on"]).cipher == "aes256")
        #expect(try crypto(["secauth: on"]).hash == "sha256")
        #expect(try crypto(["secauth: on", "crypto_cipher: none"]).cipher == "none")
        #expect(try crypto(["keyfile: /k", "key: abc"]).key == .file("/k"))
        #expect(try crypto(["key: abc"]).key == .text(Array("abc\0".utf8)))
        #expect(try crypto([]).key == .file("/etc/corosync/authkey"))
    }

    @Test func users() throws {
        let configuration = try configuration(text(nodes: 2) + "uidgid {\nuid: 5\ngid: 6\nuid: 4\n}\n")
        #expect(configuration.users.users == [4, 5])
        #expect(configuration.users.groups == [6])
    }
}
