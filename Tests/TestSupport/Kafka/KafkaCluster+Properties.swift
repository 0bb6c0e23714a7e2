import Foundation

extension KafkaCluster {
    /// The text of a broker's properties file.
    ///
    /// Made for tests: topics with four partitions on first use, no delay before the first rebalance, sessions down to a
    /// second, few and small internal topics.
    func properties(of broker: Broker, _ options: Options) -> String {
        let replicas = min(brokers.count, 3)
        let inSync = replicas > 1 ? 2 : 1
        var listeners = ["PLAINTEXT://\(broker.address)"]
        if options.isSecure { listeners.append("SASL_SSL://127.0.0.1:\(broker.securePort)") }
        var values: [String: String] = [
            "process.roles": "broker,controller",
            "node.id": "\(broker.identifier)",
            "controller.quorum.voters": brokers.map { "\($0.identifier)@127.0.0.1:\($0.controllerPort)" }
                .joined(separator: ","),
            "controller.listener.names": "CONTROLLER",
            "listeners": (listeners + ["CONTROLLER://127.0.0.1:\(broker.controllerPort)"]).joined(separator: ","),
            "advertised.listeners": listeners.joined(separator: ","),
            "inter.broker.listener.name": "PLAINTEXT",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL",
            "log.dirs": broker.folder.appending(path: "data").path,
            "num.partitions": "4",
            "default.replication.factor": "\(replicas)",
            "min.insync.replicas": "\(inSync)",
            "offsets.topic.replication.factor": "\(replicas)",
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.replication.factor": "\(replicas)",
            "transaction.state.log.min.isr": "\(inSync)",
            "transaction.state.log.num.partitions": "4",
            "share.coordinator.state.topic.replication.factor": "\(replicas)",
            "share.coordinator.state.topic.min.isr": "1",
            "share.coordinator.state.topic.num.partitions": "2",
            "group.initial.rebalance.delay.ms": "0",
            "group.min.session.timeout.ms": "1000",
            "auto.create.topics.enable": "true",
            "num.network.threads": "2",
            "num.io.threads": "4",
            "log.segment.bytes": "134217728",
            "log.cleaner.dedupe.buffer.size": "16777216",
        ]
        if options.isSecure {
            values.merge(securityProperties) { _, secure in secure }
        }
        values.merge(options.properties) { _, wanted in wanted }
        return values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined()
    }

    private var securityProperties: [String: String] {
        let plain = "org.apache.kafka.common.security.plain.PlainLoginModule required"
        let users = KafkaCluster.users.map { " user_\($0)=\"\($0)-secret\"" }.joined()
        let scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        return [
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:ANONYMOUS;User:admin",
            "allow.everyone.if.no.acl.found": "false",
            "sasl.enabled.mechanisms": "SCRAM-SHA-256,SCRAM-SHA-512,PLAIN",
            "listener.name.sasl_ssl.plain.sasl.jaas.config": "\(plain)\(users);",
            "listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config": scram,
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": scram,
            "ssl.keystore.type": "PKCS12",
            "ssl.keystore.location": folder.url.appending(path: "broker.p12").path,
            "ssl.keystore.password": "changeit",
            "ssl.client.auth": "none",
        ]
    }
}
