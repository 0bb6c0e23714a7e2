import Kafka

/// The `kafka` section as it was read.
struct KafkaParts {
    var properties = ClientProperties()
    /// The consumer group that the file sets.
    var groupID: ScalarValue?
}

extension PipelineReader {
    /// A secret is a word, a key or a certificate chain.
    private static let secretBytesMax = 1 << 16
    /// The names under which librdkafka takes the brokers' addresses.
    private static let addressKeys = ["bootstrap.servers", "metadata.broker.list"]

    mutating func kafka(in root: Section) -> KafkaParts {
        var parts = KafkaParts()
        guard let field = mode == .run ? required("kafka", in: root) : root["kafka"] else { return parts }
        guard isServing || field.isMap, let section = section(field) else { return parts }
        var common: [Property] = []
        for (key, field) in zip(section.keys, section.fields) {
            switch key {
            case "consumer": parts.properties.consumer = properties(in: field, .consumer, &parts)
            case "producer": parts.properties.producer = properties(in: field, .producer, &parts)
            default: if let property = property(key, field, of: section, .common, &parts) { common.append(property) }
            }
        }
        parts.properties.common = common
        let inner = ["consumer", "producer"].compactMap { section[$0] }.compactMap { field -> [String]? in
            guard case .mapping(let entries) = field.node.content else { return nil }
            return entries.map(\.key)
        }
        if mode == .run, !(section.keys + inner.joined()).contains(where: Self.addressKeys.contains) {
            reportMissing("bootstrap.servers", in: section)
        }
        return parts
    }

    private mutating func properties(
        in field: Field, _ part: ClientProperties.Section, _ parts: inout KafkaParts
    ) -> [Property] {
        guard isServing || field.isMap, let section = section(field) else { return [] }
        return zip(section.keys, section.fields).compactMap { key, field in
            property(key, field, of: section, part, &parts)
        }
    }

    private mutating func property(
        _ key: String, _ field: Field, of section: Section, _ part: ClientProperties.Section,
        _ parts: inout KafkaParts
    ) -> Property? {
        if !isServing {
            // eval connects to nothing, so of a property only the name is looked at.
            if ClientProperties.check(key: key, value: "", section: part)?.kind == .unknown {
                refuseProperty(key, field, of: section, part)
            }
            return nil
        }
        guard let value = propertyValue(field) else { return nil }
        guard let problem = ClientProperties.check(key: key, value: value.text, section: part) else {
            if mode == .run, Self.addressKeys.contains(key), value.text.allSatisfy({ $0 == "," || $0.isWhitespace }) {
                let cause = value.source.isEmpty ? "" : " ('\(value.shown)' is)"
                problems.add("'\(field.path)' cannot be empty\(cause)", at: value.position)
                return nil
            }
            if key == "group.id" { parts.groupID = value }
            return Property(key: key, value: value.text)
        }
        // librdkafka ends some of its messages with a line break.
        let lines = problem.message.split(whereSeparator: \.isNewline)
        let reason = lines.joined(separator: " ").replacing("`", with: "'")
        switch problem.kind {
        case .unknown: refuseProperty(key, field, of: section, part)
        case .badValue:
            problems.add("'\(field.path)': \(value.redacting(reason))", at: value.position)
        case .owned: problems.add("'\(field.path)' \(value.redacting(reason))", at: field.keyPosition)
        case .wrongSection: problems.add("'\(field.path)': \(reason)", at: field.keyPosition)
        }
        return nil
    }

    private mutating func refuseProperty(
        _ key: String, _ field: Field, of section: Section, _ part: ClientProperties.Section
    ) {
        let known = problems.isFull ? [] : ClientProperties.knownKeys(in: part)
        let near = suggestion(for: key, in: section, among: (part == .common ? ["consumer", "producer"] : []) + known)
        problems.add("unknown librdkafka property '\(quotable(key))'\(near)", at: field.keyPosition)
    }

    /// The text of a property, from a file where the value is `{file: PATH}`.
    private mutating func propertyValue(_ field: Field) -> ScalarValue? {
        guard case .mapping(let entries) = field.node.content else {
            guard let value = scalar(field, expected: "a single value or {file: PATH}") else { return nil }
            return value
        }
        let section = Section(path: field.path, position: field.keyPosition, entries: entries)
        checkKeys(of: section, documentedAs: "kafka.*")
        guard let pathField = required("file", in: section), let path = text(pathField) else { return nil }
        return secret(in: path, of: field)
    }

    private mutating func secret(in path: ScalarValue, of field: Field) -> ScalarValue? {
        func report(_ reason: String) {
            problems.add("'\(field.path)': file '\(path.shown)' \(reason)", at: path.position)
        }
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.read(path.text, bytesMax: Self.secretBytesMax)
        } catch {
            report("cannot be read: \(error.reason)")
            return nil
        }
        guard bytes.count <= Self.secretBytesMax else {
            report("is larger than \(Self.secretBytesMax >> 10) KiB")
            return nil
        }
        guard let content = String(validating: bytes, as: UTF8.self), !content.unicodeScalars.contains("\0") else {
            report("is not text")
            return nil
        }
        var text = content
        // Editors and `echo` end a file with a line break that belongs to no secret. "\r\n" is one Character.
        if text.last?.isNewline == true { text.removeLast() }
        guard !text.isEmpty else {
            report("is empty")
            return nil
        }
        let name = "the content of '\(path.shown)'"
        return ScalarValue(
            text: text, source: name, position: path.position, isPlain: false,
            replacements: [Substitution.Replacement(name: "file", value: text)])
    }
}
