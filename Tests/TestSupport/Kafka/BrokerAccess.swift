public import Foundation

/// Where the tests get a real broker from.
public enum BrokerAccess: Sendable {
    /// A Kafka distribution: its `libs/` is run on loopback by the tests themselves (`KAFKA_HOME`).
    case distribution(URL)
    /// Brokers that run already (`KAFKA_BOOTSTRAP_SERVERS`): tests that need to stop or freeze one are skipped.
    case servers(String)

    /// What the environment offers; `KAFKA_HOME` wins. `nil` when neither is set.
    public static let available: BrokerAccess? = {
        let environment = ProcessInfo.processInfo.environment
        if let home = environment["KAFKA_HOME"], !home.isEmpty {
            return .distribution(URL(fileURLWithPath: home).standardizedFileURL)
        }
        if let servers = environment["KAFKA_BOOTSTRAP_SERVERS"], !servers.isEmpty {
            return .servers(servers)
        }
        return nil
    }()

    /// Whether tests on a real broker can run at all.
    public static var isAvailable: Bool { available != nil }

    /// Whether brokers can be started, killed and frozen.
    public static var isDistribution: Bool {
        if case .distribution = available { true } else { false }
    }

    /// The message of tests skipped because `isAvailable` is false.
    public static let missing = "set KAFKA_HOME to a Kafka distribution, or KAFKA_BOOTSTRAP_SERVERS, to run these"

    /// The message of tests skipped because `isDistribution` is false.
    public static let missingDistribution = "needs KAFKA_HOME: it starts and stops brokers of its own"
}
