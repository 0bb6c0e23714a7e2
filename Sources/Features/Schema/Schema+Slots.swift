extension Schema {
    /// How many number slots a row of this schema has: its declared `number` fields.
    public var numberCount: Int { fields.count { $0.kind == .number } }

    /// How many category slots a row of this schema has: its declared `category` fields.
    public var categoryCount: Int { fields.count { $0.kind == .category } }

    /// The number slot of a declared `number` field, in declared order; `nil` when there is none of that name.
    public func numberSlot(of name: String) -> Int? { slot(of: name, kind: .number) }

    /// The category slot of a declared `category` field, in declared order; `nil` when there is none of that name.
    public func categorySlot(of name: String) -> Int? { slot(of: name, kind: .category) }

    /// Whether the field is the label, the event time or the id: not a feature of `"*"`, and not counted when absent.
    public func isReserved(_ name: String) -> Bool {
        name == label?.field || name == eventTimeField || name == idField
    }

    private func slot(of name: String, kind: FieldKind) -> Int? {
        var slot = 0
        for field in fields where field.kind == kind {
            if field.name == name { return slot }
            slot += 1
        }
        return nil
    }

    /// Every field a record is searched for: the declared ones, then id, event time and label where not declared.
    var readFieldNames: [String] {
        var names = fields.map(\.name)
        for case let name? in [idField, eventTimeField, label?.field] where !names.contains(name) { names.append(name) }
        return names
    }
}
