// Goal: the forecasters are the published formulas, and a prediction knows no label nearer than the horizon. Method: the
// formulas written out over plain arrays, series that the models describe exactly, and labels changed behind the horizon.
import Testing

@testable import Learning

@Suite struct ForecastingTests {
    private func forecasts(
        _ type: String, _ entries: [ParameterEntry], _ labels: [Double], rows: [[Double]]? = nil,
        weight: (Int) -> Double = { _ in 1 }
    ) throws -> [Double] {
        let learner = try Recipe("m", .regression, type: type, entries).learner(denseCount: rows?[0].count ?? 0)
        var features = FeatureVector(denseCount: rows?[0].count ?? 0, sparseCapacity: 0)
        return labels.enumerated().map { index, label in
            if let rows { features.setDense(rows[index]) }
            let forecast = learner.predicted(features)
            learner.learn(features, label: label, weight: weight(index))
            return forecast
        }
    }

    private func noise(_ count: Int, seed: UInt64) -> [Double] {
        var generator = RandomGenerator(seed: seed)
        return (0..<count).map { _ in generator.nextGaussian() }
    }

    private let wave: [Double] = [4, -1, -6, 2, 0, 3, -2]

    // MARK: Holt-Winters

    @Test(arguments: [1, 2, 5, 30]) func linesAndSeasonsAreForecastExactly(_ horizon: Int) throws {
        let line = (0..<200).map { 3 + 0.5 * Double($0) }
        let seasonal = (0..<200).map { 100 - 2 * Double($0) + wave[$0 % 7] }
        let factors = (0..<200).map { 50 * (10 + wave[$0 % 7]) }
        let ahead = ParameterEntry("horizon", .number(Double(horizon)))
        let week = ParameterEntry("season", .number(7))
        let times = ParameterEntry("seasonality", .text("multiplicative"))
        for (labels, entries, from) in [
            (line, [ahead], 2), (seasonal, [ahead, week], 14), (factors, [ahead, week, times], 14),
        ] {
            let forecasts = try forecasts("holt_winters", entries, labels)
            for index in (from + horizon)..<200 { #expect(isNear(forecasts[index], labels[index]), "\(index)") }
            #expect(forecasts[..<horizon].allSatisfy { $0 == 0 })
        }
    }

    @Test(arguments: [false, true], [1, 4]) func holtWintersIsTheComponentForm(_ isMultiplicative: Bool, horizon: Int)
        throws
    {
        let noise = noise(300, seed: 1)
        let labels = noise.enumerated().map { 60 + 0.1 * Double($0.0) + wave[$0.0 % 7] + $0.1 }
        var entries = Recipe.numbers(["alpha": 0.4, "beta": 0.2, "gamma": 0.3, "season": 7])
        entries.append(ParameterEntry("horizon", .number(Double(horizon))))
        if isMultiplicative { entries.append(ParameterEntry("seasonality", .text("multiplicative"))) }
        let found = try forecasts("holt_winters", entries, labels)

        let (first, second) = (labels[..<7].reduce(0, +) / 7, labels[7..<14].reduce(0, +) / 7)
        var trend = (second - first) / 7
        var level = (first + second) / 2 + 6.5 * trend
        var season = (0..<14).map { index in
            let line = level - trend * Double(13 - index)
            return isMultiplicative ? labels[index] / line : labels[index] - line
        }
        season = (0..<7).map { (season[$0] + season[$0 + 7]) / 2 }
        for now in 13..<(300 - horizon) {
            if now > 13 {
                let (label, part) = (labels[now], season[now % 7])
                let line = level + trend
                let bare = isMultiplicative ? label / part : label - part
                let next = 0.4 * bare + 0.6 * line
                season[now % 7] = 0.3 * (isMultiplicative ? label / line : label - line) + 0.7 * part
                trend = 0.2 * (next - level) + 0.8 * trend
                level = next
            }
            let line = level + Double(horizon) * trend
            let part = season[(now + horizon) % 7]
            let expected = isMultiplicative ? line * part : line + part
            #expect(isNear(found[now + horizon], expected), "event \(now + horizon)")
        }
    }

    /// Without trend and season it is Brown's simple smoothing, l' = αy + (1−α)l, and a value of weight 3 is the value three
    /// times.
    @Test func aWeightIsSoManyEqualValues() throws {
        let entries = Recipe.numbers(["alpha": 0.3]) + [ParameterEntry("trend", .flag(false))]
        let recipe = Recipe("m", .regression, type: "holt_winters", entries)
        let (weighted, repeated) = (try recipe.learner(denseCount: 0), try recipe.learner(denseCount: 0))
        let features = FeatureVector(denseCount: 0, sparseCapacity: 0)
        var level = 0.0
        for (index, label) in noise(60, seed: 6).enumerated() {
            // The first two values set the level.
            let times = index < 2 ? 1 : [1, 3, 2][index % 3]
            weighted.learn(features, label: label, weight: Double(times))
            for _ in 0..<times {
                repeated.learn(features, label: label, weight: 1)
                level = index == 0 ? label : index == 1 ? (level + label) / 2 : 0.3 * label + 0.7 * level
            }
            #expect(isNear(repeated.predicted(features), level) && isNear(weighted.predicted(features), level))
        }
    }

    // MARK: SNARIMAX

    /// A seasonal lag that is among the near ones already is no second input.
    @Test func lagsAreTakenOnce() {
        let orders = SeasonalOrders(p: 4, q: 1, m: 2, sp: 3, sq: 2)
        #expect(orders.seriesLags == [1, 2, 3, 4, 6] && orders.errorLags == [1, 2, 4])
    }

    /// (1 − B)(1 − B⁷) of a line with a season is 0 everywhere, so the first forecast is exact already.
    @Test(arguments: [1, 3, 11]) func differencesMakeLinesAndSeasonsExact(_ horizon: Int) throws {
        let labels = (0..<300).map { 100 - 2 * Double($0) + wave[$0 % 7] }
        let orders = Recipe.numbers(["p": 2, "d": 1, "q": 1, "m": 7, "sp": 1, "sd": 1, "sq": 1])
        let forecasts = try forecasts(
            "snarimax", orders + [ParameterEntry("horizon", .number(Double(horizon)))], labels)
        for index in (8 + horizon)..<300 { #expect(isNear(forecasts[index], labels[index]), "\(index)") }
    }

    /// Of a line's differences the intercept is the slope; it is reached as fast as (1 − 0.02)ⁿ falls.
    @Test func aSlopeIsLearned() throws {
        let labels = (0..<3_000).map { 7 + 3 * Double($0) }
        let forecasts = try forecasts("snarimax", Recipe.numbers(["p": 0, "d": 1, "q": 0, "horizon": 6]), labels)
        for index in 2_000..<3_000 { #expect(isNear(forecasts[index], labels[index])) }
    }

    /// The model over plain arrays: differences, lags, errors, gradient descent, and forecasts that feed on themselves.
    private struct Plain {
        let rate = 0.01
        var weights = [Double](repeating: 0, count: 7)
        var (labels, series, errors): ([Double], [Double], [Double]) = ([], [], [])

        /// (1 − B)(1 − B³) = 1 − B − B³ + B⁴.
        static func known(_ labels: [Double]) -> Double {
            let n = labels.count
            return -labels[n - 1] - labels[n - 3] + labels[n - 4]
        }

        static func lag(_ list: [Double], _ lag: Int) -> Double { list.count >= lag ? list[list.count - lag] : 0 }

        static func inputs(_ series: [Double], _ errors: [Double], _ x: Double) -> [Double] {
            [1, lag(series, 1), lag(series, 2), lag(series, 3), lag(errors, 1), lag(errors, 3), x]
        }

        func score(_ inputs: [Double]) -> Double { zip(weights, inputs).reduce(0) { $0 + $1.0 * $1.1 } }

        mutating func learn(_ label: Double, _ x: Double, weight: Double) {
            defer { labels.append(label) }
            guard labels.count >= 4 else { return }
            let difference = label + Self.known(labels)
            let inputs = Self.inputs(series, errors, x)
            let error = difference - score(inputs)
            for index in 0..<7 { weights[index] += rate * weight * 2 * error * inputs[index] }
            series.append(difference)
            errors.append(error)
        }

        /// The last of the forecasts for the events with these features.
        func forecast(_ ahead: ArraySlice<Double>) -> Double {
            guard labels.count >= 4 else { return labels.last ?? 0 }
            var (labels, series, errors) = (labels, series, errors)
            for x in ahead {
                let difference = score(Self.inputs(series, errors, x))
                labels.append(difference - Self.known(labels))
                series.append(difference)
                errors.append(0)
            }
            return labels.last ?? 0
        }
    }

    @Test(arguments: [1, 2, 5]) func snarimaxIsItsDefinition(_ horizon: Int) throws {
        let noise = noise(800, seed: 2)
        let inputs = self.noise(800, seed: 3)
        var labels: [Double] = []
        for index in 0..<800 {
            let before = labels.last ?? 0
            labels.append(0.7 * before + 0.3 * wave[index % 3] + inputs[index] + 0.2 * noise[index])
        }
        let entries =
            Recipe.numbers(["p": 2, "d": 1, "q": 1, "m": 3, "sp": 1, "sd": 1, "sq": 1])
            + [ParameterEntry("scale", .text("none")), ParameterEntry("horizon", .number(Double(horizon)))]
        let weight: (Int) -> Double = { [1, 1, 0.5, 2][$0 % 4] }
        let found = try forecasts("snarimax", entries, labels, rows: inputs.map { [$0] }, weight: weight)
        var plain = Plain()
        for index in 0..<800 {
            if index >= horizon {
                let known = index - horizon
                plain.learn(labels[known], inputs[known], weight: weight(known))
            }
            guard index >= horizon - 1 else { continue }
            let expected = plain.forecast(inputs[(index - horizon + 1)...index])
            #expect(isNear(found[index], expected, 1e-8), "event \(index)")
        }
        guard horizon <= 2 else { return }
        // It learns what the features are good for.
        let error = (400..<800).reduce(0) { $0 + abs(found[$1] - labels[$1]) } / 400
        let naive = (400..<800).reduce(0) { $0 + abs(labels[$1 - horizon] - labels[$1]) } / 400
        #expect(error < 0.8 * naive, "\(error) \(naive)")
    }

    @Test(arguments: ["snarimax", "holt_winters"]) func thePredictionKnowsNoLabelWithinTheHorizon(_ type: String) throws
    {
        let labels = noise(120, seed: 4)
        var other = labels
        for index in 100..<120 { other[index] += 50 }
        let entries = Recipe.numbers(["horizon": 6])
        let (one, two) = (try forecasts(type, entries, labels), try forecasts(type, entries, other))
        #expect(one[..<106] == two[..<106])
        #expect(one[106] != two[106])
    }

    /// An event without weight takes no time: the series is the same as without it.
    @Test(arguments: Recipe.forecasting) func timeIsTheCountOfLearnedEvents(_ recipe: Recipe) throws {
        let (plain, gaps) = (try recipe.learner(denseCount: 1), try recipe.learner(denseCount: 1))
        var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
        for (index, label) in noise(100, seed: 5).enumerated() {
            features[0] = Double(index % 4)
            plain.learn(features, label: label, weight: 1)
            gaps.learn(features, label: label, weight: 1)
            gaps.learn(features, label: 1e9, weight: 0)
            #expect(plain.predicted(features) == gaps.predicted(features))
        }
        #expect(plain.encoded == gaps.encoded)
    }

    @Test func impossibleOrdersAreRefused() {
        for (type, key, value) in [
            ("snarimax", "p", -1.0), ("snarimax", "m", 0), ("snarimax", "sd", 3), ("snarimax", "horizon", 0),
            ("holt_winters", "alpha", 1.5), ("holt_winters", "season", 0), ("holt_winters", "horizon", 1.5),
        ] {
            let entries = [ParameterEntry("type", .text(type)), ParameterEntry(key, .number(value))]
            let problems = ModelSpecification.parse(name: "m", entries: entries, task: .regression).1
            #expect(problems.map(\.path) == [[key]], "\(type) \(key)")
        }
    }
}
