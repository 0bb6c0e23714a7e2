/// Why a schema cannot be compiled: the field it is about and what is wrong with it.
public struct SchemaProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The field at fault; empty when it is the schema as a whole.
    public var field: String
    /// What is wrong, for a person.
    public var message: String

    /// A problem of `field`.
    public init(field: String, message: String) {
        self.field = field
        self.message = message
    }

    /// Field and message in one line.
    public var description: String { field.isEmpty ? message : "field \"\(field)\": \(message)" }
}

extension Schema {
    /// What keeps this schema from being compiled, or `nil`. Complexity: O(fields + columns).
    public func validate() -> SchemaProblem? {
        var names: Set<String> = []
        for field in fields where !names.insert(field.name).inserted {
            return SchemaProblem(field: field.name, message: "declared twice")
        }
        if let idField, idField == eventTimeField {
            return SchemaProblem(field: idField, message: "cannot be both the id and the event time")
        }
        switch format {
        case .json:
            if !columns.isEmpty { return SchemaProblem(field: "", message: "JSON records have no columns") }
        case .csv:
            return validateColumns()
        }
        return nil
    }

    private func validateColumns() -> SchemaProblem? {
        guard !columns.isEmpty else { return SchemaProblem(field: "", message: "CSV records need their columns") }
        var known: Set<String> = []
        for column in columns where !known.insert(column).inserted {
            return SchemaProblem(field: column, message: "column named twice")
        }
        let used = fields.map(\.name) + [idField, eventTimeField, label?.field].compactMap { $0 }
        for name in used where !known.contains(name) {
            return SchemaProblem(field: name, message: "not among the columns")
        }
        return nil
    }
}
