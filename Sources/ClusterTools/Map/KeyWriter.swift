import Glibc
import RondoKit

/// Setting a key to a value that is written as text.
enum KeyWriter {
    /// The exit status; what is wrong is said.
    static func set(_ key: String, type: String, _ text: String, in map: ConfigurationMap) async -> Int32 {
        let value: MapValue
        do throws(Refusal) {
            value = try self.value(text, type: type)
        } catch {
            Output.complain(error.text)
            return EXIT_FAILURE
        }
        do {
            try await map.set(key, to: value)
            return EXIT_SUCCESS
        } catch {
            Output.complain("Failed to set key \(key). Error \(error.code.name)")
            return EXIT_FAILURE
        }
    }

    private struct Refusal: Error {
        let text: String
    }

    private static func value(_ text: String, type: String) throws(Refusal) -> MapValue {
        func require<Number>(_ number: Number?) throws(Refusal) -> Number {
            guard let number else { throw Refusal(text: "\(text) is not valid \(type) type value") }
            return number
        }
        func fit<Wide: BinaryInteger, Number: FixedWidthInteger>(
            _ number: Wide, _: Number.Type
        ) throws(Refusal) -> Number {
            guard let fitting = Number(exactly: number) else {
                throw Refusal(text: "\(text) is not valid \(type) integer")
            }
            return fitting
        }
        switch type {
        case "i8": return .int8(try fit(try require(Numbers.leading(text)), Int8.self))
        case "i16": return .int16(try fit(try require(Numbers.leading(text)), Int16.self))
        case "i32": return .int32(try fit(try require(Numbers.leading(text)), Int32.self))
        case "i64": return .int64(try require(Numbers.leading(text)))
        case "u8": return .uint8(try fit(try require(Numbers.leadingUnsigned(text)), UInt8.self))
        case "u16": return .uint16(try fit(try require(Numbers.leadingUnsigned(text)), UInt16.self))
        case "u32": return .uint32(try fit(try require(Numbers.leadingUnsigned(text)), UInt32.self))
        case "u64": return .uint64(try require(Numbers.leadingUnsigned(text)))
        case "flt": return .float(try require(Numbers.leadingFloat(text)))
        case "dbl": return .double(try require(Numbers.leadingDouble(text)))
        case "str": return .string(text)
        case "bin": return .binary(try bytes(text))
        default: throw Refusal(text: "Unknown type \(type)")
        }
    }

    /// Those of a file, or of standard input for `-`.
    private static func bytes(_ path: String) throws(Refusal) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Refusal(text: "Can't open input file: \(String(cString: strerror(errno)))")
        }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        return FileBytes.all(of: descriptor, limit: MapValue.maximumLength + 1)
    }
}

/// Reading what stands in a file.
enum FileBytes {
    /// All of them up to a limit, beyond which nobody can use them.
    static func all(of descriptor: Int32, limit: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 4096)
        while bytes.count < limit {
            let count = read(descriptor, &room, room.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += room[..<count]
        }
        return bytes
    }
}
