/// Why a configuration cannot be used.
///
/// `message` is the line Corosync prints, which tools look for; `explanation` says what is wrong, where, what would be
/// allowed and what to do.
public struct ConfigurationError: Error, Sendable, Hashable {
    /// The first line, in Corosync's words.
    public var message: String
    public var origin: Origin?
    public var key: String?
    public var value: String?
    /// What the key may hold, such as `0..4294967295` or `yes, no`.
    public var permitted: String?
    /// What is wrong, where the message alone does not say it.
    public var reason: String?
    /// What the administrator can do about it.
    public var remedy: String?
    /// What the file would have to say, line by line, where that can be told; follows the explanation.
    public var proposal: [String] = []
    /// The status the daemon exits with (spec: configuration.md 1).
    public var exitStatus: Int32
    /// Whether nodes, addresses or links are at fault rather than another setting.
    public var isAboutMembers = false

    public init(
        _ message: String, origin: Origin? = nil, key: String? = nil, value: String? = nil, permitted: String? = nil,
        reason: String? = nil, remedy: String? = nil, exitStatus: Int32 = 8
    ) {
        self.message = message
        self.origin = origin
        self.key = key
        self.value = value
        self.permitted = permitted
        self.reason = reason
        self.remedy = remedy
        self.exitStatus = exitStatus
    }

    /// The file of the offending line.
    public var file: String? { origin?.file }
    /// The offending line, counted from 1.
    public var line: Int? { origin?.line }

    /// What, where, what is permitted, what to do; empty when the message says it all.
    public var explanation: String {
        var parts: [String] = []
        var subject = origin.map { "\($0)" } ?? ""
        if let key {
            if !subject.isEmpty { subject += ": " }
            subject += Oddity.visible(key)
            if let value { subject += " is \"\(Oddity.visible(value))\"" }
        }
        if let reason { subject += subject.isEmpty ? reason : ": \(reason)" }
        if !subject.isEmpty { parts.append(subject) }
        if let permitted { parts.append("permitted: \(permitted)") }
        if let remedy { parts.append("to do: \(remedy)") }
        return parts.joined(separator: "; ")
    }
}

extension ConfigurationError: CustomStringConvertible {
    /// Corosync's line, ours, and what to write.
    public var description: String {
        let explanation = explanation
        return ([message] + (explanation.isEmpty ? [] : [explanation]) + proposal).joined(separator: "\n")
    }
}
