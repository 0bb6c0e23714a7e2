/// One key of the pipeline file. The table of all of them is what `check` compares keys with and what documentation
/// prints, so the two cannot disagree.
///
/// The parameters of models are documented where they are defined, in Learning's rules; librdkafka documents its own
/// properties.
public struct KeyDocumentation: Sendable, Equatable {
    /// Path of the map that holds the key, e.g. `input` or `models.*`; empty for the file's top level.
    public var section: String
    /// The key; `*` stands for a name of the writer's choice.
    public var key: String
    /// Type, unit and range of the value, or the words that are allowed.
    public var type: String
    /// What holds when the key is left out, as the file would say it; `nil` when nothing does, or when it is required.
    public var defaultText: String?
    /// What the key must be there for, e.g. `run`; `nil` when it may be left out.
    public var requiredFor: String?
    /// One line for a person who chooses a value.
    public var summary: String
    /// Part of the format, refused by this version as "not yet".
    public var isNotYet: Bool

    /// Where the key stands, e.g. `input.topic`.
    public var path: String { section.isEmpty ? key : "\(section).\(key)" }

    init(
        _ section: String, _ key: String, _ type: String, default defaultText: String? = nil,
        requiredFor: String? = nil, isNotYet: Bool = false, _ summary: String
    ) {
        self.section = section
        self.key = key
        self.type = type
        self.defaultText = defaultText
        self.requiredFor = requiredFor
        self.summary = summary
        self.isNotYet = isNotYet
    }
}

extension KeyDocumentation {
    /// Every key in the order in which a file is best written.
    public static let all: [KeyDocumentation] = topLevel + kafka + input + label + features + models + outcome

    /// The keys of the map at `section`, in order.
    static func keys(of section: String) -> [KeyDocumentation] { bySection[section] ?? [] }

    private static let bySection = Dictionary(grouping: all, by: \.section)
}
