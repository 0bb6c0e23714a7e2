import Learning
import Telemetry

/// One `millrace drift`, from the parameters to the list of changes.
struct DriftSession {
    private let arguments: Arguments
    private let log: Log
    private let path: String
    private let column: String
    private let specification: DetectorSpecification

    private struct Report {
        /// Rows with their line, in order.
        var drifts: [(row: Int, line: Int)] = []
        var warningStarts: [(row: Int, line: Int)] = []
        var rowCount = 0
        var valueCount = 0
    }

    init(_ arguments: Arguments) throws(CommandFailure) {
        self.arguments = arguments
        log = arguments.log()
        path = arguments.text(.input).orEmpty
        column = arguments.text(DriftFlags.column).orEmpty
        specification = try Self.specification(arguments)
    }

    func run() throws(CommandFailure) -> ExitCode {
        let report = try detect()
        guard report.valueCount > 0 || report.rowCount == 0 else {
            throw CommandFailure(.badData, "\(path): no row has a number in '\(column)'")
        }
        if report.valueCount < report.rowCount {
            log.warning("rows without a value were passed over", ["count": "\(report.rowCount - report.valueCount)"])
        }
        StandardOutput.write(arguments.has(.json) ? json(report) + "\n" : table(report))
        return .success
    }

    private func detect() throws(CommandFailure) -> Report {
        var reader = try ColumnReader(path: path, column: column)
        let detector = specification.makeDetector()
        var report = Report()
        var bar = ProgressBar()
        defer { bar.clear() }
        while let value = try reader.next() {
            if !value.isNaN {
                guard detector.acceptedValues.contains(value) else { throw refusal(value, reader.place) }
                report.valueCount += 1
                switch detector.update(value) {
                case .drift: report.drifts.append((report.rowCount, reader.line))
                case .warningBegins: report.warningStarts.append((report.rowCount, reader.line))
                case .stable, .warning: break
                }
            }
            report.rowCount += 1
            if report.rowCount & 0xffff == 0 {
                bar.update(fraction: nil, "\(NumberText.grouped(report.rowCount)) rows")
            }
        }
        return report
    }

    private func refusal(_ value: Double, _ place: String) -> CommandFailure {
        let range = specification.type.acceptedValues
        let advice = range == 0...1 ? "0 to 1, as errors are; adwin, page_hinkley and kswin take any" : "±1e150"
        return CommandFailure(
            .badData, "\(place): \(specification.type.name) does not take \(value): its numbers are within \(advice)")
    }
}

// MARK: - Parameters

extension DriftSession {
    private static func specification(_ arguments: Arguments) throws(CommandFailure) -> DetectorSpecification {
        let name = arguments.text(DriftFlags.detector).orEmpty
        let entries = arguments.texts(DriftFlags.set).map(entry)
        let (specification, problems) = DetectorSpecification.parse(name: name, entries: entries)
        guard let specification else {
            throw CommandFailure(.configuration, problems.map(message).joined(separator: "\n"))
        }
        return specification
    }

    /// `KEY=VALUE` as a pipeline file would have it: a number, true or false, or a word.
    private static func entry(_ pair: String) -> ParameterEntry {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let (key, text) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        if let number = Double(text) { return ParameterEntry(key, .number(number)) }
        if let flag = Bool(text) { return ParameterEntry(key, .flag(flag)) }
        return ParameterEntry(key, .text(text))
    }

    private static func message(_ problem: ParameterProblem) -> String {
        let key = problem.path.last.orEmpty
        var text = "--set \(key): \(problem.message)"
        guard problem.isUnknownKey else { return text }
        // The nearest to the word at fault: an unknown key, or an unknown value between the first backticks.
        let isKey = problem.message.hasPrefix("unknown key")
        let word = isKey ? key : String(problem.message.split(separator: "`").dropFirst().first ?? "")
        if let nearest = nearestWord(to: word, among: problem.allowed) { text += "; did you mean '\(nearest)'?" }
        if isKey { text += " The parameters are \(problem.allowed.joined(separator: ", "))" }
        return text
    }
}

// MARK: - Results

extension DriftSession {
    private func json(_ report: Report) -> String {
        JSONText.object([
            ("drift", .array(report.drifts.map { .integer($0.row) })),
            ("warning_start", .array(report.warningStarts.map { .integer($0.row) })),
        ]).description
    }

    private func table(_ report: Report) -> String {
        let signals =
            report.drifts.map { ($0.row, $0.line, "drift") }
            + report.warningStarts.map { ($0.row, $0.line, "warning begins") }
        var table = TextTable(header: ["signal", "row", "line"])
        for (row, line, signal) in signals.sorted(by: { $0.0 < $1.0 }) {
            table.rows.append([signal, NumberText.grouped(row), NumberText.grouped(line)])
        }
        var summary = counted(report.drifts.count, "drift")
        if specification.type.hasWarnings { summary += ", " + counted(report.warningStarts.count, "warning") }
        summary += " in \(counted(report.rowCount, "row")) of '\(column)' by \(specification.type.name)\n"
        return table.rows.isEmpty ? summary : table.text + "\n" + summary
    }

    private func counted(_ count: Int, _ noun: String) -> String {
        "\(NumberText.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
    }
}
