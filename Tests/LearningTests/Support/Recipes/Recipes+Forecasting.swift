import Learning

extension Recipe {
    /// Every path through the learners of the folder.
    static let forecasting: [Recipe] = [
        Recipe("SNARIMAX", .regression, type: "snarimax"),
        Recipe(
            "SNARIMAX, seasons, horizon", .regression, type: "snarimax",
            numbers(["p": 2, "d": 1, "q": 2, "m": 5, "sp": 2, "sd": 1, "sq": 1, "horizon": 4])),
        Recipe(
            "SNARIMAX, no lags, scaled by range", .regression, type: "snarimax",
            numbers(["p": 0, "d": 0, "q": 0]) + [ParameterEntry("scale", .text("min_max"))]),
        Recipe("Holt-Winters", .regression, type: "holt_winters"),
        Recipe(
            "Holt-Winters, season, horizon", .regression, type: "holt_winters", numbers(["season": 7, "horizon": 3])),
        Recipe(
            "Holt-Winters, multiplicative, no trend", .regression, type: "holt_winters",
            numbers(["season": 4, "horizon": 9])
                + [ParameterEntry("seasonality", .text("multiplicative")), ParameterEntry("trend", .flag(false))]),
    ]

    static func numbers(_ values: KeyValuePairs<String, Double>) -> [ParameterEntry] {
        values.map { ParameterEntry($0.key, .number($0.value)) }
    }
}
