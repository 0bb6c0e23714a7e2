/// The parts of a pipeline that say how the service itself behaves, defaults where the file says nothing.
struct ServiceParts {
    var onDataLoss = Pipeline.DataLossPolicy.stop
    var http: Pipeline.HTTPAddress?
    var memoryBytes = 128 << 20
    var commitInterval = Duration.seconds(1)
    var stuckAfter = Duration.seconds(30)
}

extension PipelineReader {
    /// Below this, queues would hold less than one fetch of each partition; above it, no machine is.
    private static let memoryRange = (16 << 20)...(16 << 40)
    /// Faster than 10 ms, commits cost more than the work between them.
    private static let commitIntervalRange = Duration.milliseconds(10)...Duration.seconds(3_600)
    private static let stuckAfterRange = Duration.seconds(1)...Duration.seconds(86_400)

    mutating func service(in root: Section) -> ServiceParts {
        var parts = ServiceParts()
        if let field = root["on_data_loss"] {
            parts.onDataLoss = word(field, Pipeline.DataLossPolicy.self) ?? parts.onDataLoss
        }
        if let field = root["http"] { parts.http = http(field) }
        if let field = root["memory"] { parts.memoryBytes = size(field, in: Self.memoryRange) ?? parts.memoryBytes }
        if let field = root["commit_interval"] {
            parts.commitInterval = duration(field, in: Self.commitIntervalRange) ?? parts.commitInterval
        }
        if let field = root["stuck_after"] {
            parts.stuckAfter = duration(field, in: Self.stuckAfterRange) ?? parts.stuckAfter
        }
        if parts.stuckAfter <= parts.commitInterval, let field = root["stuck_after"] ?? root["commit_interval"] {
            problems.add(
                "'stuck_after' (\(Quantity.text(parts.stuckAfter))) must be longer than 'commit_interval' "
                    + "(\(Quantity.text(parts.commitInterval))): progress shows when it is committed",
                at: field.position)
        }
        return parts
    }

    private mutating func http(_ field: Field) -> Pipeline.HTTPAddress? {
        guard let section = section(field) else { return nil }
        var address = Pipeline.HTTPAddress()
        if let field = section["host"], let host = text(field) {
            address.host = host.text
            if host.text.contains(where: { $0.isWhitespace || $0 == "/" }) {
                problems.add("'http.host' is '\(host.shown)', which is no address or host name", at: host.position)
            }
        }
        if let field = section["port"] { address.port = integer(field, in: 0...65_535) ?? address.port }
        return address
    }
}
