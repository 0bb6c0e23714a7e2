// Goal: a wrong property is named with its reason before anything starts, and no secret is ever shown.
// Method: pure calls, against the librdkafka that is loaded.
import Kafka
import Telemetry
import Testing

@Suite struct PropertyTests {
    func kind(_ key: String, _ value: String, _ section: ClientProperties.Section = .common, exactlyOnce: Bool = false)
        -> PropertyProblem.Kind?
    {
        ClientProperties.check(key: key, value: value, section: section, exactlyOnce: exactlyOnce)?.kind
    }

    @Test(arguments: [
        "enable.auto.commit", "enable.auto.offset.store", "auto.offset.reset", "enable.idempotence", "transactional.id",
        "delivery.report.only.error",
    ]) func ownedPropertiesAreConflictsWithAReason(key: String) throws {
        for section in ClientProperties.Section.allCases {
            let problem = try #require(ClientProperties.check(key: key, value: "true", section: section))
            #expect(problem.kind == .owned)
            #expect(problem.message.count > 30)
            #expect(!ClientProperties.knownKeys(in: section).contains(key))
        }
    }

    @Test func prefetchedRecordsAreRationedWhereBatchesExceedTheMemory() {
        let none = ClientProperties(common: [], consumer: [], producer: [])
        func threshold(_ partitions: Int, _ properties: ClientProperties) -> Int? {
            ConsumerSettings(groupID: "g", memoryBytes: 32 << 20, partitionCount: partitions)
                .fetchThresholdIfBatchesExceedMemory(properties)
        }
        #expect(threshold(32, none) == nil)
        #expect(threshold(33, none) == 100)
        let chosen = ClientProperties(
            common: [], consumer: [Property(key: "queued.min.messages", value: "500")], producer: [])
        #expect(threshold(64, chosen) == 500, "the threshold that librdkafka goes by")
    }

    @Test(arguments: [(64, 4, 64), (64, 1, 17), (32, 64, 32), (8_192, 64, 1_041)])
    func prefetchedRecordsTakeTheirShareOrWhatTheThresholdsLetIn(mebibytes: Int, partitions: Int, expected: Int) {
        let settings = ConsumerSettings(groupID: "g", memoryBytes: mebibytes << 20, partitionCount: partitions)
        let none = ClientProperties(common: [], consumer: [], producer: [])
        #expect(abs(settings.usualPrefetchedBytes(none) - expected << 20) <= 1 << 20)
        let fewer = ClientProperties(
            common: [], consumer: [Property(key: "queued.min.messages", value: "100")], producer: [])
        #expect(
            settings.usualPrefetchedBytes(fewer) == min(partitions * (100 * 640 + 1 << 20), mebibytes << 20))
    }

    @Test func theProtocolOfKIP848IsSeenInEverySection() {
        let property = Property(key: "group.protocol", value: "Consumer")
        #expect(!ClientProperties(common: [], consumer: [], producer: []).usesConsumerProtocol)
        #expect(ClientProperties(common: [], consumer: [property], producer: []).usesConsumerProtocol)
    }

    @Test func isolationIsOwnedUnderExactlyOnceOnly() {
        #expect(kind("isolation.level", "read_uncommitted") == nil)
        #expect(kind("isolation.level", "read_committed", exactlyOnce: true) == .owned)
    }

    @Test func valuesThatBreakIdempotenceAreNamed() {
        #expect(kind("acks", "1") == .owned)
        #expect(kind("acks", "all", .producer) == nil)
        #expect(kind("max.in.flight", "6") == .owned)
        #expect(kind("retries", "0") == .owned)
    }

    @Test func unknownKeysBadValuesAndWrongSections() throws {
        #expect(kind("bootstrap.server", "x") == .unknown)
        #expect(kind("session.timeout.ms", "soon") == .badValue)
        #expect(kind("session.timeout.ms", "6000") == nil)
        #expect(kind("session.timeout.ms", "6000", .producer) == .wrongSection)
        #expect(kind("linger.ms", "6", .consumer) == .wrongSection)
        #expect(kind("linger.ms", "6", .producer) == nil)
        #expect(kind("rebalance_cb", "x") == .unknown)
        #expect(kind("security.protocol", "sasl_ssl", .producer) == nil)
        #expect(kind("sasl.mechanisms", "SCRAM-SHA-512") == nil)
        #expect(kind("ssl.ca.location", "/nowhere") == nil)
        let known = ClientProperties.knownKeys(in: .common)
        #expect(known.contains("bootstrap.servers") && known.contains("linger.ms") && known.contains("group.id"))
        #expect(!ClientProperties.knownKeys(in: .consumer).contains("linger.ms"))
        #expect(known == known.sorted() && known.count > 80)
    }

    @Test func commonPropertiesGoToTheKindThatKnowsThem() throws {
        let cluster = try EmbeddedCluster()
        var properties = ClientProperties(bootstrapServers: cluster.bootstrapServers)
        properties.common += [
            Property(key: "session.timeout.ms", value: "6000"), Property(key: "compression.codec", value: "lz4"),
        ]
        let sender = try Sender(properties)
        let member = try Member(properties, ConsumerSettings(groupID: "g"))
        #expect(sender.close() && member.close())
    }

    @Test func groupAndServersComeFromTheFileOrTheDefault() {
        var properties = ClientProperties()
        #expect(properties.bootstrapServers == nil)
        #expect(properties.effectiveGroupID(default: "pipeline") == "pipeline")
        properties.common = [
            Property(key: "metadata.broker.list", value: "a:1"), Property(key: "group.id", value: "common"),
        ]
        #expect(properties.effectiveGroupID(default: "pipeline") == "common")
        properties.consumer = [Property(key: "group.id", value: "own")]
        #expect(properties.effectiveGroupID(default: "pipeline") == "own")
        #expect(properties.bootstrapServers == "a:1")
        properties.replaceBootstrapServers("b:2")
        #expect(properties.bootstrapServers == "b:2")
        #expect(properties.common.count == 2)
    }

    @Test(arguments: [
        "sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem", "sasl.oauthbearer.client.secret",
        "sasl.oauthbearer.config", "sasl.jaas.config", "sasl.pasword", "SASL.PASSWORD",
    ]) func secretsAreNeverShown(key: String) {
        let secret = "hunter2-µ"
        let property = Property(key: key, value: secret)
        #expect(property.isSecret)
        #expect(!"\(property)".contains(secret))
        for section in ClientProperties.Section.allCases {
            let problem = ClientProperties.check(key: key, value: secret, section: section)
            #expect(problem?.description.contains(secret) != true)
        }
        let properties = ClientProperties(
            common: [property], consumer: [Property(key: "sasl.username", value: "millrace")], producer: [property])
        #expect(!"\(properties)".contains(secret))
        #expect(properties.redact("refused: \(secret)!\(secret)") == "refused: <REDACTED>!<REDACTED>")
        #expect("\(properties)".contains("sasl.username=millrace"))
    }

    @Test func errorsOfTheStartAreRedacted() throws {
        let properties = ClientProperties(common: [
            Property(key: "sasl.password", value: "hunter2"), Property(key: "ssl.key.password", value: "hunter2"),
            Property(key: "security.protocol", value: "hunter2"),
        ])
        let error = #expect(throws: KafkaError.self) {
            try Sender(properties)
        }
        #expect(error?.code == .invalidArgument)
        #expect(
            error.map { !$0.description.contains("hunter2") && $0.description.contains("security.protocol") } == true)
    }

    @Test func combinationsThatOnlyTheStartCanJudge() {
        var properties = ClientProperties(bootstrapServers: "localhost:1")
        properties.common.append(Property(key: "ssl.ca.location", value: "/nowhere/ca.pem"))
        properties.common.append(Property(key: "security.protocol", value: "ssl"))
        let error = #expect(throws: KafkaError.self) { try Sender(properties) }
        #expect(error?.message.contains("ssl.ca.location") == true)
    }
}
