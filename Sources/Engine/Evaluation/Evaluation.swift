public import Features
internal import Hashing
public import Learning

/// Predict-then-learn over a file, without Kafka: the same features and models as a running pipeline, one task for the whole
/// file, rows in file order.
public struct Evaluation {
    private let schema: Schema
    private let features: [FeatureSpecification]
    private let models: [ModelSpecification]
    private let stopsAtBadRecord: Bool

    /// An evaluation of `models`. `schema` is that of the pipeline; the format and the columns are the file's.
    public init(
        schema: Schema, features: [FeatureSpecification], models: [ModelSpecification], stopsAtBadRecord: Bool
    ) {
        self.schema = schema
        self.features = features
        self.models = models
        self.stopsAtBadRecord = stopsAtBadRecord
    }

    /// Runs over the file at `path`. `onRow` is called for every good row after it was predicted and before it is learned;
    /// `progress` with the number of rows every 65,536 rows.
    public func run(
        path: String, progress: (UInt64) -> Void = { _ in },
        onRow: ((EvaluatedRow) throws(EngineError) -> Void)? = nil
    ) throws(EngineError) -> EvaluationReport {
        let started = MonotonicClock.now
        do {
            return try evaluate(path, started, progress, onRow)
        } catch let error as EngineError {
            throw error
        } catch let error as DataFileError {
            throw EngineError(error.kind == .badData ? .badData : .noInput, error.description)
        } catch let error as SchemaProblem {
            throw EngineError(.configuration, "field \(error.field): \(error.message)")
        } catch let error as FeatureProblem {
            throw EngineError(.configuration, "features: \(error.message)")
        } catch {
            throw EngineError(.failed, "\(error)")
        }
    }

    private func evaluate(
        _ path: String, _ started: Int64, _ progress: (UInt64) -> Void,
        _ onRow: ((EvaluatedRow) throws(EngineError) -> Void)?
    ) throws -> EvaluationReport {
        var file = try DataFile(path: path)
        let schema = try file.schema(adapting: schema)
        var decoder = try EventDecoder(schema)
        var row = EventRow(schema: schema)
        var scorer = try Scorer(schema: schema, features: features, models: models, keepsScores: true)
        var counts = Counts()
        while try file.advance() {
            if case .bad(let reason) = decoder.decode(file.record, into: &row) {
                let place = "\(file.path):\(file.line): \(reason.rawValue): \(decoder.detail(of: row))"
                if stopsAtBadRecord { throw EngineError(.badData, place) }
                if counts.bad == 0 { counts.firstBad = place }
                counts.bad += 1
                continue
            }
            scorer.predict(row)
            if let onRow {
                try onRow(
                    EvaluatedRow(index: counts.rows, label: Self.label(of: row), answers: scorer.answers(of: row)))
            }
            counts.rows += 1
            switch scorer.learn(row) {
            case .labelled: break
            case .unlabelled: counts.unlabelled += 1
            case .classRefused: counts.classRefused += 1
            }
            if counts.rows & 0xFFFF == 0 { progress(counts.rows) }
        }
        return Self.report(scorer, counts, seconds: Double(MonotonicClock.now - started) / 1e9)
    }

    private struct Counts {
        var rows: UInt64 = 0
        var bad: UInt64 = 0
        var unlabelled: UInt64 = 0
        var classRefused: UInt64 = 0
        var firstBad: String?
    }

    private static func label(of row: borrowing EventRow) -> String {
        let text = row.labelText
        if text.byteCount > 0 { return unsafe text.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) } }
        return row.label.isNaN ? "" : "\(row.label)"
    }

    private static func report(_ scorer: borrowing Scorer, _ counts: Counts, seconds: Double) -> EvaluationReport {
        var encoder = StateEncoder()
        scorer.encode(into: &encoder)
        let models = scorer.models.map {
            EvaluationReport.Model(
                name: $0.name, metrics: $0.metrics, drifts: $0.driftCount, experts: $0.experts)
        }
        return EvaluationReport(
            events: counts.rows, bad: counts.bad, firstBad: counts.firstBad, unlabelled: counts.unlabelled,
            classRefused: counts.classRefused, classes: (0..<scorer.classes.count).map { scorer.classes.nameText($0) },
            models: models, seconds: seconds, stateDigest: SHA256.hex(encoder.bytes))
    }
}

/// One row of an evaluation, before it is learned.
public struct EvaluatedRow: Sendable {
    /// Good rows before it.
    public let index: UInt64
    /// The label as in the data; empty when missing.
    public let label: String
    /// Each model's answer in file order.
    public let answers: [EvaluatedAnswer]
}

/// One model's answer to one row.
public enum EvaluatedAnswer: Sendable, Equatable {
    /// P(positive), the value, or the anomaly score.
    case number(Double)
    /// The best class, nil before the first was learned, and the probability of the true one: 0 where the model does not
    /// know that class yet, nil where the row has no label.
    case `class`(String?, truth: Double?)
}

/// What an evaluation found.
public struct EvaluationReport: Sendable {
    /// One model's figures.
    public struct Model: Sendable {
        /// Its name in the pipeline file.
        public let name: String
        /// How good it was, row by row predicted and then learned; all its scores are kept, so that the ROC AUC is exact.
        public let metrics: PrequentialMetrics
        /// Drifts that its detector signalled; nil without `on_drift`.
        public let drifts: UInt64?
        /// How much each of its experts counts at the end; nil for a model that combines none.
        public let experts: [ExpertWeight]?
    }

    /// Rows predicted.
    public let events: UInt64
    /// Rows that could not be decoded; left out.
    public let bad: UInt64
    /// Place and reason of the first of them.
    public let firstBad: String?
    /// Rows without a label: predicted, and learned only by models that need none.
    public let unlabelled: UInt64
    /// Rows whose class was beyond those that a classifier tells apart: predicted, not learned, not in the figures.
    public let classRefused: UInt64
    /// The names of a multiclass label's classes by index; otherwise empty.
    public let classes: [String]
    /// The models in file order.
    public let models: [Model]
    /// Wall time, reading included.
    public let seconds: Double
    /// SHA-256 of the encoded learned state, hexadecimal.
    public let stateDigest: String

    /// Rows a second.
    public var eventsPerSecond: Double { seconds > 0 ? Double(events) / seconds : 0 }
}
