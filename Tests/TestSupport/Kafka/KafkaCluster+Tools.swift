import Foundation

extension KafkaCluster {
    /// Kafka's own command-line tools, by class.
    public enum Tool: String, Sendable {
        /// Topics: create, describe, delete.
        case topics = "org.apache.kafka.tools.TopicCommand"
        /// Consumer groups: positions, members, coordinator.
        case groups = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"
        /// Access control lists.
        case accessControl = "org.apache.kafka.tools.AclCommand"
        /// The controllers' quorum.
        case quorum = "org.apache.kafka.tools.MetadataQuorumCommand"
    }

    /// Runs one of Kafka's tools against this cluster and gives what it printed; about a second each.
    ///
    /// - Throws: when it fails, or without a distribution.
    @discardableResult
    public func run(_ tool: Tool, _ arguments: [String]) throws -> String {
        guard let java else { throw TestFailure(BrokerAccess.missingDistribution) }
        let server = brokers.first { $0.process?.isRunning == true }?.address ?? bootstrapServers
        let result = try ChildProcess.run(
            java.java,
            java.arguments(tool.rawValue, heap: "128m", logs: folder.url, logging: logging)
                + ["--bootstrap-server", server] + arguments,
            within: .seconds(60))
        guard result.ending == .code(0) else {
            throw TestFailure("\(tool.rawValue) \(arguments): \(result.output)\(result.errors)")
        }
        return result.output
    }

    /// Makes a topic.
    ///
    /// - Parameters:
    ///   - placement: the brokers of each partition, its leader first; without it Kafka places `partitions` itself.
    ///   - properties: of the topic, for example `message.timestamp.type`.
    public func createTopic(
        _ name: String, partitions: Int = 4, placement: [[Int]]? = nil, properties: [String: String] = [:]
    ) throws {
        var arguments = ["--create", "--topic", name]
        if let placement {
            let brokers = placement.map { $0.map(String.init).joined(separator: ":") }
            arguments += ["--replica-assignment", brokers.joined(separator: ",")]
        } else {
            arguments += ["--partitions", "\(partitions)"]
        }
        for (key, value) in properties.sorted(by: { $0.key < $1.key }) { arguments += ["--config", "\(key)=\(value)"] }
        try run(.topics, arguments)
    }

    /// The committed position of each partition of a topic; partitions without one are left out.
    public func committed(group: String, topic: String) throws -> [Int: Int64] {
        let text = try run(.groups, ["--describe", "--group", group])
        var positions: [Int: Int64] = [:]
        for line in text.split(separator: "\n") {
            // GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID
            let columns = line.split(separator: " ", omittingEmptySubsequences: true)
            guard columns.count > 4, columns[0] == group, columns[1] == topic,
                let partition = Int(columns[2]), let position = Int64(columns[3])
            else { continue }
            positions[partition] = position
        }
        return positions
    }

    /// Which partitions of a topic each member of a group has, by the member's id.
    public func assignment(group: String, topic: String) throws -> [String: Set<Int>] {
        let text = try run(.groups, ["--describe", "--group", group])
        var members: [String: Set<Int>] = [:]
        for line in text.split(separator: "\n") {
            let columns = line.split(separator: " ", omittingEmptySubsequences: true)
            guard columns.count > 6, columns[0] == group, columns[1] == topic, let partition = Int(columns[2]),
                columns[6] != "-"
            else { continue }
            members[String(columns[6]), default: []].insert(partition)
        }
        return members
    }

    /// The broker that coordinates a group.
    public func coordinator(group: String) throws -> Int {
        let text = try run(.groups, ["--describe", "--group", group, "--state"])
        // GROUP  COORDINATOR (ID)  …: `name 127.0.0.1:20001 (2) range Stable 1`
        for line in text.split(separator: "\n") where line.hasPrefix(group + " ") {
            if let open = line.firstIndex(of: "("), let close = line[open...].firstIndex(of: ")"),
                let identifier = Int(line[line.index(after: open)..<close])
            {
                return identifier
            }
        }
        throw TestFailure("no coordinator in: \(text)")
    }

    /// The broker that leads the controllers.
    public func activeController() throws -> Int {
        let text = try run(.quorum, ["describe", "--status"])
        for line in text.split(separator: "\n") where line.hasPrefix("LeaderId:") {
            if let identifier = Int(line.dropFirst("LeaderId:".count).trimmingCharacters(in: .whitespaces)) {
                return identifier
            }
        }
        throw TestFailure("no leader in: \(text)")
    }
}
