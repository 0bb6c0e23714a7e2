/// One librdkafka property as the user wrote it.
public struct Property: Hashable, Sendable, CustomStringConvertible {
    /// librdkafka's name, such as `session.timeout.ms`.
    public var key: String
    /// The value as text. May be a secret: print `description`, never this.
    public var value: String

    /// A property that nobody has checked yet.
    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    /// `key=value`, or `key=<REDACTED>` where the value is a secret.
    public var description: String { "\(key)=\(Secrets.isSecret(key) ? Secrets.mask : value)" }

    /// Whether the value must never be shown.
    public var isSecret: Bool { Secrets.isSecret(key) }
}
