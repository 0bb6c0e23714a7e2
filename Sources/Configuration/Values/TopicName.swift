/// What Kafka allows as the name of a topic (`org.apache.kafka.common.internals.Topic`).
enum TopicName {
    static let lengthMax = 249

    /// Why `name` cannot name a topic, to follow "a topic's name …"; `nil` when it can.
    static func fault(in name: String) -> String? {
        if name.isEmpty { return "cannot be empty" }
        if name == "." || name == ".." { return "cannot be '.' or '..'" }
        if name.utf8.count > lengthMax { return "has at most \(lengthMax) characters" }
        if !name.utf8.allSatisfy(isAllowed) { return "holds only letters, digits, '.', '_' and '-'" }
        return nil
    }

    /// Whether a cluster can hold both: Kafka refuses topics that differ only in `.` against `_`, because their metric
    /// names would be one.
    static func areOneName(_ left: String, _ right: String) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { canonical($0) == canonical($1) }
    }

    private static func canonical(_ character: Character) -> Character { character == "." ? "_" : character }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
