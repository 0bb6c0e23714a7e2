import Kafka
import Telemetry

/// The topics of one `bench`: named so that nobody else has them, created on the file's brokers, deleted at the end.
struct BenchTopics {
    let prefix: String
    let partitionCount: Int
    let properties: ClientProperties
    let log: Log

    var input: String { prefix + "-input" }
    var pipelineOutput: String { prefix + "-pipeline" }
    var passOutput: String { prefix + "-pass-through" }
    var deadLetters: String { prefix + "-dead-letter" }
    /// Input and output of a latency round, which have to start empty.
    func quiet(_ name: String) -> (input: String, output: String) {
        ("\(prefix)-quiet-\(name)-input", "\(prefix)-quiet-\(name)-output")
    }

    private var all: [String] {
        let quiet = ["pipeline", "pass-through"].map(quiet).flatMap { [$0.input, $0.output] }
        return [input, pipelineOutput, passOutput, deadLetters] + quiet
    }

    /// Creates all of them, empty; false when `interruption` came before a broker answered.
    func create(timeout: Duration, _ interruption: Cancellation) throws(CommandFailure) -> Bool {
        do throws(KafkaError) {
            let admin = try Admin(properties: properties, log: log)
            defer { _ = admin.close(deadline: .now + .seconds(5)) }
            guard try Self.isReachable(admin, within: timeout, interruption) else { return false }
            let wanted = all.map { NewTopic(name: $0, partitions: partitionCount) }
            let failures = try admin.createTopics(wanted, timeout: .seconds(30))
            if let failure = failures.values.first { throw failure }
            for topic in all { try Self.awaitTopic(topic, admin) }
            return true
        } catch {
            throw CommandFailure(error, while: "preparing the topics \(prefix)-…")
        }
    }

    /// In short waits, so that an interruption is seen.
    private static func isReachable(
        _ admin: Admin, within limit: Duration, _ interruption: Cancellation
    ) throws(KafkaError) -> Bool {
        let deadline = ContinuousClock.now + limit
        while !interruption.isCancelled {
            do throws(KafkaError) {
                try admin.waitUntilReachable(deadline: min(deadline, .now + .milliseconds(500)))
                return true
            } catch {
                if error.isAuthentication || ContinuousClock.now >= deadline { throw error }
            }
        }
        return false
    }

    /// A new topic takes a moment to reach every broker.
    private static func awaitTopic(_ topic: String, _ admin: Admin) throws(KafkaError) {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            do throws(KafkaError) {
                _ = try admin.metadata(topic: topic, timeout: .seconds(10))
                return
            } catch {
                guard error.isUnknownTopic, ContinuousClock.now < deadline else { throw error }
                pause(until: .now + .milliseconds(50))
            }
        }
    }

    /// Deletes them; what cannot be deleted is logged.
    func delete() {
        do throws(KafkaError) {
            let admin = try Admin(properties: properties, log: log)
            defer { _ = admin.close(deadline: .now + .seconds(5)) }
            for (topic, error) in try admin.deleteTopics(all, timeout: .seconds(30)) {
                log.warning("topic not deleted", ["topic": topic, "reason": error.message])
            }
        } catch {
            log.warning("topics not deleted", ["prefix": prefix, "reason": error.message])
        }
    }
}
