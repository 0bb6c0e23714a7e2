extension ConsumerSettings {
    /// The whole configuration: our defaults, which the user may change; the user's; and what Millrace owns.
    func properties(_ user: ClientProperties) -> [Property] {
        let chosen = user.layered(for: .consumer)
        var result = [
            Property(key: "socket.nagle.disable", value: "true"),
            Property(key: "fetch.wait.max.ms", value: "100"),
        ]
        if LibraryVersion.hasFetchQueueBackoff { result.append(Property(key: "fetch.queue.backoff.ms", value: "5")) }
        // The protocol of KIP-848 chooses the assignment in the broker and refuses these two.
        if !user.usesConsumerProtocol {
            result.append(Property(key: "partition.assignment.strategy", value: "cooperative-sticky"))
            // Members hear of a rebalance by their heartbeat; the group waits for the last of them (3 s by default).
            result.append(Property(key: "heartbeat.interval.ms", value: "500"))
        }
        let messageBytesMax = chosen.last { $0.key == "message.max.bytes" }.flatMap { Int($0.value) }
        result +=
            FetchBudget(
                memoryBytes: memoryBytes, partitionCount: partitionCount, messageBytesMax: messageBytesMax ?? 1_000_000
            ).properties
        result += chosen
        result += [
            Property(key: "group.id", value: user.effectiveGroupID(default: groupID)),
            Property(key: "enable.auto.commit", value: "false"),
            Property(key: "enable.auto.offset.store", value: "false"),
            Property(key: "auto.offset.reset", value: stopsOnDataLoss ? "error" : start.rawValue),
        ]
        if partitionEOF { result.append(Property(key: "enable.partition.eof", value: "true")) }
        if readCommitted { result.append(Property(key: "isolation.level", value: "read_committed")) }
        return result
    }
}
