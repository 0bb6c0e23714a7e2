/// The properties that Millrace sets itself because its guarantees stand on them, with the reason given to whoever sets
/// them in a file.
enum OwnedProperties {
    private static let reasons: [String: String] = [
        "enable.auto.commit": "Millrace commits an offset only when its prediction is delivered",
        "auto.commit.enable": "Millrace commits an offset only when its prediction is delivered",
        "enable.auto.offset.store": "Millrace commits an offset only when its prediction is delivered",
        "auto.offset.reset": "use `input.start` (earliest or latest) and `on_data_loss` instead",
        "enable.idempotence": "it is always on: retries must neither repeat nor reorder outputs",
        "transactional.id": "Millrace derives it from the group and the partition",
        "delivery.report.only.error": "each output's delivery moves the committed offset, so each has to be reported",
        "offset.store.method": "offsets are committed to the group, nowhere else",
        "log.queue": "librdkafka's log goes into Millrace's own",
    ]

    /// Why this property may not be set to this value, or `nil` when it may.
    static func reason(_ key: String, _ value: String, exactlyOnce: Bool) -> String? {
        if let reason = reasons[key] { return "is set by Millrace: \(reason)" }
        switch key {
        case "isolation.level" where exactlyOnce:
            return "is set by Millrace: under `guarantee: exactly_once` only committed records are read"
        case "acks", "request.required.acks":
            return ["all", "-1"].contains(value)
                ? nil : "must be `all`: the producer is idempotent, and an output counts when it is safe"
        case "max.in.flight", "max.in.flight.requests.per.connection":
            return (Int(value) ?? 0) > 5 ? "must be at most 5: the producer is idempotent" : nil
        case "retries", "message.send.max.retries":
            return Int(value) == 0 ? "must be at least 1: the producer is idempotent" : nil
        case "queuing.strategy":
            return value == "fifo" ? nil : "must be `fifo`: outputs keep the order of their inputs"
        default:
            return nil
        }
    }
}
