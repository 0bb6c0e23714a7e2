extension DataFile {
    /// `base` for the records of this file: its format and columns; and where `base` declares no fields, all columns as
    /// numbers except the label, the event time and the id.
    ///
    /// Throws when a field that `base` names is no column of a CSV file, or when JSON lines come without declared fields.
    public borrowing func schema(adapting base: Schema) throws(DataFileError) -> Schema {
        var schema = base
        schema.format = format
        schema.columns = columns
        if schema.fields.isEmpty {
            guard format == .csv else {
                throw DataFileError(.badData, path: path, "JSON lines have no header: the pipeline needs `fields:`")
            }
            schema.fields = columns.filter { !base.isReserved($0) }.map { Schema.Field(name: $0, kind: .number) }
        }
        if let problem = schema.validate() {
            throw DataFileError(.badData, path: path, line: format == .csv ? 1 : nil, problem.description)
        }
        return schema
    }
}
