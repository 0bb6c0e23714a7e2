extension DetectorType {
    static let adwin = DetectorType(
        name: "adwin",
        parameters: [
            ParameterRule(
                "delta", .number(minimum: 1e-12, maximum: 1, exclusiveMinimum: false), default: "0.002",
                "Chance of a false alarm at a check; smaller detects later and less."),
            ParameterRule(
                "clock", .integer(minimum: 1, maximum: 1_000_000), default: "32",
                "Look for a change every that many values."),
            ParameterRule(
                "max_buckets", .integer(minimum: 2, maximum: 64), default: "5",
                "Buckets of one size before two merge; more are finer cut points, more memory and time."),
            ParameterRule(
                "min_window_length", .integer(minimum: 1, maximum: 1_000_000), default: "5",
                "Least number of values before and after a change."),
            ParameterRule(
                "grace_period", .integer(minimum: 1, maximum: 1_000_000), default: "10",
                "No look for a change while there are no more values than this."),
        ],
        acceptedValues: .learnable, hasWarnings: false,
        documentation: ModelDocumentation(
            summary: "A window that grows while the mean holds and is cut where it changes.",
            formula:
                "drift where |mean₀ − mean₁| > √(2·h·V·L) + ⅔·L·h for some split of the window into n₀ older and n₁ newer "
                + "values; h = 1/(n₀−m+1) + 1/(n₁−m+1), m = min_window_length, V the window's variance, "
                + "L = ln(2·ln(width)/delta)",
            source: "Bifet & Gavaldà 2007, Learning from Time-Changing Data with Adaptive Windowing",
            cost: "O(1), and O(log width) every `clock` values",
            stateSize: "about 100 bytes for each doubling of the window: 2 KB at a million values",
            use:
                "The default: any numbers, no assumption on their distribution, few false alarms, and both directions. "
                + "Small changes need a few hundred values."),
        compile: { reader in
            var parameters = ADWIN.Parameters()
            parameters.delta = reader.number("delta", default: parameters.delta)
            parameters.clock = reader.integer("clock", default: parameters.clock)
            parameters.bucketCountMax = reader.integer("max_buckets", default: parameters.bucketCountMax)
            parameters.partCountMin = reader.integer("min_window_length", default: parameters.partCountMin)
            parameters.grace = reader.integer("grace_period", default: parameters.grace)
            return { [parameters] in RuleDetector(AdwinRule(parameters), fingerprint: $0) }
        })

    static let pageHinkley = DetectorType(
        name: "page_hinkley",
        parameters: [
            ParameterRule(
                "min_instances", .integer(minimum: 1, maximum: 1_000_000_000), default: "30",
                "No drift before that many values."),
            ParameterRule(
                "delta", .number(minimum: 0, maximum: 1e12, exclusiveMinimum: false), default: "0.005",
                "Deviations up to this size do not add up; in units of the values."),
            ParameterRule(
                "threshold", .number(minimum: 0, maximum: 1e12, exclusiveMinimum: true), default: "50",
                "How far a sum may be from its extreme; in units of the values."),
            ParameterRule(
                "alpha", .number(minimum: 0, maximum: 1, exclusiveMinimum: true), default: "0.9999",
                "Fading of the sums per value; 1 forgets nothing."),
            ParameterRule(
                "mode", .choice(["both", "up", "down"]), default: "both", "Which changes of the mean count."),
        ],
        acceptedValues: .learnable, hasWarnings: false,
        documentation: ModelDocumentation(
            summary: "Sums of deviations from the running mean; a change is a sum far from its extreme.",
            formula:
                "d = x − mean; U ← alpha·U + d − delta, D ← alpha·D + d + delta; drift where U − min U > threshold (up) or "
                + "max D − D > threshold (down)",
            source: "Page 1954, Continuous Inspection Schemes; the faded form as in River",
            cost: "O(1), one division",
            stateSize: "under 150 bytes",
            use:
                "Numbers whose usual spread you know: threshold and delta are in their units. Fast to see a shift of the "
                + "mean; blind to changes of the spread alone."),
        compile: { reader in
            var parameters = PageHinkleyRule.Parameters()
            parameters.warmUp = reader.number("min_instances", default: parameters.warmUp)
            parameters.delta = reader.number("delta", default: parameters.delta)
            parameters.threshold = reader.number("threshold", default: parameters.threshold)
            parameters.fading = reader.number("alpha", default: parameters.fading)
            let mode = reader.text("mode", default: parameters.direction.rawValue)
            parameters.direction = PageHinkleyRule.Direction(rawValue: mode) ?? parameters.direction
            return { [parameters] in RuleDetector(PageHinkleyRule(parameters), fingerprint: $0) }
        })

    static let ddm = DetectorType(
        name: "ddm",
        parameters: [
            warmStart("No drift in the first that many values."),
            ParameterRule(
                "warning_threshold", .number(minimum: 0, maximum: 1000, exclusiveMinimum: true), default: "2",
                "Standard deviations above the best error rate for a warning."),
            ParameterRule(
                "drift_threshold", .number(minimum: 0, maximum: 1000, exclusiveMinimum: true), default: "3",
                "Standard deviations above the best error rate for a drift."),
        ],
        acceptedValues: .unit, hasWarnings: true,
        documentation: ModelDocumentation(
            summary: "An error rate that rose above its best by some standard deviations.",
            formula: "p = error rate, s = √(p(1−p)/n), best where p + s was smallest; warning where p + s > p_min + "
                + "warning_threshold·s_min, drift where p + s > p_min + drift_threshold·s_min",
            source: "Gama et al. 2004, Learning with Drift Detection",
            cost: "O(1), two divisions and a root",
            stateSize: "under 150 bytes",
            use:
                "Errors (0 or 1) of a classifier that fails suddenly. Slow after a long stable time, as the rate is over all "
                + "values since the last drift."),
        compile: { reader in
            var parameters = DDMRule.Parameters()
            parameters.warmUp = reader.number("warm_start", default: parameters.warmUp)
            parameters.warning = reader.number("warning_threshold", default: parameters.warning)
            parameters.drift = reader.number("drift_threshold", default: parameters.drift)
            if parameters.warning > parameters.drift {
                reader.refuse("warning_threshold", "must not be above drift_threshold, \(parameters.drift)")
            }
            return { [parameters] in RuleDetector(DDMRule(parameters), fingerprint: $0) }
        })

    static let eddm = DetectorType(
        name: "eddm",
        parameters: [
            warmStart("No drift in the first that many values, nor before as many errors."),
            ParameterRule(
                "alpha", .number(minimum: 0, maximum: 1, exclusiveMinimum: true), default: "0.95",
                "A warning below this share of the best distance."),
            ParameterRule(
                "beta", .number(minimum: 0, maximum: 1, exclusiveMinimum: true), default: "0.9",
                "A drift below this share of the best distance."),
        ],
        acceptedValues: .unit, hasWarnings: true,
        documentation: ModelDocumentation(
            summary: "Errors that come closer together than they did at best.",
            formula:
                "q = mean + 2·deviation of the distances between errors; warning where q/q_max < alpha, drift where "
                + "q/q_max < beta; a value above 0.5 is an error",
            source: "Baena-García et al. 2006, Early Drift Detection Method",
            cost: "O(1); a division and a root for an error, none otherwise",
            stateSize: "under 150 bytes",
            use: "Errors (0 or 1) of a classifier that gets worse slowly. Prone to false alarms on noisy streams."),
        compile: { reader in
            var parameters = EDDMRule.Parameters()
            parameters.warmUp = reader.number("warm_start", default: parameters.warmUp)
            parameters.warning = reader.number("alpha", default: parameters.warning)
            parameters.drift = reader.number("beta", default: parameters.drift)
            if parameters.drift > parameters.warning {
                reader.refuse("beta", "must not be above alpha, \(parameters.warning)")
            }
            return { [parameters] in RuleDetector(EDDMRule(parameters), fingerprint: $0) }
        })

    private static func warmStart(_ summary: String) -> ParameterRule {
        ParameterRule("warm_start", .integer(minimum: 1, maximum: 1_000_000_000), default: "30", summary)
    }
}
