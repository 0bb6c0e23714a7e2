public import Learning

/// Writes prediction records (JSON) into one reused buffer; the parts that never change are rendered once.
///
/// One writer belongs to one input partition and one model. A record is `event_id`, `event_time`, `source`, `model`,
/// `version`, `prediction`, and `score` or `scores` where the task has one; an `explanation` may be added at its end. Not a
/// general JSON writer.
public struct PredictionWriter: ~Copyable, Sendable {
    var output = OutputBytes()
    private let parts: Parts

    /// What is the same in every record.
    private struct Parts {
        /// `topic/partition/`, JSON-escaped, without quotes.
        let source: [UInt8]
        /// `,"source":"topic/partition/`
        let beforeOffset: [UInt8]
        /// `","model":"…","version":…,"prediction":`
        let beforePrediction: [UInt8]

        var byteCount: Int { 2 * source.count + beforeOffset.count + beforePrediction.count }
    }

    /// A writer for records of `partition` of `topic`, predicted by `model` in `version` (0 until versions exist).
    public init(topic: String, partition: Int32, model: String, version: UInt64 = 0) {
        let source = Self.escaped(topic) + Array("/\(partition)/".utf8)
        let model = Array("\",\"model\":\"".utf8) + Self.escaped(model)
        parts = Parts(
            source: source, beforeOffset: Array(",\"source\":\"".utf8) + source,
            beforePrediction: model + Array("\",\"version\":\(version),\"prediction\":".utf8))
    }

    /// The record last written; empty before the first.
    public var bytes: RawSpan {
        @_lifetime(borrow self) borrowing get { output.span }
    }

    /// Writes the record of a binary model: `score` is P(positive), `prediction` what was decided from it.
    ///
    /// `offset` is the input record's; `timestamp`, in milliseconds, stands in where the row has no event time (negative:
    /// there is none, the field is null). A score that is not finite is written as null.
    public mutating func writeBinary(
        of row: borrowing EventRow, offset: Int64, timestamp: Int64, prediction: Bool, score: Double
    ) {
        Self.begin(&output, parts, row, offset, timestamp)
        output.append(prediction ? "true,\"score\":" : "false,\"score\":")
        output.append(score)
        output.append(UInt8(ascii: "}"))
    }

    /// Writes the record of a regression model; a value that is not finite is written as null.
    public mutating func writeRegression(of row: borrowing EventRow, offset: Int64, timestamp: Int64, value: Double) {
        Self.begin(&output, parts, row, offset, timestamp)
        output.append(value)
        output.append(UInt8(ascii: "}"))
    }

    /// Writes the record of a multiclass model: the best class's name and every class's probability. `classes` names the
    /// classes by index; before the first class was learned the prediction is null.
    public mutating func writeMulticlass(
        of row: borrowing EventRow, offset: Int64, timestamp: Int64, prediction: borrowing Prediction,
        classes: borrowing CategoryTable
    ) {
        Self.begin(&output, parts, row, offset, timestamp)
        let count = min(prediction.classCount, classes.count)
        if let best = Int(exactly: prediction.value), best >= 0, best < count {
            output.appendQuoted(classes.name(best))
        } else {
            output.append("null")
        }
        output.reserve(16)
        output.append(",\"scores\":{")
        for index in 0..<count {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            output.appendQuoted(classes.name(index))
            output.reserve(64)
            output.append(UInt8(ascii: ":"))
            output.append(prediction[index])
        }
        output.append("}}")
    }

    /// Writes everything up to the prediction and leaves room for it.
    @inline(__always)
    private static func begin(
        _ output: inout OutputBytes, _ parts: borrowing Parts, _ row: borrowing EventRow, _ offset: Int64,
        _ timestamp: Int64
    ) {
        output.removeAll()
        let id = row.idJSON
        // Two offsets and a time of at most 32 bytes each, a score of 40, the fixed words and what surrounds them.
        output.reserve(id.byteCount + parts.byteCount + 256)
        output.append("{\"event_id\":")
        if row.idKind == .none {
            output.append(UInt8(ascii: "\""))
            unsafe output.append(parts.source.span.bytes)
            output.append(offset)
            output.append(UInt8(ascii: "\""))
        } else {
            output.append(id)
        }
        output.append(",\"event_time\":")
        if row.hasEventTime {
            output.append(row.eventTimeMilliseconds)
        } else if timestamp >= 0 {
            output.append(timestamp)
        } else {
            output.append("null")
        }
        unsafe output.append(parts.beforeOffset.span.bytes)
        output.append(offset)
        unsafe output.append(parts.beforePrediction.span.bytes)
    }

    /// The inside of a JSON string.
    static func escaped(_ text: String) -> [UInt8] {
        var quoted = OutputBytes()
        let bytes = Array(text.utf8)
        unsafe quoted.appendQuoted(bytes.span.bytes)
        return unsafe quoted.span.withUnsafeBytes { unsafe Array($0.dropFirst().dropLast()) }
    }
}
