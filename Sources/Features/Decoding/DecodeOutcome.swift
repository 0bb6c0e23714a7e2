/// Why a record is bad: the closed list of design values of the `millrace-error` header.
public enum BadRecordReason: String, Sendable, CaseIterable {
    /// A null value. The decoder never says so: it is given bytes; whoever holds the record does.
    case tombstone
    /// A value of no bytes (a CSV record: of nothing but a line end).
    case empty
    /// Not UTF-8, anywhere in the record.
    case invalidUTF8 = "invalid_utf8"
    /// Not exactly one JSON object, or not one CSV record with as many cells as columns.
    case malformed
    /// A field that is read holds a value of another type.
    case wrongType = "wrong_type"
    /// A number that is infinite or not a number.
    case notFinite = "not_finite"
    /// A field that is read comes twice.
    case duplicateField = "duplicate_field"
    /// An event time that is no time, or not in the years 1 to 9999.
    case badTime = "bad_time"
    /// More than 1,024 levels of objects and arrays, the outermost included.
    case tooDeep = "too_deep"
}

/// What became of one record.
public enum DecodeOutcome: Sendable, Equatable {
    /// The row holds the record.
    case good
    /// The record is bad; the row holds nothing to use but what ``EventDecoder/detail(of:)`` tells.
    case bad(BadRecordReason)
}
