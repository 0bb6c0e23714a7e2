/// Which property values are secrets, and the removal of their text from whatever is about to be shown.
struct Secrets: Sendable {
    static let mask = "<REDACTED>"

    /// By words, not by a list of names: a misspelt `sasl.pasword` or Java's `sasl.jaas.config` is as secret as the rest.
    private static let words = [
        "passw", "pasw", "secret", "jaas", ".pem", "token", "oauthbearer.config", "assertion", "private", "ssl_key",
    ]
    private static let harmless: Set<String> = [
        "sasl.oauthbearer.token.endpoint.url", "ssl.ca.pem", "ssl.certificate.pem",
    ]

    private let values: [String]

    init(in properties: [Property]) {
        // Longest first, so that a secret that contains another one goes as a whole.
        values = Set(properties.lazy.filter(\.isSecret).map(\.value).filter { !$0.isEmpty })
            .sorted { $0.utf8.count > $1.utf8.count }
    }

    static func isSecret(_ key: String) -> Bool {
        let key = key.lowercased()
        return !harmless.contains(key) && words.contains { key.contains($0) }
    }

    /// `text` with each secret value replaced. Complexity: O(secrets × length), only for texts on their way to people.
    func redact(_ text: String) -> String {
        guard !values.isEmpty else { return text }
        var result = text
        for value in values where result.contains(value) {
            result = result.split(separator: value, omittingEmptySubsequences: false).joined(separator: Self.mask)
        }
        return result
    }
}
