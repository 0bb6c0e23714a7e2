import Features
import Learning

/// The model of the benchmark was refused.
struct Unusable: Error {
    let problems: [ParameterProblem]
}

/// The whole job on one event without Kafka: 9 fields in, 6 scaled features, logistic regression, JSON out.
struct Job: ~Copyable {
    private var decoder: EventDecoder
    private var row: EventRow
    private var plan: FeaturePlan
    private var vector: FeatureVector
    private var prediction = Prediction()
    private var writer: PredictionWriter
    private let learner: any Learner
    /// Keeps the results from being optimised away, and shows that two runs did the same.
    private(set) var digest: UInt64 = 0

    init() throws {
        let names = ["period", "nswprice", "nswdemand", "vicprice", "vicdemand", "transfer"]
        let schema = Schema(
            fields: names.map { .init(name: $0, kind: .number) } + [.init(name: "label", kind: .category)],
            idField: "id", eventTimeField: "ts", label: Schema.Label(field: "label", kind: .binary(positive: "1")))
        // Whatever can throw comes first: a noncopyable value cannot be given up half made.
        let learner = try Job.makeLearner(denseCount: names.count)
        let decoder = try EventDecoder(schema)
        let plan = try FeaturePlan(schema: schema, features: [.allNumbers])
        vector = plan.makeVector()
        self.learner = learner
        self.decoder = decoder
        self.plan = plan
        row = EventRow(schema: schema)
        writer = PredictionWriter(topic: "in", partition: 0, model: "logistic_regression")
    }

    /// A logistic regression in its default configuration.
    static func makeLearner(denseCount: Int) throws -> any Learner {
        let (specification, problems) = ModelSpecification.parse(
            name: "logistic_regression", entries: [ParameterEntry("type", .text("logistic_regression"))], task: .binary)
        guard let specification else { throw Unusable(problems: problems) }
        return specification.makeLearner(denseCount: denseCount)
    }

    /// One event's JSON, as the producer of the benchmarks writes it.
    static func event(_ index: Int, _ numbers: [Double]) -> [UInt8] {
        let names = ["period", "nswprice", "nswdemand", "vicprice", "vicdemand", "transfer"]
        let fields = zip(names, numbers).map { "\"\($0)\":\($1)" }.joined(separator: ",")
        let label = numbers[1] + numbers[2] > numbers[3] + numbers[4] ? 1 : 0
        let time = "1996-05-07T\(10 + index % 10):\(10 + index % 50):00Z"
        return Array("{\"id\":\(index),\"ts\":\"\(time)\",\(fields),\"label\":\(label)}".utf8)
    }

    @inline(__always)
    mutating func decode(_ event: borrowing [UInt8]) {
        let bytes = unsafe event.span.bytes
        if decoder.decode(bytes, into: &row) != .good { digest &+= 1 << 63 }
    }

    @inline(__always)
    mutating func predictAndLearn() {
        plan.fill(&vector, from: row)
        learner.predict(vector, into: &prediction)
        learner.learn(vector, label: row.label, weight: 1)
        digest = digest &* 31 &+ prediction.value.bitPattern
    }

    @inline(__always)
    mutating func encode(_ offset: Int64) {
        writer.writeBinary(
            of: row, offset: offset, timestamp: 0, prediction: prediction.value > 0.5, score: prediction.value)
        digest = digest &* 31 &+ UInt64(writer.bytes.byteCount)
    }
}
