/// A value of a YAML document with its place. Scalars keep their text; what it means is the reader's business.
struct Node: Sendable, Equatable {
    var position: Position
    var content: Content
    /// How many nodes this one holds, itself included, with aliases expanded.
    var nodeCount = 1
    /// How many levels this one spans; 1 for a scalar.
    var depth = 1

    enum Content: Sendable, Equatable {
        case scalar(Scalar)
        case sequence([Node])
        /// Entries in file order; keys are unique.
        case mapping([Entry])
    }

    struct Scalar: Sendable, Equatable {
        /// The text after YAML's own escapes, before `${NAME}` is replaced.
        var text: String
        /// Written without quotes, so that `1`, `true` and `~` mean a number, a flag and nothing.
        var isPlain: Bool
    }

    struct Entry: Sendable, Equatable {
        var key: String
        var keyPosition: Position
        var value: Node
    }

    /// Nothing was written, or one of YAML's words for nothing.
    var isNull: Bool {
        guard case .scalar(let scalar) = content, scalar.isPlain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.text)
    }

    /// What a person calls this kind of value.
    var kindName: String {
        switch content {
        case .scalar: isNull ? "nothing" : "a single value"
        case .sequence: "a list"
        case .mapping: "a map"
        }
    }
}
