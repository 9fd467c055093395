/// Something in a configuration that works, but hardly as the administrator meant it.
public struct ConfigurationWarning: Sendable, Hashable, CustomStringConvertible {
    public var weight: Advice.Weight
    /// The key or section it is about; empty for the file as such.
    public var key: String
    public var text: String
    public var origin: Origin?
    public var remedy: String?

    public init(
        _ text: String, weight: Advice.Weight = .warning, key: String = "", origin: Origin? = nil,
        remedy: String? = nil
    ) {
        self.weight = weight
        self.key = key
        self.text = text
        self.origin = origin
        self.remedy = remedy
    }

    public var description: String {
        (origin.map { "\($0): " } ?? "") + Oddity.visible(text) + (remedy.map { " To do: \($0)." } ?? "")
    }
}
