/// One key of a map with its value and its place.
struct Field {
    /// The key as people find it in the file, e.g. `input.topic` or `models.champion.type`.
    var path: String
    var keyPosition: Position
    var node: Node

    /// Where a problem of the value is shown: at the value, or at the key when nothing was written.
    var position: Position { node.isNull ? keyPosition : node.position }

    var isMap: Bool { if case .mapping = node.content { true } else { false } }
}

/// A map whose keys were checked.
struct Section {
    /// The map as people find it in the file; empty for the top level.
    var path: String
    /// Where a missing key is reported: at the key of the section, or at the start of the file.
    var position: Position
    var fields: [Field]
    private var indexByKey: [String: Int] = [:]

    init(path: String, position: Position, entries: [Node.Entry]) {
        self.path = path
        self.position = position
        fields = []
        for (index, entry) in entries.enumerated() {
            indexByKey[entry.key] = index
            let fieldPath = path.isEmpty ? entry.key : "\(path).\(entry.key)"
            fields.append(Field(path: quotable(fieldPath), keyPosition: entry.keyPosition, node: entry.value))
        }
        keys = entries.map(\.key)
    }

    /// Where `key` is or would be, as people find it in the file.
    func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The keys, in step with `fields`.
    let keys: [String]

    /// The field of that key, if the file has it.
    subscript(key: String) -> Field? { indexByKey[key].map { fields[$0] } }
}
