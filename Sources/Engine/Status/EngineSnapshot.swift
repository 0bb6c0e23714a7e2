/// The state of a running engine at one moment, for people and probes.
public struct EngineSnapshot: Sendable {
    /// One task.
    public struct Partition: Sendable {
        /// The input topic's partition number.
        public var partition: Int32
        /// Everything below is predicted and acknowledged; -1 before the first record.
        public var deliveredPosition: Int64
        /// Behind the last record processed; -1 before the first record.
        public var readPosition: Int64
        /// The last position handed to a commit; -1 when none was.
        public var committedPosition: Int64
        /// The end of the log as last heard of; `nil` while unknown.
        public var endOffset: Int64?
        /// Records behind: end less delivered position; `nil` while unknown.
        public var lag: Int64?
        /// Outputs handed to the producer and not acknowledged.
        public var inFlight: Int
        /// Seconds since the last progress.
        public var progressAgeSeconds: Double
        /// Predictions of this task.
        public var predictedCount: UInt64
    }

    /// One model over all tasks of this process.
    public struct Model: Sendable {
        /// Its name in the pipeline file.
        public var name: String
        /// Labelled events scored, over the tasks.
        public var scored: UInt64
        /// Share of right predictions; `nil` for regression or before the first label.
        public var accuracy: Double?
        /// The same for "same as the last label" over the same events.
        public var baselineAccuracy: Double?
        /// Mean absolute error; `nil` for classification or before the first label.
        public var meanAbsoluteError: Double?
        /// The same for "same as the last value" over the same events.
        public var baselineMeanAbsoluteError: Double?
    }

    /// Seconds since the engine was made.
    public var uptimeSeconds: Double
    /// Predictions handed to the producer.
    public var predictedCount: UInt64
    /// Records acknowledged by the output topics, dead letters included.
    public var deliveredCount: UInt64
    /// Records that could not be decoded.
    public var badCount: UInt64
    /// Milliseconds from reading to acknowledgement, median; `nil` before the first.
    public var latencyMillisecondsP50: Double?
    /// The same, 99th percentile.
    public var latencyMillisecondsP99: Double?
    /// The tasks of this process by partition number.
    public var partitions: [Partition]
    /// The models in file order.
    public var models: [Model]
}

/// What a run amounted to.
public struct RunSummary: Sendable {
    /// The state at the end.
    public var snapshot: EngineSnapshot
    /// Whether every partition reached the end offset read at the start (`exitsAtEnd`).
    public var reachedEnd: Bool
}

/// Whether the service does its work.
public struct EngineReadiness: Sendable {
    /// True when it does.
    public var isReady: Bool
    /// Why not, or `ok`; one line.
    public var reason: String
}
