import CRdKafka
import Glibc

/// What the loaded librdkafka says about its own properties: their names and which kind of client knows them.
struct PropertyCatalog: Sendable {
    /// The kinds of client that know a property.
    enum Scope: Sendable { case all, consumer, producer }

    /// Scope by name, aliases included, properties that are set by functions (callbacks) excluded.
    let scopes: [String: Scope]

    /// Read once from the library.
    static let loaded = PropertyCatalog(table: table())

    /// Parses the Markdown table that `rd_kafka_conf_properties_show` prints: name, `*`, `C` or `P`, …, description. A
    /// name that stands in both tables (global and topic) for different kinds is known to all.
    init(table: String) {
        var scopes: [String: Scope] = [:]
        for line in table.split(separator: "\n") {
            let cells = line.split(separator: "|", maxSplits: 5, omittingEmptySubsequences: false).map { Self.trim($0) }
            guard cells.count == 6, let scope = Self.scope(cells[1]) else { continue }
            if cells[5].contains("see dedicated API") || cells[0].hasSuffix("_cb") { continue }
            if let known = scopes[cells[0]], known != scope {
                scopes[cells[0]] = .all
            } else {
                scopes[cells[0]] = scope
            }
        }
        for key in Self.notText { scopes[key] = nil }
        self.scopes = scopes
    }

    func names(in section: ClientProperties.Section) -> [String] {
        scopes.filter { Self.serves($0.value, section) }.keys.sorted()
    }

    static func serves(_ scope: Scope, _ section: ClientProperties.Section) -> Bool {
        switch (section, scope) {
        case (.common, _), (_, .all), (.consumer, .consumer), (.producer, .producer): true
        default: false
        }
    }

    // Pointers and masks that have no meaning as text in a file.
    private static let notText = [
        "opaque", "default_topic_conf", "interceptors", "ssl_key", "ssl_certificate", "ssl_ca",
        "ssl_engine_callback_data", "partitioner_cb", "msg_order_cmp", "enabled_events",
    ]

    private static func scope(_ mark: String) -> Scope? {
        switch mark {
        case "*": .all
        case "C": .consumer
        case "P": .producer
        default: nil
        }
    }

    private static func trim(_ cell: Substring) -> String {
        guard let first = cell.firstIndex(where: { $0 != " " }), let last = cell.lastIndex(where: { $0 != " " }) else {
            return ""
        }
        return String(cell[first...last])
    }

    private static func table() -> String {
        guard let text = unsafe mr_properties_text() else { return "" }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }
}
