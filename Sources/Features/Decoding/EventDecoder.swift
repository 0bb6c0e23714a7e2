import CSimdJSON

/// Decodes records into rows by a plan compiled from a schema: JSON or CSV, one call into C++ for each record.
///
/// Whatever the bytes are, the outcome is ``DecodeOutcome/good`` or a reason; nothing traps and nothing is read beyond
/// them. No allocation per record in steady state; buffers that grew past 1 MiB for one record are given back after it.
/// One thread at a time.
@safe public struct EventDecoder: ~Copyable, @unchecked Sendable {
    // Sendable, as it is the only owner of its memory: whoever has the decoder has it alone.
    private let plan: OpaquePointer
    private let format: Schema.Format
    private let numberCount: Int
    private let categoryCount: Int
    let fieldNames: [String]
    let columnCount: Int

    /// Compiles `schema`; throws what ``Schema/validate()`` finds.
    public init(_ schema: Schema) throws(SchemaProblem) {
        if let problem = schema.validate() { throw problem }
        var positive: [UInt8] = []
        var labelKind = MILLRACE_LABEL_CLASS
        switch schema.label?.kind {
        case .binary(let text):
            labelKind = MILLRACE_LABEL_BINARY
            positive = Array(text.utf8)
        case .regression: labelKind = MILLRACE_LABEL_NUMBER
        case .multiclass, nil: break
        }
        let inSeconds: UInt8 = schema.eventTimeUnit == .seconds ? 1 : 0
        guard let plan = unsafe millrace_decoder_create(UInt8(labelKind), positive, positive.count, inSeconds) else {
            throw SchemaProblem(field: "", message: "no memory for a decoder")
        }
        unsafe self.plan = plan
        format = schema.format
        numberCount = schema.numberCount
        categoryCount = schema.categoryCount
        fieldNames = schema.readFieldNames
        columnCount = schema.columns.count
        var keys: [String: Int32] = [:]
        for name in fieldNames { keys[name] = unsafe Self.addKey(name, of: schema, to: plan) }
        for column in schema.columns { unsafe millrace_decoder_add_column(plan, keys[column] ?? -1) }
    }

    deinit { unsafe millrace_decoder_destroy(plan) }

    /// Decodes one record into `row`, which must have been made for the same schema. Complexity: O(bytes).
    public mutating func decode(_ bytes: RawSpan, into row: inout EventRow) -> DecodeOutcome {
        precondition(row.numberCount == numberCount && row.categoryCount == categoryCount)
        let reason = unsafe bytes.withUnsafeBytes { buffer -> UInt8 in
            guard let start = buffer.baseAddress else { return unsafe Self.nothing(plan, row.storage) }
            let first = unsafe start.assumingMemoryBound(to: UInt8.self)
            switch format {
            case .json: return unsafe millrace_decode_json(plan, first, buffer.count, row.storage)
            case .csv: return unsafe millrace_decode_csv(plan, first, buffer.count, row.storage)
            }
        }
        return reason == 0 ? .good : .bad(Self.reason(reason))
    }

    /// An empty span may have no address, which C would have to check for every record.
    @inline(never)
    private static func nothing(_ plan: OpaquePointer, _ row: UnsafeMutablePointer<millrace_row>) -> UInt8 {
        var byte: UInt8 = 0
        return unsafe millrace_decode_json(plan, &byte, 0, row)
    }

    /// The bytes the structural index has room for; grows with the records, at most 1 MiB stays.
    var capacity: Int { unsafe millrace_decoder_capacity(plan) }

    private static func reason(_ code: UInt8) -> BadRecordReason {
        switch Int(code) {
        case MILLRACE_EMPTY: .empty
        case MILLRACE_INVALID_UTF8: .invalidUTF8
        case MILLRACE_WRONG_TYPE: .wrongType
        case MILLRACE_NOT_FINITE: .notFinite
        case MILLRACE_DUPLICATE_FIELD: .duplicateField
        case MILLRACE_BAD_TIME: .badTime
        case MILLRACE_TOO_DEEP: .tooDeep
        default: .malformed
        }
    }

    private static func addKey(_ name: String, of schema: Schema, to plan: OpaquePointer) -> Int32 {
        var roles = 0
        let number = schema.numberSlot(of: name)
        let category = schema.categorySlot(of: name)
        if number != nil { roles |= MILLRACE_ROLE_NUMBER }
        if category != nil { roles |= MILLRACE_ROLE_CATEGORY }
        if name == schema.idField { roles |= MILLRACE_ROLE_ID }
        if name == schema.eventTimeField { roles |= MILLRACE_ROLE_TIME }
        if name == schema.label?.field { roles |= MILLRACE_ROLE_LABEL }
        let counted: UInt8 = number != nil && !schema.isReserved(name) ? 1 : 0
        let bytes = Array(name.utf8)
        return unsafe millrace_decoder_add_key(
            plan, bytes, bytes.count, UInt8(roles), Int32(number ?? -1), Int32(category ?? -1), counted)
    }
}
