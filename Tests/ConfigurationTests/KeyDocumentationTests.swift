// Goal: the table of keys says what the reader does, and neither can change alone. Method: every key of the table is
// put into a file, right and wrong; a key that the reader ignores, a default that differs or a key that only one side
// knows fails here.
import Configuration
import Testing

@Suite struct KeyDocumentationTests {
    /// A file that holds `text` as the value of a key; `nil` where the key has no place of its own.
    private func file(with key: KeyDocumentation, _ text: String) -> String? {
        let name = key.key == "*" ? "amount" : key.key
        let entry = "\(name): \(text)"
        switch key.section {
        case "":
            let isInMinimal = minimalBlocks.contains { $0.key == key.key }
            return ConfigurationTests.file(isInMinimal ? [key.key: entry] : [:], adding: isInMinimal ? "" : entry)
        case "kafka":
            return ConfigurationTests.file(["kafka": "kafka:\n  bootstrap.servers: a\n  \(kafka(key)): \(text)"])
        case "kafka.consumer", "kafka.producer":
            let part = key.section.dropFirst(6)
            return ConfigurationTests.file(["kafka": "kafka:\n  bootstrap.servers: a\n  \(part): {client.id: \(text)}"])
        case "kafka.*": return ConfigurationTests.file(["kafka": "kafka:\n  bootstrap.servers: {file: \(text)}"])
        case "input":
            let base = ["topic: payments", "event_time: ts", "fields: {amount: number, isFraud: category}"]
                .filter { !$0.hasPrefix(key.key + ":") }
            return ConfigurationTests.file(["input": "input:\n  " + (base + [entry]).joined(separator: "\n  ")])
        case "input.event_time":
            let inner = key.key == "field" ? entry : "field: ts, \(entry)"
            return ConfigurationTests.file([
                "input": "input: {topic: t, event_time: {\(inner)}, fields: {amount: number, isFraud: category}}"
            ])
        case "input.fields":
            return ConfigurationTests.file([
                "input": "input: {topic: t, fields: {isFraud: category, n: number, \(entry)}}"
            ])
        case "label":
            return ConfigurationTests.file([
                "label": "label: {\(key.key == "field" ? entry : "field: isFraud, \(entry)")}"
            ])
        case "features[]": return ConfigurationTests.file(adding: "features: [{\(entry)}]")
        case "models": return ConfigurationTests.file(["models": "models: {\(entry)}"])
        case "models.*": return ConfigurationTests.file(["models": "models: {a: {\(entry)}}"])
        case "route":
            return ConfigurationTests.file(
                adding: "route: {\(key.key == "*" ? "champion: \(text)" : "champion: 100, \(entry)")}")
        case "output":
            return ConfigurationTests.file([
                "output": "output: {\(key.key == "topic" ? entry : "topic: scores, \(entry)")}"
            ])
        case "on_bad_record", "http": return ConfigurationTests.file(adding: "\(key.section): {\(entry)}")
        default: return nil
        }
    }

    private func kafka(_ key: KeyDocumentation) -> String { key.key == "*" ? "client.id" : key.key }

    @Test(arguments: KeyDocumentation.all)
    func `A documented key is read: a value of no kind is refused there, and the key is not unknown`(
        _ key: KeyDocumentation
    ) throws {
        let text = try #require(file(with: key, "[[]]"), "section '\(key.section)' has no file in this test")
        let found = problems(text)
        #expect(!found.isEmpty, "\(key.path) is ignored")
        let isFreeName = key.key == "*" && ["features[]", "models.*"].contains(key.section)
        if !isFreeName { #expect(!found.contains { $0.message.hasPrefix("unknown") }, "\(found)") }
        #expect(found.contains(where: \.isNotYet) == key.isNotYet, "\(found)")
    }

    @Test(arguments: KeyDocumentation.all.filter { $0.defaultText != nil })
    func `A documented default is what holds without the key`(_ key: KeyDocumentation) throws {
        let defaultText = try #require(key.defaultText).replacing("<group id>", with: "fraud")
        let text = try #require(file(with: key, defaultText))
        let line = "\(key.key): \(defaultText)"
        var without = text.replacing("champion: 100, \(line)", with: "champion: 100")
        without = without.replacing(", \(line)", with: "").replacing(line, with: "")
        without = without.replacing("on_bad_record: {}", with: "")
        #expect(text != without)
        var explicit = try parse(text)
        // Naming the default topic is the same as not naming one.
        if explicit.onBadRecord == .deadLetter(topic: "fraud-dead-letter") {
            explicit.onBadRecord = .deadLetter(topic: nil)
        }
        #expect(try parse(without) == explicit)
    }

    @Test(arguments: KeyDocumentation.all.filter { $0.requiredFor?.hasPrefix("run") == true })
    func `A key that run needs is missed`(_ key: KeyDocumentation) throws {
        var changes: [String: String?] = [:]
        switch key.path {
        case "input.topic": changes["input"] = "input: {fields: {amount: number, isFraud: category}}"
        case "input.fields": changes["input"] = "input: {topic: t}"
        case "input.columns":
            changes["input"] = "input: {topic: t, format: csv, fields: {amount: number, isFraud: category}}"
        case "output.topic": changes["output"] = "output: {}"
        default: changes[key.key] = .some(nil)
        }
        #expect(
            problems(ConfigurationTests.file(changes)).contains { $0.message.hasPrefix("missing key '\(key.path)'") })
    }

    @Test func `Each key has one line of documentation, and each path one entry`() {
        #expect(Set(KeyDocumentation.all.map(\.path)).count == KeyDocumentation.all.count)
        for key in KeyDocumentation.all {
            #expect(
                key.summary.hasSuffix(".") && !key.summary.contains("\n") && key.summary.count <= 100, "\(key.path)")
            #expect(key.defaultText == nil || key.requiredFor == nil, "\(key.path)")
        }
    }

    @Test func `The listing shows a key with its values, its default and its purpose`() {
        let entry = """
            commit_interval  (duration: 10ms to 1h; default 1s)
                How long after its delivery an event is usually committed at the latest; sooner with a backlog.
            """
        #expect(KeyDocumentation.listing.contains(entry))
        #expect(KeyDocumentation.listing.contains("label.topic  (text; not yet)"))
    }

    @Test func `The top level is the one that people share`() {
        let keys = KeyDocumentation.all.filter(\.section.isEmpty).map(\.key)
        #expect(
            keys == [
                "name", "kafka", "input", "label", "features", "models", "route", "output", "on_bad_record",
                "on_data_loss", "http", "memory", "commit_interval", "stuck_after",
            ])
    }
}
