import Features
import Learning

/// What `eval` does with a row of a CSV file, one part after the other: reading, decoding, filling the vector, counting.
enum FileParts {
    private static let rounds = 9

    /// `path` is a plain CSV file with columns `ts` and `label`, all others numbers.
    static func print(path: String) throws {
        let whole = try rows(path, until: .nothing)
        var before = 0.0
        Swift.print("nanoseconds a row of \(path), \(whole) rows, the parts before each taken off")
        for part in Part.allCases {
            let time = try least(of: rounds) { try nanoseconds(whole) { _ = try rows(path, until: part) } }
            Swift.print("\(part.rawValue): \(Int((time - before).rounded())) ns")
            before = time
        }
        Swift.print("all: \(Int(before.rounded())) ns")
    }

    private enum Part: String, CaseIterable {
        case nothing = "find records"
        case decode = "decode"
        case fill = "fill the vector"
        case learn = "predict and learn (logistic regression)"
        case count = "metrics"
    }

    private static func rows(_ path: String, until last: Part) throws -> Int {
        var file = try DataFile(path: path)
        let names = file.columns.filter { $0 != "ts" && $0 != "label" }
        let schema = try file.schema(
            adapting: Schema(
                fields: names.map { .init(name: $0, kind: .number) },
                label: Schema.Label(field: "label", kind: .binary(positive: "1"))))
        let learner = try Job.makeLearner(denseCount: names.count)
        var metrics = PrequentialMetrics(task: .binary, keepsScores: true)
        var decoder = try EventDecoder(schema)
        var row = EventRow(schema: schema)
        let plan = try FeaturePlan(schema: schema, features: [.allNumbers])
        var vector = plan.makeVector()
        var prediction = Prediction()
        var count = 0
        while try file.advance() {
            count += 1
            if last == .nothing { continue }
            guard decoder.decode(file.record, into: &row) == .good else { continue }
            if last == .decode { continue }
            plan.fill(&vector, from: row)
            if last == .fill { continue }
            learner.predict(vector, into: &prediction)
            learner.learn(vector, label: row.label, weight: 1)
            if last == .learn { continue }
            metrics.record(prediction: prediction.value, label: row.label)
        }
        return count
    }
}
