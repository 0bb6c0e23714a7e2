/// One parameter of a model, optimiser or detector: what `check` verifies and the documentation prints.
public struct ParameterRule: Sendable {
    /// The key in the pipeline file.
    public var key: String
    /// Type and range.
    public var kind: Kind
    /// What holds when the key is left out, as the file would say it.
    public var defaultText: String
    /// One line for a person who chooses a value.
    public var summary: String

    /// The type of a parameter's value with its allowed range.
    public enum Kind: Sendable, Equatable {
        /// A number within `minimum...maximum`; `exclusiveMinimum` leaves the minimum itself out.
        case number(minimum: Double, maximum: Double, exclusiveMinimum: Bool)
        /// A whole number within the range.
        case integer(minimum: Int, maximum: Int)
        /// `true` or `false`.
        case flag
        /// One of the words.
        case choice([String])
        /// A learning rate: a positive number, or a map `{initial, decay}` or `{initial, power}`.
        case schedule
        /// A map with a `type` and that type's own parameters, e.g. an optimiser.
        case optimizer
        /// A list of models, so many at least and at most: each a type's name, or a map with a `type` as under `models:`.
        case models(minimum: Int, maximum: Int)
        /// A length of time such as `5m`, in milliseconds.
        case duration(minimum: Int64, maximum: Int64)
    }

    /// A rule for `key`.
    public init(_ key: String, _ kind: Kind, default defaultText: String, _ summary: String) {
        self.key = key
        self.kind = kind
        self.defaultText = defaultText
        self.summary = summary
    }
}

/// A parameter's value as read from the pipeline file, before its rule was applied.
public indirect enum ParameterValue: Sendable, Equatable {
    /// A number (whole numbers too).
    case number(Double)
    /// A word.
    case text(String)
    /// `true` or `false`.
    case flag(Bool)
    /// A nested map in file order.
    case map([ParameterEntry])
    /// A list in file order.
    case list([ParameterValue])
}

/// One key of a parameter map.
public struct ParameterEntry: Sendable, Equatable {
    /// The key in the pipeline file.
    public var key: String
    /// Its value.
    public var value: ParameterValue

    /// An entry of a parameter map.
    public init(_ key: String, _ value: ParameterValue) {
        self.key = key
        self.value = value
    }
}

/// Why a parameter was refused. `path` leads from the model's map to the key, e.g. `["optimizer", "learning_rate"]`; an
/// element of a list stands in it as its index from 0, e.g. `["experts", "0", "type"]`.
public struct ParameterProblem: Error, Sendable, Equatable {
    /// Keys from the model's own map down to the offending one.
    public var path: [String]
    /// What is wrong and what is allowed, for a person.
    public var message: String
    /// The known key or word nearest to an unknown one, if any is near.
    public var isUnknownKey: Bool
    /// What is allowed in the offending place (keys or words), for suggestions.
    public var allowed: [String]
    /// The design names it, this version does not have it: exit 78 "not yet".
    public var isNotYet: Bool

    /// A refused parameter.
    public init(
        path: [String], message: String, isUnknownKey: Bool = false, allowed: [String] = [], isNotYet: Bool = false
    ) {
        self.path = path
        self.message = message
        self.isUnknownKey = isUnknownKey
        self.allowed = allowed
        self.isNotYet = isNotYet
    }
}
