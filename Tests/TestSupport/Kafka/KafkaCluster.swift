public import Foundation
import Glibc

/// A real Apache Kafka on loopback (KRaft, every node broker and controller), or one that runs already.
///
/// It ends with this object and with the test process. One broker is ready in about three seconds, three in about eight.
/// Methods block; tests call them from one task at a time.
public final class KafkaCluster: @unchecked Sendable {
    /// What is wanted of a cluster besides Kafka's defaults.
    public struct Options: Sendable {
        /// How many brokers; 1 or 3.
        public var brokers = 1
        /// Whether there is a SASL_SSL listener with SCRAM and PLAIN, with users `admin`, `millrace` and `guest` (password
        /// `<user>-secret`), and an authorizer: only `admin` and the plain listener may do everything.
        public var isSecure = false
        /// Broker properties that win over those chosen here.
        public var properties: [String: String] = [:]
        /// Each broker's heap, as Java writes it.
        public var heap = "512m"

        /// One broker without security.
        public init() {}
    }

    /// `bootstrap.servers` of the plain listeners.
    public let bootstrapServers: String
    /// `bootstrap.servers` of the SASL_SSL listeners; empty without security.
    public let secureBootstrapServers: String
    /// The certificate authority for the SASL_SSL listeners, in PEM.
    public let certificateAuthority: URL

    // Why unchecked: brokers change only in calls of the one test that owns the cluster, see the type's comment.
    let brokers: [Broker]
    let java: JavaRuntime?
    let folder: TemporaryFolder
    private let options: Options

    /// Starts a cluster and waits until it serves; with `KAFKA_BOOTSTRAP_SERVERS` only remembers where it is.
    public init(_ options: Options = Options()) throws {
        self.options = options
        folder = try TemporaryFolder()
        certificateAuthority = folder.url.appending(path: "ca.pem")
        switch BrokerAccess.available {
        case .servers(let servers):
            (bootstrapServers, secureBootstrapServers, brokers, java) = (servers, "", [], nil)
            return
        case .distribution(let home):
            let runtime = try JavaRuntime(home: home)
            java = runtime
            let root = folder.url
            brokers = try (1...options.brokers).map { try Broker(identifier: $0, in: root) }
        case nil:
            throw TestFailure(BrokerAccess.missing)
        }
        bootstrapServers = brokers.map(\.address).joined(separator: ",")
        secureBootstrapServers =
            options.isSecure ? brokers.map { "127.0.0.1:\($0.securePort)" }.joined(separator: ",") : ""
        try JavaRuntime.logging.write(to: logging, atomically: true, encoding: .utf8)
        if options.isSecure { try makeCertificate() }
        try format()
        for broker in brokers { try launch(broker) }
        for broker in brokers { try broker.awaitReady(within: .seconds(120)) }
    }

    deinit {
        for broker in brokers { broker.process?.end() }
    }

    static let users = ["admin", "millrace", "guest"]

    var logging: URL { folder.url.appending(path: "log4j2.properties") }

    /// Ends a broker at once, without a controlled shutdown.
    public func kill(_ identifier: Int) throws {
        try broker(identifier).process?.end()
    }

    /// Freezes a broker: to the others and to clients it looks like one behind a cut cable.
    public func pause(_ identifier: Int) throws {
        try broker(identifier).process?.send(signal: SIGSTOP)
    }

    /// Lets a frozen broker go on.
    public func resume(_ identifier: Int) throws {
        try broker(identifier).process?.send(signal: SIGCONT)
    }

    /// Ends a broker with a controlled shutdown.
    public func stop(_ identifier: Int) throws {
        guard let process = try broker(identifier).process else { return }
        process.send(signal: SIGTERM)
        if process.wait(within: .seconds(60)) == nil { process.end() }
    }

    /// Starts a broker that is down again, on the same data and ports, and waits until it serves.
    public func restart(_ identifier: Int) throws {
        let broker = try broker(identifier)
        guard broker.process?.isRunning != true else { return }
        try launch(broker)
        try broker.awaitReady(within: .seconds(120))
    }

    private func broker(_ identifier: Int) throws -> Broker {
        guard let broker = brokers.first(where: { $0.identifier == identifier }) else {
            throw TestFailure("the cluster has no broker \(identifier) of ours")
        }
        return broker
    }

    private func launch(_ broker: Broker) throws {
        guard let java else { return }
        try broker.launch(java, heap: options.heap, logging: logging)
    }

    private func format() throws {
        guard let java else { return }
        let cluster = Data(UUID().uuidString.utf8.prefix(16)).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        for broker in brokers {
            try properties(of: broker, options).write(to: broker.properties, atomically: true, encoding: .utf8)
            var arguments =
                java.arguments("kafka.tools.StorageTool", heap: "128m", logs: broker.folder, logging: logging)
                + ["format", "--cluster-id", cluster, "--config", broker.properties.path]
            if options.isSecure {
                for user in KafkaCluster.users {
                    for mechanism in ["SCRAM-SHA-256", "SCRAM-SHA-512"] {
                        arguments += ["--add-scram", "\(mechanism)=[name=\(user),password=\(user)-secret]"]
                    }
                }
            }
            let result = try ChildProcess.run(java.java, arguments, within: .seconds(60))
            guard result.ending == .code(0) else {
                throw TestFailure("formatting broker \(broker.identifier): \(result.output)\(result.errors)")
            }
        }
    }

    private func makeCertificate() throws {
        guard let java else { return }
        let store = folder.url.appending(path: "broker.p12").path
        let made = try ChildProcess.run(
            java.keytool,
            [
                "-genkeypair", "-alias", "broker", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30",
                "-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12",
                "-keystore", store, "-storepass", "changeit",
            ], within: .seconds(60))
        guard made.ending == .code(0) else { throw TestFailure("keytool: \(made.output)\(made.errors)") }
        let exported = try ChildProcess.run(
            java.keytool,
            ["-exportcert", "-rfc", "-alias", "broker", "-keystore", store, "-storepass", "changeit"],
            within: .seconds(60))
        guard exported.ending == .code(0) else { throw TestFailure("keytool: \(exported.errors)") }
        try exported.output.write(to: certificateAuthority, atomically: true, encoding: .utf8)
    }
}
