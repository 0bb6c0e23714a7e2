import Kafka

extension EmbeddedCluster {
    /// The embedded cluster waits three seconds for the first members, and a session timeout less one second for those that left.
    var quickGroups: ClientProperties {
        var properties = ClientProperties(bootstrapServers: bootstrapServers)
        properties.consumer = [
            Property(key: "session.timeout.ms", value: "4500"), Property(key: "heartbeat.interval.ms", value: "100"),
        ]
        return properties
    }
}
