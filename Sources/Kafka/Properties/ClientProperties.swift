import CRdKafka

/// The `kafka:` part of a pipeline file: librdkafka's properties, passed through unchanged, in three layers. A property
/// of `consumer` or `producer` wins over the same one in `common`; a `common` one that only one kind of client knows
/// goes to that kind alone. Its descriptions never show a secret.
public struct ClientProperties: Sendable, Equatable, CustomStringConvertible {
    /// A layer.
    public enum Section: String, Sendable, CaseIterable {
        /// Directly under `kafka:`.
        case common
        /// Under `kafka: consumer:`.
        case consumer
        /// Under `kafka: producer:`.
        case producer
    }

    /// For every client.
    public var common: [Property]
    /// For the consumer alone.
    public var consumer: [Property]
    /// For the producer alone.
    public var producer: [Property]

    /// Nothing is checked here: see `check`.
    public init(common: [Property] = [], consumer: [Property] = [], producer: [Property] = []) {
        self.common = common
        self.consumer = consumer
        self.producer = producer
    }

    /// `common` with the addresses of one cluster and nothing else.
    public init(bootstrapServers: String) {
        self.init(common: [Property(key: "bootstrap.servers", value: bootstrapServers)])
    }

    /// All layers, secrets redacted.
    public var description: String { "common: \(common), consumer: \(consumer), producer: \(producer)" }

    /// The brokers to start from, or `nil` when no layer names any.
    public var bootstrapServers: String? {
        last(["bootstrap.servers", "metadata.broker.list"], in: common + consumer + producer)
    }

    /// Names other brokers in every layer, as `--embedded` does.
    public mutating func replaceBootstrapServers(_ servers: String) {
        removeBootstrapServers()
        common.append(Property(key: "bootstrap.servers", value: servers))
    }

    mutating func removeBootstrapServers() {
        let isAddress = { (property: Property) in ["bootstrap.servers", "metadata.broker.list"].contains(property.key) }
        common.removeAll(where: isAddress)
        consumer.removeAll(where: isAddress)
        producer.removeAll(where: isAddress)
    }

    /// The consumer group: `group.id` where a file sets it, `defaultID` (the pipeline's name) elsewhere.
    public func effectiveGroupID(default defaultID: String) -> String {
        last(["group.id"], in: common + consumer) ?? defaultID
    }

    /// `transform` over every value, as for `${NAME}` from the environment.
    public func mapValues<Failure: Error>(
        _ transform: (Section, Property) throws(Failure) -> String
    ) throws(Failure) -> ClientProperties {
        func mapped(_ section: Section, _ layer: [Property]) throws(Failure) -> [Property] {
            var result: [Property] = []
            for property in layer {
                result.append(Property(key: property.key, value: try transform(section, property)))
            }
            return result
        }
        return ClientProperties(
            common: try mapped(.common, common), consumer: try mapped(.consumer, consumer),
            producer: try mapped(.producer, producer))
    }

    private func last(_ keys: Set<String>, in layers: [Property]) -> String? {
        layers.last { keys.contains($0.key) && !$0.value.isEmpty }?.value
    }
}

extension ClientProperties {
    /// All that is wrong, in the order of the layers.
    public func problems(exactlyOnce: Bool = false) -> [PropertyProblem] {
        let layers: [(Section, [Property])] = [(.common, common), (.consumer, consumer), (.producer, producer)]
        return layers.flatMap { section, properties in
            properties.compactMap {
                Self.check(key: $0.key, value: $0.value, section: section, exactlyOnce: exactlyOnce)
            }
        }
    }

    /// What is wrong with one property, or `nil`. Each is looked at alone, by the librdkafka that is loaded; values that
    /// only the start can judge (files, combinations) show up there as an error of `invalidArgument`.
    public static func check(
        key: String, value: String, section: Section, exactlyOnce: Bool = false
    ) -> PropertyProblem? {
        func problem(_ kind: PropertyProblem.Kind, _ message: String) -> PropertyProblem {
            PropertyProblem(section: section, key: key, kind: kind, message: message)
        }
        if let reason = OwnedProperties.reason(key, value, exactlyOnce: exactlyOnce) { return problem(.owned, reason) }
        guard let scope = PropertyCatalog.loaded.scopes[key] else {
            return problem(.unknown, "unknown property (librdkafka \(LibraryVersion.text))")
        }
        guard PropertyCatalog.serves(scope, section) else {
            let home = scope == .consumer ? "consumer" : "producer"
            return problem(
                .wrongSection, "only the \(home) knows this property: put it under `\(home)` or directly under `kafka`")
        }
        var trial = ConfigurationBuilder(secrets: Secrets(in: [Property(key: key, value: value)]))
        guard let refusal = trial.set(key, value) else { return nil }
        return problem(.badValue, refusal)
    }

    /// The names that may stand in a section, sorted: the source for "did you mean".
    public static func knownKeys(in section: Section) -> [String] {
        PropertyCatalog.loaded.names(in: section).filter {
            OwnedProperties.reason($0, "", exactlyOnce: false)?.hasPrefix("is set") != true
        }
    }

    /// Whether a property's value must never be shown.
    public static func isSecret(_ key: String) -> Bool { Secrets.isSecret(key) }

    /// `text` without any secret of these properties.
    public func redact(_ text: String) -> String { secrets.redact(text) }

    var secrets: Secrets { Secrets(in: common + consumer + producer) }

    /// Whether the consumer uses the rebalance protocol of KIP-848 (`group.protocol=consumer`), where the broker assigns.
    public var usesConsumerProtocol: Bool {
        layered(for: .consumer).contains { $0.key == "group.protocol" && $0.value.lowercased() == "consumer" }
    }

    /// The layers for one kind of client: common first, so that its own section wins.
    func layered(for section: Section) -> [Property] {
        let scopes = PropertyCatalog.loaded.scopes
        let shared = common.filter { property in
            scopes[property.key].map { PropertyCatalog.serves($0, section) } ?? true
        }
        return shared + (section == .producer ? producer : section == .consumer ? consumer : [])
    }
}
