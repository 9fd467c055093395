import FuzzTargets
import Glibc

/// libFuzzer's own loop, for programs that have a `main` of their own.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ argc: UnsafeMutablePointer<Int32>,
    _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

func complain(_ text: String) {
    let line = Array("rondo-fuzz: \(text)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
}

/// Chosen once before the loop, which has no place for it among its arguments.
nonisolated(unsafe) var target = FuzzTarget.wire

let variable = "RONDO_FUZZ_TARGET"
if CommandLine.arguments.dropFirst().first == "--list" {
    for target in FuzzTarget.allCases { print(target.rawValue, target.longestInput) }
    exit(0)
}

// The target may be the first argument. libFuzzer, which starts this program again to merge a corpus, knows nothing of
// that one: to those children its name goes by the environment.
var arguments = CommandLine.unsafeArgv
var count = CommandLine.argc
if let named = CommandLine.arguments.dropFirst().first.flatMap(FuzzTarget.init(rawValue:)) {
    setenv(variable, named.rawValue, 1)
    for index in 1..<Int(count) { arguments[index] = arguments[index + 1] }
    count -= 1
}
guard let chosen = getenv(variable).flatMap({ FuzzTarget(rawValue: String(cString: $0)) }) else {
    complain("usage: rondo-fuzz TARGET [OPTION OF LIBFUZZER...] [CORPUS...]")
    complain("targets: " + FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))
    exit(64)
}
target = chosen

exit(
    runDriver(&count, &arguments) { bytes, count in
        do {
            try target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
            return 0
        } catch {
            let lines = "\(error)".split(separator: "\n")
            for line in lines.dropLast() { complain(String(line)) }
            complain("finding: \(lines.last ?? "")")
            abort()
        }
    })
