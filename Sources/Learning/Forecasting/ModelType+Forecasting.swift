extension ModelType {
    /// Time series.
    static let forecasting: [ModelType] = [snarimax, holtWinters]

    private static let snarimax = ModelType(
        name: "snarimax", tasks: [.regression],
        parameters: [
            order("p", 100, "3", "Lags of the differenced labels."),
            order("d", 3, "1", "How often the labels are differenced."),
            order("q", 100, "1", "Lags of the forecast's own errors."),
            ParameterRule("m", .integer(minimum: 1, maximum: 10_000), default: "1", "Events in a season."),
            order("sp", 10, "0", "Lags at steps of a season."),
            order("sd", 2, "0", "How often the labels are differenced by a season."),
            order("sq", 10, "0", "Lags of errors at steps of a season."), horizon,
        ] + (regression?.parameters.filter { $0.key != "scale" } ?? []), scaling: .within,
        documentation: ModelDocumentation(
            summary: "A linear regression on the labels before, differenced and by seasons, and on the features.",
            formula: "w = (1 − B)^d (1 − B^m)^sd y;  ŵ = b + Σ φᵢ·w(t−i) + Σ θᵢ·e(t−i) + Σ βᵢxᵢ;  e = w − ŵ",
            source: "Box and Jenkins, Time series analysis, 1970; Anava et al., Online learning for time series "
                + "prediction, COLT 2013", cost: "O(horizon · (lags + features))",
            stateSize: "8 bytes a value, lag and error kept; features + 2 numbers an event of the horizon; 40 bytes a "
                + "lag and feature",
            use: "A series with features that help; `d: 1` where it wanders, `sd: 1` with `m` where it has a season.")
    ) { reader, task in
        let orders = SeasonalOrders(
            p: reader.integer("p", default: 3), d: reader.integer("d", default: 1),
            q: reader.integer("q", default: 1), m: reader.integer("m", default: 1),
            sp: reader.integer("sp", default: 0), sd: reader.integer("sd", default: 0),
            sq: reader.integer("sq", default: 0))
        let horizon = reader.integer("horizon", default: 1)
        guard let makeRegression = regression?.compile?(&reader, task) else {
            preconditionFailure("linear regression is a model type")
        }
        return { shape, fingerprint in
            SNARIMAX(orders: orders, horizon: horizon, shape: shape, fingerprint: fingerprint) {
                makeRegression($0, fingerprint)
            }
        }
    }

    private static var regression: ModelType? { linear.first { $0.name == "linear_regression" } }

    private static let holtWinters = ModelType(
        name: "holt_winters", tasks: [.regression],
        parameters: [
            constant("alpha", "0.3", "How far the level follows each value."),
            constant("beta", "0.1", "How far the trend follows each step of the level."),
            constant("gamma", "0.2", "How far a season's part follows each value."),
            ParameterRule(
                "season", .integer(minimum: 1, maximum: 100_000), default: "1", "Events in a season; 1 for none."),
            ParameterRule(
                "seasonality", .choice(["additive", "multiplicative"]), default: "additive",
                "Whether a season adds to the level or multiplies it."),
            ParameterRule("trend", .flag, default: "true", "Whether there is a trend; without it beta has no effect."),
            horizon,
        ], scaling: .none,
        documentation: ModelDocumentation(
            summary: "Exponential smoothing of level, trend and season; it ignores the features.",
            formula:
                "l' = α(y − s) + (1−α)(l + b);  b' = β(l' − l) + (1−β)b;  s' = γ(y − l − b) + (1−γ)s;  ŷ = l + h·b + s",
            source:
                "Holt, 1957; Winters, Forecasting sales by exponentially weighted moving averages, 1960; Hyndman and "
                + "Athanasopoulos, Forecasting: principles and practice, 8.3", cost: "O(1)",
            stateSize: "16 bytes an event of the season, 8 of the horizon",
            use: "A regular series without useful features; the first forecast to beat.")
    ) { reader, _ in
        let parameters = HoltWinters.Parameters(
            alpha: reader.number("alpha", default: 0.3), beta: reader.number("beta", default: 0.1),
            gamma: reader.number("gamma", default: 0.2), season: reader.integer("season", default: 1),
            isMultiplicative: reader.text("seasonality", default: "additive") == "multiplicative",
            hasTrend: reader.flag("trend", default: true), horizon: reader.integer("horizon", default: 1))
        return { _, fingerprint in HoltWinters(parameters: parameters, fingerprint: fingerprint) }
    }

    private static func order(_ key: String, _ maximum: Int, _ fallback: String, _ summary: String) -> ParameterRule {
        ParameterRule(key, .integer(minimum: 0, maximum: maximum), default: fallback, summary)
    }

    private static func constant(_ key: String, _ fallback: String, _ summary: String) -> ParameterRule {
        ParameterRule(
            key, .number(minimum: 0, maximum: 1, exclusiveMinimum: false), default: fallback, summary)
    }

    private static let horizon = ParameterRule(
        "horizon", .integer(minimum: 1, maximum: 1_000), default: "1",
        "How many events ahead: a prediction knows the labels up to that many events before.")
}
