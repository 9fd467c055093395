import Foundation

// Counts what the parts of the tests report. Used by Scripts/test:
//
//   tally LIST MEASURED SECONDS FUZZERS
//
// LIST names the parts (see Report), MEASURED holds figures of the laboratory, SECONDS is how long all took, FUZZERS how many
// targets the fuzzer has. The exit status is 0 only if nothing failed.

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count == 4, let seconds = Int(arguments[3]), let fuzzers = Int(arguments[4]) else {
    FileHandle.standardError.write(Data("usage: tally LIST MEASURED SECONDS FUZZERS\n".utf8))
    exit(64)
}
do {
    let report = try Report(list: arguments[1], measured: arguments[2], seconds: seconds, fuzzers: fuzzers)
    print(report.lines.joined(separator: "\n"))
    exit(report.total.failed == 0 ? 0 : 1)
} catch {
    FileHandle.standardError.write(Data("tally: \(error)\n".utf8))
    exit(65)
}
