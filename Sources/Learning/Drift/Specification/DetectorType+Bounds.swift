// The detectors whose bound comes from an inequality or an exact distribution.
extension DetectorType {
    static let hddmAverage = DetectorType(
        name: "hddm_a",
        parameters: confidences,
        acceptedValues: .unit, hasWarnings: true,
        documentation: ModelDocumentation(
            summary: "The mean of all values above the mean up to the best cut, by Hoeffding's bound.",
            formula:
                "Z = mean of all n values, X = mean of the first m at the best cut; a change at confidence a where "
                + "Z − X ≥ √((n−m)/(m·n)/2·ln(2/a))",
            source:
                "Frías-Blanco et al. 2015, Online and Non-Parametric Drift Detection Methods Based on Hoeffding's Bounds "
                + "(A-test)",
            cost: "O(1), two divisions and up to three roots",
            stateSize: "under 150 bytes",
            use:
                "Errors, or any numbers from 0 to 1, that rise suddenly; a bound on false alarms without assuming a "
                + "distribution. Only a rise counts."),
        compile: { reader in
            var parameters = HDDMAverageRule.Parameters()
            (parameters.drift, parameters.warning) = readConfidences(&reader, parameters.drift, parameters.warning)
            return { [parameters] in RuleDetector(HDDMAverageRule(parameters), fingerprint: $0) }
        })

    static let hddmWeighted = DetectorType(
        name: "hddm_w",
        parameters: confidences + [
            ParameterRule(
                "lambda", .number(minimum: 0, maximum: 1, exclusiveMinimum: true), default: "0.05",
                "Weight of the newest value in the fading means; larger forgets faster.")
        ],
        acceptedValues: .unit, hasWarnings: true,
        documentation: ModelDocumentation(
            summary: "Fading means before and after the best cut, by McDiarmid's bound.",
            formula:
                "E = lambda·x + (1−lambda)·E with the sum I of squared weights; the cut where E + √(I·ln(1/drift_confidence)/2) "
                + "was smallest; a change at confidence a where E₂ − E₁ > √((I₁+I₂)·ln(1/a)/2)",
            source:
                "Frías-Blanco et al. 2015, Online and Non-Parametric Drift Detection Methods Based on Hoeffding's Bounds "
                + "(W-test)",
            cost: "O(1), up to three roots, no division",
            stateSize: "under 150 bytes",
            use:
                "Errors, or any numbers from 0 to 1, that rise slowly or after a long stable time: old values fade. Only a "
                + "rise counts."),
        compile: { reader in
            var parameters = HDDMWeightedRule.Parameters()
            (parameters.drift, parameters.warning) = readConfidences(&reader, parameters.drift, parameters.warning)
            parameters.lambda = reader.number("lambda", default: parameters.lambda)
            return { [parameters] in RuleDetector(HDDMWeightedRule(parameters), fingerprint: $0) }
        })

    private static let confidences = [
        ParameterRule(
            "drift_confidence", .number(minimum: 1e-12, maximum: 1, exclusiveMinimum: false), default: "0.001",
            "Chance of a false drift; smaller detects later and less."),
        ParameterRule(
            "warning_confidence", .number(minimum: 1e-12, maximum: 1, exclusiveMinimum: false), default: "0.005",
            "Chance of a false warning; not below drift_confidence."),
    ]

    private static func readConfidences(
        _ reader: inout ParameterReader, _ drift: Double, _ warning: Double
    ) -> (drift: Double, warning: Double) {
        let drift = reader.number("drift_confidence", default: drift)
        let warning = reader.number("warning_confidence", default: warning)
        if warning < drift { reader.refuse("warning_confidence", "must not be below drift_confidence, \(drift)") }
        return (drift, warning)
    }

    static let kswin = DetectorType(
        name: "kswin",
        parameters: [
            ParameterRule(
                "alpha", .number(minimum: 1e-12, maximum: 1, exclusiveMinimum: false), default: "0.005",
                "Largest p-value of a drift. Every value is a test: on a long stream take 0.0001 or less."),
            ParameterRule(
                "window_size", .integer(minimum: 4, maximum: 100_000), default: "100", "Values in the sliding window."),
            ParameterRule(
                "stat_size", .integer(minimum: 2, maximum: 5_000), default: "30",
                "Newest values to compare, and as many drawn from the others; at most half of window_size."),
            ParameterRule(
                "seed", .integer(minimum: 0, maximum: 1 << 53), default: "42", "Seed of the draw."),
        ],
        acceptedValues: .learnable, hasWarnings: false,
        documentation: ModelDocumentation(
            summary: "The newest values against a draw of older ones, by the Kolmogorov-Smirnov test.",
            formula:
                "D = largest distance between the two distribution functions; drift where D > 0.1 and P(D) ≤ alpha, P from the "
                + "exact distribution",
            source: "Raab et al. 2020, Reactive Soft Prototype Computing for Concept Drift Streams",
            cost: "O(window_size), one draw of stat_size",
            stateSize: "21 bytes for each value of the window",
            use:
                "Changes that leave the mean alone: spread or shape. Many times slower than the others, and it tests anew with "
                + "each value, so false alarms add up."),
        compile: { reader in
            var parameters = KSWINRule.Parameters()
            parameters.alpha = reader.number("alpha", default: parameters.alpha)
            parameters.windowCount = reader.integer("window_size", default: parameters.windowCount)
            parameters.recentCount = reader.integer("stat_size", default: parameters.recentCount)
            parameters.seed = UInt64(reader.integer("seed", default: 42).magnitude)
            if parameters.recentCount > parameters.windowCount / 2 {
                reader.refuse("stat_size", "must not be above half of window_size, \(parameters.windowCount / 2)")
            }
            return { [parameters] in RuleDetector(KSWINRule(parameters), fingerprint: $0) }
        })
}
