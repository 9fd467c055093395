import ArgumentParser
import ClusterConfiguration

/// One `--set KEY=VALUE`.
struct Setting {
    var key: String
    var value: String

    init(_ text: String) throws {
        guard let equals = text.firstIndex(of: "=") else {
            throw ValidationError("--set \(text): write KEY=VALUE, such as token=5000.")
        }
        let name = String(text[..<equals])
        value = String(text[text.index(after: equals)...])
        if KeyTable.description(forMapKey: name) != nil {
            key = name
        } else if KeyTable.description(forMapKey: "totem.\(name)") != nil {
            key = "totem.\(name)"
        } else {
            let known = KeyTable.suggestion(forMapKey: name.contains(".") ? name : "totem.\(name)")
            throw ValidationError(
                "--set \(text): \(name) is not a known key." + (known.map { " Did you mean \($0)?" } ?? ""))
        }
    }
}
