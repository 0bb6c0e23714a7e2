import Learning

/// Predict and learn of every model type in its default configuration, in its own loop, on the example streams in memory.
///
/// It goes by `ModelType.all`, so that a new learner appears by itself. A stream is repeated or cut to `eventsMax` events,
/// and a learner slower than that within the time of a round is measured on the events it managed.
enum LearnerTable {
    private static let rounds = 3
    private static let eventsMax = 50_000
    /// Nanoseconds a round may take, checked every `stride` events.
    private static let roundMax = 1e9
    private static let stride = 1_000

    static func print(examples: String) throws {
        let streams = try ExampleStream.files.map {
            try ExampleStream(examples: examples, file: $0.file, task: $0.task)
        }
        Swift.print("nanoseconds an event, predict + learn, by model type and stream")
        Swift.print(row("", streams.map(\.name)))
        let filling = streams.map { stream in least(of: rounds) { fill(stream) } }
        Swift.print(row("(filling the vector alone)", filling.map(text)))
        for type in ModelType.all where type.isBuilt {
            Swift.print(row(type.name, streams.map { cell(type, $0) }))
        }
    }

    private static func cell(_ type: ModelType, _ stream: ExampleStream) -> String {
        guard let specification = specification(type, stream) else { return "-" }
        return text(least(of: rounds) { run(specification.makeLearner(denseCount: stream.denseCount), stream) })
    }

    /// A new learner of the type in its default configuration; nil where it does not fit the stream's labels.
    static func learner(_ type: ModelType, _ stream: ExampleStream) -> (any Learner)? {
        specification(type, stream)?.makeLearner(denseCount: stream.denseCount)
    }

    private static func specification(_ type: ModelType, _ stream: ExampleStream) -> ModelSpecification? {
        // The labels 0 and 1 of a binary stream are two classes as well, and say what is an anomaly.
        let tasks = stream.task == .binary ? [stream.task, .multiclass, .anomaly] : [stream.task]
        guard let task = tasks.first(where: type.tasks.contains) else { return nil }
        return ModelSpecification.parse(
            name: type.name, entries: [ParameterEntry("type", .text(type.name))], task: task
        ).0
    }

    /// Nanoseconds an event of a new learner over the stream, filling included.
    private static func run(_ learner: any Learner, _ stream: ExampleStream) -> Double {
        var vector = stream.makeVector()
        var prediction = Prediction()
        var sum = 0.0
        var time = 0.0
        var done = 0
        while done < eventsMax && time < roundMax {
            let first = done
            done += min(stride, eventsMax - done)
            time += nanoseconds(1) {
                for index in first..<done {
                    let row = index % stream.count
                    stream.fill(&vector, row: row)
                    learner.predict(vector, into: &prediction)
                    sum += prediction.value
                    learner.learn(vector, label: stream.labels[row], weight: 1)
                }
            }
        }
        precondition(sum.isFinite, "a prediction was not finite")
        return time / Double(done)
    }

    private static func fill(_ stream: ExampleStream) -> Double {
        var vector = stream.makeVector()
        var sum = 0.0
        let time = nanoseconds(eventsMax) {
            for index in 0..<eventsMax {
                stream.fill(&vector, row: index % stream.count)
                sum += vector[0]
            }
        }
        precondition(!sum.isInfinite)
        return time
    }

    private static func text(_ nanoseconds: Double) -> String { String(Int(nanoseconds.rounded())) }

    static func row(_ name: String, _ cells: [String]) -> String {
        cells.reduce(padded(name, 32, atEnd: true)) { $0 + padded($1, 16, atEnd: false) }
    }

    private static func padded(_ text: String, _ width: Int, atEnd: Bool) -> String {
        let blanks = String(repeating: " ", count: max(0, width - text.count))
        return atEnd ? text + blanks : blanks + text
    }
}
