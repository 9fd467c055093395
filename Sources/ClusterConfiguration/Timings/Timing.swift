/// One value the ring works with, and why it has that value.
public struct Timing: Sendable, Hashable {
    /// A value that went into another.
    public struct Input: Sendable, Hashable {
        public var name: String
        public var value: String
        public var source: ValueSource

        public init(_ name: String, _ value: some CustomStringConvertible, _ source: ValueSource) {
            self.name = name
            self.value = "\(value)"
            self.source = source
        }
    }

    /// The name below `runtime.config.totem.`, such as `token` or `interface.0.knet_ping_timeout`.
    public var name: String
    public var value: ConfigurationValue
    public var unit: Unit
    /// How the value came about with the numbers put in, such as `5000 + (11 - 2) * 650`; empty when it was simply
    /// given or is the default.
    public var formula: String
    /// `.derived` when the formula made it, otherwise where it was given.
    public var source: ValueSource
    public var inputs: [Input]

    public init(
        name: String, value: ConfigurationValue, unit: Unit, formula: String = "", source: ValueSource,
        inputs: [Input] = []
    ) {
        self.name = name
        self.value = value
        self.unit = unit
        self.formula = formula
        self.source = source
        self.inputs = inputs
    }

    /// The value for a reader. What the arithmetic makes less than nothing is stored modulo 2^32, as Corosync does.
    public var text: String {
        if source == .derived, case .u32(let number) = value, number > 0x8000_0000, name == "hold" {
            return "\(Int32(bitPattern: number))"
        }
        return value.description
    }

    /// The key under which the value is published in the configuration map.
    public var runtimeKey: String { "runtime.config.totem.\(name)" }
}
