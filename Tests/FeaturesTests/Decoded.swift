// What the tests of this folder share: a decoder with its row, and what it made of a record as plain values.

import Features

/// One record's outcome as values that can be compared and printed.
struct Decoded: Equatable {
    var outcome: DecodeOutcome
    var numbers: [Double] = []
    var categories: [String?] = []
    var id: String?
    var idKind = EventRow.IDKind.none
    var time: Int64?
    var label = Double.nan
    var labelText = ""
    var absentCount = 0
    var detail = ""

    var reason: BadRecordReason? {
        if case .bad(let reason) = outcome { return reason }
        return nil
    }
}

/// A decoder and its row.
struct Bench: ~Copyable {
    var decoder: EventDecoder
    var row: EventRow

    init(_ schema: Schema) throws {
        decoder = try EventDecoder(schema)
        row = EventRow(schema: schema)
    }

    mutating func outcome(_ bytes: [UInt8]) -> DecodeOutcome { unsafe decoder.decode(bytes.span.bytes, into: &row) }

    mutating func decode(_ text: String) -> Decoded { decode(Array(text.utf8)) }

    mutating func decode(_ bytes: [UInt8]) -> Decoded {
        // A copy of exactly these bytes on the heap, so that the address sanitizer sees a step beyond them.
        let exact = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        defer { unsafe exact.deallocate() }
        unsafe exact.copyBytes(from: bytes)
        let outcome = unsafe decoder.decode(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(exact)), into: &row)
        var decoded = Decoded(outcome: outcome)
        decoded.detail = decoder.detail(of: row)
        guard outcome == .good else { return decoded }
        decoded.numbers = (0..<row.numberCount).map { row.number($0) }
        for index in 0..<row.categoryCount {
            if let category = row.category(index) {
                decoded.categories.append(text(category))
            } else {
                decoded.categories.append(nil)
            }
        }
        decoded.idKind = row.idKind
        decoded.id = row.idKind == .none ? nil : text(row.idJSON)
        decoded.time = row.hasEventTime ? row.eventTimeMilliseconds : nil
        decoded.label = row.label
        decoded.labelText = text(row.labelText)
        decoded.absentCount = row.absentCount
        return decoded
    }
}

func text(_ span: RawSpan) -> String { unsafe span.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) } }

/// Numbers `a` and `b`, category `zone`, id `id`, time `ts`, and a label `y`.
func schema(
    _ label: Schema.Label.Kind? = .binary(positive: "1"), format: Schema.Format = .json,
    unit: Schema.TimeUnit = .milliseconds
) -> Schema {
    Schema(
        format: format,
        fields: [
            Schema.Field(name: "a", kind: .number), Schema.Field(name: "b", kind: .number),
            Schema.Field(name: "zone", kind: .category),
        ],
        columns: format == .csv ? ["id", "ts", "a", "b", "zone", "other", "y"] : [], idField: "id",
        eventTimeField: "ts", eventTimeUnit: unit, label: label.map { Schema.Label(field: "y", kind: $0) })
}
