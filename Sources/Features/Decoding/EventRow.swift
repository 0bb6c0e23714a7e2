import CSimdJSON

/// One decoded record, flat and reused from record to record: numbers and categories by slot, id, event time and label.
///
/// It owns all its bytes, so it outlives the record it was decoded from. It is *not* a dictionary: slots are those of
/// ``Schema/numberSlot(of:)`` and ``Schema/categorySlot(of:)``.
@safe public struct EventRow: ~Copyable, @unchecked Sendable {
    // Sendable, as it is the only owner of its memory: whoever has the row has it alone.
    let storage: UnsafeMutablePointer<millrace_row>
    /// How many number slots there are; fixed.
    public let numberCount: Int
    /// How many category slots there are; fixed.
    public let categoryCount: Int

    /// The JSON type of an id.
    public enum IDKind: UInt8, Sendable {
        /// The record has no id: it is known by topic/partition/offset.
        case none = 0
        /// A string.
        case string = 1
        /// A number.
        case number = 2
        /// `true` or `false`.
        case boolean = 3
    }

    /// A row with the slots of `schema`, all absent.
    public init(schema: Schema) {
        numberCount = schema.numberCount
        categoryCount = schema.categoryCount
        guard let row = unsafe millrace_row_create(UInt32(numberCount), UInt32(categoryCount)) else {
            preconditionFailure("no memory for an event row")
        }
        unsafe storage = row
    }

    deinit { unsafe millrace_row_destroy(storage) }

    /// The number in slot `index` (0..<numberCount); NaN when the record does not have it.
    public func number(_ index: Int) -> Double {
        precondition(index >= 0 && index < numberCount)
        return unsafe storage.pointee.numbers[index]
    }

    /// All numbers by slot; NaN where the record has none.
    public var numbers: Span<Double> {
        @_lifetime(borrow self) borrowing get {
            let span = unsafe Span<Double>(_unsafeStart: storage.pointee.numbers, count: numberCount)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The category's text in slot `index` (0..<categoryCount), UTF-8; `nil` when the record does not have it.
    @_lifetime(borrow self)
    public func category(_ index: Int) -> RawSpan? {
        precondition(index >= 0 && index < categoryCount)
        let text = unsafe storage.pointee.categories[index]
        guard text.length != UInt32.max else { return nil }
        return bytes(of: text)
    }

    /// What kind of id the record has.
    public var idKind: IDKind { unsafe IDKind(rawValue: storage.pointee.id_kind) ?? .none }

    /// The id as JSON, ready to be written: a string with its quotes and escapes, or a number, `true` or `false`. Empty
    /// when ``idKind`` is `none`.
    public var idJSON: RawSpan {
        @_lifetime(borrow self) borrowing get { bytes(of: unsafe storage.pointee.id) }
    }

    /// The event time in milliseconds UTC, in the years 1 to 9999; 0 unless ``hasEventTime``.
    public var eventTimeMilliseconds: Int64 { unsafe storage.pointee.time }

    /// Whether the record has an event time; otherwise the record's own timestamp counts.
    public var hasEventTime: Bool { unsafe storage.pointee.has_time != 0 }

    /// The label: 1 or 0 for a binary one, the value for regression; NaN when missing, and for a multiclass one, whose
    /// class is ``labelText``.
    public var label: Double { unsafe storage.pointee.label }

    /// Whether the record has its label.
    public var hasLabel: Bool {
        unsafe storage.pointee.label_text.length != UInt32.max || !storage.pointee.label.isNaN
    }

    /// The label's text, UTF-8, as in the record; empty when missing.
    public var labelText: RawSpan {
        @_lifetime(borrow self) borrowing get { bytes(of: unsafe storage.pointee.label_text) }
    }

    /// How many declared number fields the record does not have, not counting label, event time and id.
    public var absentCount: Int { Int(unsafe storage.pointee.absent_count) }

    @_lifetime(borrow self)
    private func bytes(of text: millrace_text) -> RawSpan {
        let count = text.length == UInt32.max ? 0 : Int(text.length)
        let span = unsafe RawSpan(_unsafeStart: storage.pointee.text + Int(text.start), byteCount: count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }
}
