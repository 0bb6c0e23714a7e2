/// How records of the input topic (or rows of a file) are read: which fields, of which kind.
public struct Schema: Sendable, Equatable {
    /// The wire format.
    public enum Format: String, Sendable, CaseIterable { case json, csv }
    /// What a declared field holds.
    public enum FieldKind: String, Sendable, CaseIterable { case number, category }
    /// Unit of an epoch time; ISO 8601 strings are accepted with either.
    public enum TimeUnit: String, Sendable { case seconds = "s", milliseconds = "ms" }

    /// One declared field.
    public struct Field: Sendable, Equatable {
        /// Name in the record.
        public var name: String
        /// What it holds.
        public var kind: FieldKind

        /// A declared field.
        public init(name: String, kind: FieldKind) {
            self.name = name
            self.kind = kind
        }
    }

    /// The wire format.
    public var format: Format
    /// Declared fields in declared order (the label's field among them when it is declared).
    public var fields: [Field]
    /// Column names of headerless CSV records, in order; empty for JSON.
    public var columns: [String]
    /// Field that identifies the event; `nil`: topic/partition/offset.
    public var idField: String?
    /// Field that holds the event's time; `nil`: the record's timestamp.
    public var eventTimeField: String?
    /// Unit of epoch times.
    public var eventTimeUnit: TimeUnit
    /// The immediate label, if there is one.
    public var label: Label?

    /// The truth inside the event itself.
    public struct Label: Sendable, Equatable {
        /// Field that holds it.
        public var field: String
        /// What is learned from it.
        public var kind: Kind

        /// The kind of label.
        public enum Kind: Sendable, Equatable {
            /// Two classes: the field's text equals `positive`, or not.
            case binary(positive: String)
            /// Many classes, by their text.
            case multiclass
            /// A number.
            case regression
        }

        /// An immediate label.
        public init(field: String, kind: Kind) {
            self.field = field
            self.kind = kind
        }
    }

    /// How records are read.
    public init(
        format: Format = .json, fields: [Field], columns: [String] = [], idField: String? = nil,
        eventTimeField: String? = nil, eventTimeUnit: TimeUnit = .milliseconds, label: Label? = nil
    ) {
        self.format = format
        self.fields = fields
        self.columns = columns
        self.idField = idField
        self.eventTimeField = eventTimeField
        self.eventTimeUnit = eventTimeUnit
        self.label = label
    }
}

/// One entry of `features:` in the pipeline file.
public enum FeatureSpecification: Sendable, Equatable {
    /// `"*"`: every field declared `number` in declared order, except label, event time and id.
    case allNumbers
    /// A field declared `number`, by name.
    case field(String)
    /// `{one_hot: FIELD}`: one 0/1 feature for each category of a field declared `category`.
    case oneHot(String)
}
