/// Something in a configuration that works, but hardly as the administrator meant it.
public struct ConfigurationWarning: Sendable, Hashable, CustomStringConvertible {
    public var text: String
    public var origin: Origin?
    public var remedy: String?

    public init(_ text: String, origin: Origin? = nil, remedy: String? = nil) {
        self.text = text
        self.origin = origin
        self.remedy = remedy
    }

    public var description: String {
        (origin.map { "\($0): " } ?? "") + text + (remedy.map { " To do: \($0)." } ?? "")
    }
}
