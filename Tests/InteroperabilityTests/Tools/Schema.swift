import ClusterLab
import Foundation

/// As much of JSON Schema as the schemas in docs/schema use.
struct Schema {
    private let root: [String: Any]

    init(named name: String) throws {
        let url = URL(filePath: Checkout.root + "/docs/schema/\(name).json")
        root = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any] ?? [:]
    }

    /// What in a value is not as the schema wants it.
    func faults(in value: Any) -> [String] { check(value, root, "$") }

    private func check(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
        if let choices = schema["oneOf"] as? [[String: Any]] {
            let fitting = choices.filter { check(value, $0, place).isEmpty }
            return fitting.count == 1 ? [] : ["\(place): fits \(fitting.count) of the choices"]
        }
        var faults: [String] = []
        if let types = schema["type"] as? [String] ?? (schema["type"] as? String).map({ [$0] }) {
            if !types.contains(where: { Self.is(value, $0) }) { return ["\(place): is no \(types)"] }
        }
        if let words = schema["enum"] as? [String], !words.contains(value as? String ?? "") {
            faults.append("\(place): is none of \(words)")
        }
        if let object = value as? [String: Any] {
            let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
            for name in schema["required"] as? [String] ?? [] where object[name] == nil {
                faults.append("\(place): has no \(name)")
            }
            for (name, part) in object {
                if let inner = properties[name] {
                    faults += check(part, inner, "\(place).\(name)")
                } else if schema["additionalProperties"] as? Bool == false {
                    faults.append("\(place): has \(name)")
                }
            }
        }
        if let list = value as? [Any], let items = schema["items"] as? [String: Any] {
            for (index, part) in list.enumerated() { faults += check(part, items, "\(place)[\(index)]") }
        }
        return faults
    }

    private static func `is`(_ value: Any, _ type: String) -> Bool {
        let number = value as? NSNumber
        let kind = number.map { String(cString: $0.objCType) }
        let isBoolean = kind == "c" || kind == "B"
        switch type {
        case "object": return value is [String: Any]
        case "array": return value is [Any]
        case "string": return value is String
        case "null": return value is NSNull
        case "boolean": return isBoolean
        case "integer": return !isBoolean && number.map { $0.doubleValue.rounded() == $0.doubleValue } ?? false
        case "number": return !isBoolean && number != nil
        default: return false
        }
    }
}
