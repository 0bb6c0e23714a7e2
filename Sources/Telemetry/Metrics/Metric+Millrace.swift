// Every metric of Millrace, with its labels and their cardinality. Labels are topics, partitions, model names and
// closed lists of reasons; never keys, ids or anything else that a record brings.

extension Metric where Handle == Counter {
    /// Records taken from the input topic, bad ones included.
    public static var events: Self { Self("millrace_events_total", help: "Input records taken.") }

    /// Predictions handed to the producer; repeats after a restart count again.
    public static var predictions: Self { Self("millrace_predictions_total", help: "Predictions published.") }

    /// Bad records by `reason`, the closed list of `millrace-error`; whatever `on_bad_record` says about them.
    public static var badRecords: Self {
        Self(
            "millrace_bad_records_total", labels: ["reason"], seriesMax: 32,
            help: "Input records that could not be scored, by reason.")
    }

    /// Records written to the dead-letter topic, by `reason`: those of bad records and `delivery_refused`.
    public static var deadLetters: Self {
        Self(
            "millrace_dead_letters_total", labels: ["reason"], seriesMax: 32,
            help: "Records written to the dead-letter topic, by reason.")
    }

    /// Events learned, per model name.
    public static var learned: Self {
        Self("millrace_learned_total", labels: ["model"], seriesMax: 100, help: "Events a model has learned from.")
    }

    /// Events whose label was missing or null: predicted, not learned.
    public static var labelsMissing: Self {
        Self("millrace_labels_missing_total", help: "Events predicted but not learned because the label is missing.")
    }

    /// Events whose class is beyond those that a classifier tells apart, or has too long a name: predicted, not learned.
    public static var classesRefused: Self {
        Self(
            "millrace_classes_refused_total",
            help: "Events predicted but not learned because there are too many classes already.")
    }

    /// Drifts signalled by the detector of a model with `on_drift`, per model name.
    public static var drifts: Self {
        Self("millrace_drifts_total", labels: ["model"], seriesMax: 100, help: "Drifts a model's detector signalled.")
    }

    /// Declared fields that were missing or null, one for each field and event.
    public static var featuresAbsent: Self {
        Self("millrace_features_absent_total", help: "Declared fields that were missing or null in an event.")
    }

    /// Values of category fields that no model had seen in learning.
    public static var categoriesUnknown: Self {
        Self("millrace_categories_unknown_total", help: "Category values that were never learned from.")
    }

    /// Records that could be sent nowhere: prediction and dead letter were refused, or there is no dead-letter topic.
    public static var recordsDropped: Self {
        Self("millrace_records_dropped_total", help: "Records whose prediction and dead letter were both refused.")
    }

    /// Records read again at an offset that was processed already; they are passed over.
    public static var recordsRepeated: Self {
        Self("millrace_records_repeated_total", help: "Records read twice and passed over the second time.")
    }

    /// Outputs acknowledged by the brokers, dead letters included.
    public static var deliveries: Self {
        Self("millrace_deliveries_total", help: "Output records acknowledged by the brokers.")
    }

    /// Outputs that failed for good, by `reason`: `retriable`, `refused`, `unauthorised`, `fatal`.
    public static var deliveryFailures: Self {
        Self(
            "millrace_delivery_failures_total", labels: ["reason"], seriesMax: 32,
            help: "Output records the brokers did not take, by reason.")
    }

    /// Outputs sent again with the present time because the broker refused the input's timestamp.
    public static var timestampsReplaced: Self {
        Self(
            "millrace_timestamps_replaced_total",
            help: "Output records sent with the present time because the broker refused the input's timestamp.")
    }

    /// Offset commits that succeeded.
    public static var commits: Self { Self("millrace_commits_total", help: "Offset commits that succeeded.") }

    /// Offset commits that failed and are tried again.
    public static var commitFailures: Self {
        Self("millrace_commit_failures_total", help: "Offset commits that failed.")
    }

    /// Rebalances, by `kind`: `assign`, `revoke`, `lost`.
    public static var rebalances: Self {
        Self("millrace_rebalances_total", labels: ["kind"], seriesMax: 8, help: "Rebalance callbacks, by kind.")
    }

    /// Offsets that no longer existed at a committed position, per topic (`on_data_loss: continue`).
    public static var offsetsLost: Self {
        Self(
            "millrace_offsets_lost_total", labels: ["topic"], seriesMax: 100,
            help: "Committed positions whose offset no longer existed.")
    }

    /// Partitions redone from their last contiguous position after a retriable delivery failure.
    public static var partitionRestarts: Self {
        Self("millrace_partition_restarts_total", help: "Partitions redone after a delivery failure.")
    }

    /// Errors that librdkafka reported, by its `code` name.
    public static var kafkaErrors: Self {
        Self(
            "millrace_kafka_errors_total", labels: ["code"], seriesMax: 200,
            help: "Errors reported by the Kafka client, by code.")
    }

    /// Watermark queries that wake a sleeping broker thread.
    public static var fetchWakeUps: Self {
        Self("millrace_fetch_wake_ups_total", help: "Queries sent to wake a leader whose fetch queue ran low.")
    }

    /// Log entries dropped because nobody read standard error.
    public static var logEntriesDropped: Self {
        Self("millrace_log_entries_dropped_total", help: "Log entries dropped because nobody read them.")
    }

    /// Requests answered, by `path` (the route, or `other`) and status `code`.
    public static var httpRequests: Self {
        Self(
            "millrace_http_requests_total", labels: ["path", "code"], seriesMax: 200,
            help: "HTTP requests answered, by route and status code.")
    }

    /// User and system time of the process, in seconds.
    public static var processCPUSeconds: Self {
        Self("process_cpu_seconds_total", help: "User and system CPU time spent in seconds.")
    }
}

extension Metric where Handle == Gauge {
    /// Records between the position and the end of each input partition.
    public static var partitionLag: Self {
        Self(
            "millrace_partition_lag", labels: ["topic", "partition"], seriesMax: 10_000,
            help: "Records between the position and the end of an input partition.")
    }

    /// Seconds since each input partition last moved on, or was last known to have nothing to do.
    public static var partitionProgressAge: Self {
        Self(
            "millrace_partition_progress_age_seconds", labels: ["topic", "partition"], seriesMax: 10_000,
            help: "Seconds since a partition last made progress.")
    }

    /// The next offset to read, per input partition.
    public static var partitionPosition: Self {
        Self(
            "millrace_partition_position", labels: ["topic", "partition"], seriesMax: 10_000,
            help: "The next offset to read of an input partition.")
    }

    /// The last committed position, per input partition.
    public static var partitionCommitted: Self {
        Self(
            "millrace_partition_committed", labels: ["topic", "partition"], seriesMax: 10_000,
            help: "The last committed position of an input partition.")
    }

    /// Input partitions this process owns.
    public static var partitionsAssigned: Self {
        Self("millrace_partitions_assigned", help: "Input partitions this process owns.")
    }

    /// Outputs handed to the producer and not yet acknowledged.
    public static var outputsInFlight: Self {
        Self("millrace_outputs_in_flight", help: "Output records not yet acknowledged by the brokers.")
    }

    /// A prequential metric of a model: `metric` is `accuracy`, `f1`, `roc_auc`, `log_loss`, `mae`, `rmse`, `r2`.
    public static var modelQuality: Self {
        Self(
            "millrace_model_quality", labels: ["model", "metric"], seriesMax: 1000,
            help: "Prequential metrics of a model.")
    }

    /// How much each expert of a model that combines experts counts, 0 to 1.
    public static var expertWeight: Self {
        Self(
            "millrace_expert_weight", labels: ["model", "expert"], seriesMax: 1000,
            help: "Weight of an expert in a model that combines experts; 0 while it is retired.")
    }

    /// 1 while `/readyz` says yes, 0 otherwise.
    public static var ready: Self { Self("millrace_ready", help: "1 when the service is ready, else 0.") }

    /// Always 1; its labels name the build.
    public static var buildInfo: Self {
        Self(
            "millrace_build_info", labels: ["version", "librdkafka"], seriesMax: 4,
            help: "Always 1; the labels name the versions.")
    }

    /// When the process started, in seconds since 1970.
    public static var processStartTime: Self {
        Self("process_start_time_seconds", help: "Start time of the process since unix epoch in seconds.")
    }

    /// Memory in RAM.
    public static var processResidentMemory: Self {
        Self("process_resident_memory_bytes", help: "Resident memory size in bytes.")
    }

    /// Descriptors in use.
    public static var processOpenDescriptors: Self {
        Self("process_open_fds", help: "Number of open file descriptors.")
    }

    /// The limit of descriptors.
    public static var processDescriptorsMax: Self {
        Self("process_max_fds", help: "Maximum number of open file descriptors.")
    }
}

extension Metric where Handle == Histogram {
    /// From taking a batch to its last delivery report.
    public static var batchLatency: Self {
        Self("millrace_batch_latency_seconds", help: "From taking a batch to the last acknowledgement of its outputs.")
    }

    /// How long a rebalance hook took.
    public static var rebalanceHook: Self {
        Self("millrace_rebalance_hook_seconds", help: "Time spent in a rebalance hook.")
    }
}
