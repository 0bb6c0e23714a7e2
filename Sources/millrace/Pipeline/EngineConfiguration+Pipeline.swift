import Configuration
import Engine

extension EngineConfiguration {
    /// What the engine needs of a checked pipeline; the flags of the command line are added by the caller.
    init(_ pipeline: Pipeline) {
        let policy: BadRecordPolicy =
            switch pipeline.onBadRecord {
            case .deadLetter: .deadLetter(topic: pipeline.deadLetterTopic ?? "\(pipeline.groupID)-dead-letter")
            case .skip: .skip
            case .stop: .stop
            }
        self.init(
            groupID: pipeline.groupID, properties: pipeline.kafka, inputTopic: pipeline.input.topic,
            schema: pipeline.input.schema, features: pipeline.features, models: pipeline.models,
            outputTopic: pipeline.output.topic, onBadRecord: policy)
        explanationLength = pipeline.output.explain
        passesHeaders = pipeline.output.headers == .pass
        onDataLoss = pipeline.onDataLoss == .stop ? .stop : .continue
        start = pipeline.input.start == .earliest ? .earliest : .latest
        memoryBytes = pipeline.memoryBytes
        commitInterval = pipeline.commitInterval
        stuckAfter = pipeline.stuckAfter
    }
}
