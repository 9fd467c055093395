/// A Swift type with a type of its own in the configuration map.
public protocol MapRepresentable: Sendable {
    /// - Returns: nil when the value has another type.
    init?(mapValue: MapValue)
    /// The value with the type it has in the map.
    var mapValue: MapValue { get }
}

extension MapValue: MapRepresentable {
    public init?(mapValue: MapValue) { self = mapValue }

    public var mapValue: MapValue { self }
}

extension Int8: MapRepresentable {
    public init?(mapValue: MapValue) {
        guard case .int8(let value) = mapValue else { return nil }
        self = value
    }

    public var mapValue: MapValue { .int8(self) }
}

extension UInt8: MapRepresentable {
    public init?(mapValue: MapValue) {
        guard case .uint8(let value) = mapValue else { return nil }
        self = value
    }

    public var mapValue: MapValue { .uint8(self) }
}

extension Int16: MapRepresentable {
    public init?(mapValue: MapValue) {
        guard case .int16(let value) = mapValue else { return nil }
        self = value
    }

    public var mapValue: MapValue { .int16(self) }
}

extension UInt16: MapRepresentable {
    public init?(mapValue: MapValue) {
        guard case .uint16(let value) = mapValue else { return nil }
        self = value
    }

    public var mapValue: MapValue { .uint16(self) }
}

extension Int32: MapRepresentable {
    public init?(mapValue: MapValue) {
        guard case .int32(let value) = mapValue else { return nil }
        self = value
    }

    public var mapValue: MapValue { .int32(self) }
}

extension UInt32: MapRepresentable {
    public init?(mapValue: MapValue) {
        guard case .uint32(let value) = mapValue else { return nil }
        self = value
    }

    public var mapValue: MapValue { .uint32(self) }
}

extension Int64: MapRepresentable {
    public init?(mapValue: MapValue) {
        guard case .int64(let value) = mapValue else { return nil }
        self = value
    }

    public var mapValue: MapValue { .int64(self) }
}

extension UInt64: MapRepresentable {
    public init?(mapValue: MapValue) {
        guard case .uint64(let value) = mapValue else { return nil }
        self = value
    }

    public var mapValue: MapValue { .uint64(self) }
}

extension Float: MapRepresentable {
    public init?(mapValue: MapValue) {
        guard case .float(let value) = mapValue else { return nil }
        self = value
    }

    public var mapValue: MapValue { .float(self) }
}

extension Double: MapRepresentable {
    public init?(mapValue: MapValue) {
        guard case .double(let value) = mapValue else { return nil }
        self = value
    }

    public var mapValue: MapValue { .double(self) }
}

extension String: MapRepresentable {
    public init?(mapValue: MapValue) {
        guard case .string(let value) = mapValue else { return nil }
        self = value
    }

    public var mapValue: MapValue { .string(self) }
}

extension Array: MapRepresentable where Element == UInt8 {
    public init?(mapValue: MapValue) {
        guard case .binary(let value) = mapValue else { return nil }
        self = value
    }

    public var mapValue: MapValue { .binary(self) }
}
