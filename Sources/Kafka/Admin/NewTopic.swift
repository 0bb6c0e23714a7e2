/// A topic to be created.
public struct NewTopic: Sendable {
    /// Its name.
    public var name: String
    /// How many partitions.
    public var partitions: Int
    /// Copies of each; `nil` leaves it to the cluster (Kafka 2.4 and later).
    public var replication: Int?
    /// Topic configuration, such as `max.message.bytes`.
    public var configuration: [Property]

    /// A topic with the cluster's replication and configuration unless said otherwise.
    public init(name: String, partitions: Int, replication: Int? = nil, configuration: [Property] = []) {
        self.name = name
        self.partitions = partitions
        self.replication = replication
        self.configuration = configuration
    }
}
