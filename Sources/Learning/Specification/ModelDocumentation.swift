/// What a person who chooses a model wants to know of it; `docs/models.md` is made from these.
public struct ModelDocumentation: Sendable, Equatable {
    /// One line: what it is.
    public var summary: String
    /// The rule it computes, in a line or a few, plain text with Unicode signs.
    public var formula: String
    /// Where the algorithm was published: authors, title or venue, year.
    public var source: String
    /// What predicting and learning one event cost, in terms of features, classes, members: e.g. "O(features)".
    public var cost: String
    /// How large the state is, e.g. "40 bytes a feature".
    public var stateSize: String
    /// When to choose it, and when not.
    public var use: String

    /// Documentation of one model type; for one that is not built all is empty.
    public init(
        summary: String = "", formula: String = "", source: String = "", cost: String = "", stateSize: String = "",
        use: String = ""
    ) {
        self.summary = summary
        self.formula = formula
        self.source = source
        self.cost = cost
        self.stateSize = stateSize
        self.use = use
    }
}
