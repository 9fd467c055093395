import ArgumentParser
import ClusterConfiguration
import ClusterEngine
import Foundation
import Simulator
import Totem

/// Reads the configuration, simulates on all processors, prints the answer.
struct ForecastRun {
    let options: ForecastOptions
    let nodes: Int?
    let seed: UInt64
    let jobs: Int?

    func run() throws {
        let format = options.format ?? .text
        do {
            let subject = try subject()
            let forecast = try simulate(subject.plan)
            let search = TokenSearch(
                subject.plan, subject.inputs, rondo: subject.simulatedSettings, breaksAYear: options.wanted ?? 1)
            let answer = ForecastAnswer(subject: subject, forecast: forecast, search: search)
            switch format {
            case .text: print(ForecastText(answer: answer).text)
            case .json: print(ForecastJSON(answer: answer).value.text)
            }
            if forecast.defect != nil { throw ExitCode(1) }
        } catch let error as ConfigurationError {
            switch format {
            case .text: StandardError.print("\(error)")
            case .json: print(JSONReport.error(error).text)
            }
            throw ExitCode(8)
        }
    }

    private func subject() throws -> ForecastSubject {
        guard options.config != nil || nodes != nil else {
            throw ValidationError("Whose forecast? Give --config FILE, or --nodes N for Corosync's defaults.")
        }
        var document = ConfigurationDocument()
        if let config = options.config {
            do {
                let name = config == "-" ? "standard input" : config
                document = try ConfigurationDocument(try InputFile.read(config), file: name, accounts: AnyAccount())
            } catch let failure as InputFile.Failure {
                StandardError.print("Can't read file \(config): \(failure)")
                throw ExitCode(1)
            }
        }
        for text in options.settings {
            let setting = try Setting(text)
            try document.override(setting.key, setting.value)
        }
        return try ForecastSubject(document, options: options, nodes: nodes, seed: seed)
    }

    private func simulate(_ plan: ForecastPlan) throws -> Forecast {
        let tasks = plan.tasks
        let progress = ForecastProgress(total: plan.weight(of: tasks))
        let work = ForecastWork(tasks.count)
        let workers = jobs ?? max(ProcessInfo.processInfo.activeProcessorCount, 1)
        DispatchQueue.concurrentPerform(iterations: min(workers, max(tasks.count, 1))) { _ in
            while let index = work.take() {
                work.finish(index, plan.run(tasks[index]))
                progress.done(tasks[index].weight(in: plan))
            }
        }
        progress.end()
        return Forecast(plan, work.parts)
    }
}
