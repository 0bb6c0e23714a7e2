import Foundation
import TestSupport
import Testing

extension BrokerTests {
    /// Goal: TLS and SASL work by properties alone, what is refused has its own exit code, and no log holds a secret.
    /// SCRAM runs where librdkafka can do it (2.6.1 on); before, it has to be refused in an orderly way, and the other
    /// tests use PLAIN.
    @Suite(.enabled(if: BrokerAccess.isDistribution, "\(BrokerAccess.missingDistribution)"))
    struct Security {
        private static let cluster = Result {
            var options = KafkaCluster.Options()
            options.isSecure = true
            return try KafkaCluster(options)
        }

        private static let mechanism = LoadedLibrary.canUseSCRAM ? "SCRAM-SHA-512" : "PLAIN"

        private func service(user: String, password: String, mechanism: String) throws -> (KafkaCluster, Service) {
            let cluster = try Security.cluster.get()
            var options = Service.Options()
            options.environment = ["MILLRACE_TEST_PASSWORD": password]
            options.kafka = [
                "security.protocol: SASL_SSL", "ssl.ca.location: \(cluster.certificateAuthority.path)",
                "sasl.mechanism: \(mechanism)", "sasl.username: \(user)", "sasl.password: ${MILLRACE_TEST_PASSWORD}",
            ]
            let service = try Service(cluster.secureBootstrapServers, options)
            try service.createTopics(on: cluster)
            try cluster.createTopic(service.deadLetters)
            let events = service.folder.url.appending(path: "events")
            try Events.write(1_000, to: events)
            try Kcat(cluster.bootstrapServers).write(service.input, lines: events.path)
            return (cluster, service)
        }

        private func allow(_ cluster: KafkaCluster, _ operations: [String], _ resource: [String]) throws {
            let wanted = operations.flatMap { ["--operation", $0] }
            try cluster.run(
                .accessControl, ["--add", "--force", "--allow-principal", "User:millrace"] + wanted + resource)
        }

        @Test(.timeLimit(.minutes(5)), arguments: ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
        func `a user with a right password and the rights it needs runs`(mechanism: String) throws {
            let (cluster, service) = try service(user: "millrace", password: "millrace-secret", mechanism: mechanism)
            try allow(cluster, ["Read"], ["--topic", service.input, "--group", service.name])
            try allow(cluster, ["Write", "Describe"], ["--topic", service.output, "--topic", service.deadLetters])
            guard mechanism == "PLAIN" || LoadedLibrary.canUseSCRAM else {
                let process = try service.start(["--exit-at-end"])
                #expect(process.wait(within: .seconds(90)) == .code(77))
                #expect(!process.errors.contains("millrace-secret"))
                return
            }
            let process = try service.runToEnd(within: .seconds(90))
            let ends = try Kcat(cluster.bootstrapServers).ends(service.output, partitions: service.partitions)
            #expect(ends.reduce(0, +) == 1_000)
            #expect(!process.errors.contains("millrace-secret") && !process.output.contains("millrace-secret"))
        }

        @Test(.timeLimit(.minutes(5)))
        func `a wrong password ends with 77`() throws {
            let (_, service) = try service(user: "millrace", password: "not-the-secret", mechanism: Security.mechanism)
            let process = try service.start(["--exit-at-end"])
            #expect(process.wait(within: .seconds(90)) == .code(77), "\(process.errors.suffix(2000))")
            #expect(!process.errors.contains("not-the-secret"))
        }

        @Test(.timeLimit(.minutes(5)))
        func `a user without rights ends with 77`() throws {
            let (_, service) = try service(user: "guest", password: "guest-secret", mechanism: Security.mechanism)
            let process = try service.start(["--exit-at-end"])
            #expect(process.wait(within: .seconds(90)) == .code(77), "\(process.errors.suffix(2000))")
            #expect(!process.errors.contains("guest-secret"))
        }

        @Test(.timeLimit(.minutes(5)))
        func `a user that may read but not write ends with 77`() throws {
            let (cluster, service) = try service(
                user: "millrace", password: "millrace-secret", mechanism: Security.mechanism)
            try allow(cluster, ["Read"], ["--topic", service.input, "--group", service.name])
            try allow(cluster, ["Describe"], ["--topic", service.output, "--topic", service.deadLetters])
            let process = try service.start(["--exit-at-end"])
            #expect(process.wait(within: .seconds(90)) == .code(77), "\(process.errors.suffix(2000))")
            let committed = try cluster.committed(group: service.name, topic: service.input)
            #expect(committed.values.allSatisfy { $0 == 0 }, "positions moved past events without a prediction")
        }

        @Test(.timeLimit(.minutes(5)))
        func `a broker that is not there ends with 69`() throws {
            let service = try Service("127.0.0.1:1")
            let process = try service.start(["--exit-at-end", "--connect-timeout", "3"])
            #expect(process.wait(within: .seconds(30)) == .code(69), "\(process.errors.suffix(2000))")
        }
    }
}
