import CSimdJSON

extension EventDecoder {
    /// What was wrong with the record last decoded into `row`, for the `millrace-error-detail` header: the field, what
    /// was found and where. At most about 200 bytes of text; empty after a good record. Made on demand: costs the good
    /// path nothing.
    public func detail(of row: borrowing EventRow) -> String {
        let found = unsafe row.storage.pointee
        guard unsafe found.reason != 0 else { return "" }
        var text = ""
        let key = unsafe Int(found.key)
        if fieldNames.indices.contains(key) { text = "field \"\(Self.shortened(fieldNames[key]))\": " }
        switch unsafe Int(found.reason) {
        case MILLRACE_EMPTY: return "no bytes"
        case MILLRACE_INVALID_UTF8: return "not UTF-8"
        case MILLRACE_MALFORMED where unsafe found.cell_count > 0:
            let cells = unsafe found.cell_count == 1 ? "1 cell" : "\(found.cell_count) cells"
            return cells + (columnCount == 1 ? ", but there is 1 column" : ", but there are \(columnCount) columns")
        case MILLRACE_TOO_DEEP: return "more than 1024 levels"
        case MILLRACE_DUPLICATE_FIELD: text += "comes twice"
        case MILLRACE_MALFORMED: text += "not well formed"
        case MILLRACE_NOT_FINITE: text += "not a finite number"
        case MILLRACE_BAD_TIME: text += "no time in the years 1 to 9999"
        default: text += "wrong type"
        }
        unsafe text += " at byte \(found.offset)"
        let excerpt = Self.excerpt(of: row)
        return excerpt.isEmpty ? text : text + ", found \(excerpt)"
    }

    private static func excerpt(of row: borrowing EventRow) -> String {
        let count = unsafe Int(row.storage.pointee.excerpt_length)
        let bytes = unsafe withUnsafeBytes(of: row.storage.pointee.excerpt) { unsafe Array($0.prefix(count)) }
        let text = String(decoding: bytes, as: UTF8.self)
        return String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }

    private static func shortened(_ name: String) -> String {
        name.count <= 60 ? name : String(name.prefix(60)) + "…"
    }
}
