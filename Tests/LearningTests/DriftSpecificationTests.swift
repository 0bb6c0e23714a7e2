// Goal: a detector's parameters are understood or refused with every reason and what is allowed, and its documentation says
// what holds. Method: parameters as the file's reader or the command line would hand them over, good and bad.
import Learning
import Testing

@Suite struct DriftSpecificationTests {
    private func problems(_ name: String, _ entries: [ParameterEntry]) -> [ParameterProblem] {
        let (specification, problems) = DetectorSpecification.parse(name: name, entries: entries)
        #expect((specification == nil) == !problems.isEmpty)
        return problems
    }

    @Test func theNamesAreThoseOfTheDesign() {
        #expect(
            DetectorType.all.map(\.name) == ["adwin", "page_hinkley", "ddm", "eddm", "hddm_a", "hddm_w", "kswin"])
    }

    @Test func everyDetectorNeedsOnlyItsNameAndWritingEveryDefaultChangesNothing() throws {
        for type in DetectorType.all {
            let plain = try #require(DetectorSpecification.parse(name: type.name).0)
            #expect(plain.type == type)
            #expect(plain.makeDetector().acceptedValues == type.acceptedValues)
            let written = type.parameters.map { rule in
                ParameterEntry(rule.key, Double(rule.defaultText).map { .number($0) } ?? .text(rule.defaultText))
            }
            #expect(DetectorSpecification.parse(name: type.name, entries: written).0 == plain)
        }
    }

    @Test func everyParameterMakesADifference() throws {
        for type in DetectorType.all {
            let plain = try #require(DetectorSpecification.parse(name: type.name).0)
            for rule in type.parameters {
                let changed: ParameterValue =
                    switch (rule.kind, Double(rule.defaultText)) {
                    case (.integer, let number?): .number(number + 1)
                    case (.number, let number?): .number(number * 0.99)
                    default: .text("up")
                    }
                let entries = [ParameterEntry(rule.key, changed)]
                let other = try #require(DetectorSpecification.parse(name: type.name, entries: entries).0)
                #expect(other != plain, "\(type.name).\(rule.key)")
                #expect(other.makeDetector().encoded != plain.makeDetector().encoded, "\(type.name).\(rule.key)")
            }
        }
    }

    @Test func unknownNamesAndKeysAreToldWithWhatIsAllowed() {
        let unknown = problems("adwinn", [])
        #expect(unknown.count == 1 && unknown[0].path == ["detector"] && unknown[0].isUnknownKey)
        #expect(unknown[0].allowed == DetectorType.all.map(\.name))
        let key = problems("adwin", [ParameterEntry("delte", .number(0.1))])
        #expect(key.count == 1 && key[0].path == ["delte"] && key[0].isUnknownKey)
        #expect(key[0].allowed.contains("delta"))
        #expect(problems("kswin", [ParameterEntry("a", .number(1)), ParameterEntry("b", .number(1))]).count == 2)
    }

    @Test func everyRangeIsKept() {
        for type in DetectorType.all {
            for rule in type.parameters {
                let bad: [ParameterValue] =
                    switch rule.kind {
                    case .integer(let minimum, let maximum):
                        [.number(Double(minimum) - 1), .number(Double(maximum) * 2 + 1), .number(1e300), .number(2.5)]
                    case .number(let minimum, let maximum, let isExclusive):
                        [.number(isExclusive ? minimum : minimum - 1), .number(maximum * 1.001), .number(.infinity)]
                    default: [.text("sideways"), .number(1)]
                    }
                for value in bad + [.number(.nan), .flag(true), .map([])] {
                    let found = problems(type.name, [ParameterEntry(rule.key, value)])
                    #expect(found.first?.path == [rule.key], "\(type.name).\(rule.key) \(value)")
                    #expect(found.first?.message.contains("`\(rule.key)`") == true)
                }
            }
        }
    }

    /// What the rules allow has to work: both ends of every range make a detector that takes values.
    @Test func bothEndsOfEveryRangeWork() throws {
        var madeCount = 0
        for type in DetectorType.all {
            for rule in type.parameters {
                let ends: [Double] =
                    switch rule.kind {
                    case .integer(let minimum, let maximum): [Double(minimum), Double(maximum)]
                    case .number(let minimum, let maximum, let isExclusive):
                        [isExclusive ? Double.leastNonzeroMagnitude : minimum, maximum]
                    default: []
                    }
                for end in ends {
                    let entries = [ParameterEntry(rule.key, .number(end))]
                    // An end may contradict another parameter's default; then it is refused, and told so above.
                    guard let specification = DetectorSpecification.parse(name: type.name, entries: entries).0 else {
                        continue
                    }
                    let detector = specification.makeDetector()
                    for position in 0..<400 { _ = detector.update(position / 100 % 2 == 0 ? 0 : 1) }
                    try detector.restore(detector.encoded)
                    madeCount += 1
                }
            }
        }
        #expect(madeCount > 30)
    }

    @Test func parametersThatContradictEachOtherAreRefused() {
        for (name, key, number) in [
            ("ddm", "warning_threshold", 3.5), ("eddm", "beta", 0.96), ("hddm_a", "warning_confidence", 0.0005),
            ("hddm_w", "warning_confidence", 0.0005), ("kswin", "stat_size", 51), ("kswin", "window_size", 59),
        ] {
            let found = problems(name, [ParameterEntry(key, .number(number))])
            #expect(found.count == 1, "\(name).\(key)")
            #expect(found.first?.message.contains("must not be") == true)
        }
    }

    @Test func everyDetectorIsDocumented() {
        for type in DetectorType.all {
            let texts = [
                type.summary, type.documentation.formula, type.documentation.source, type.documentation.cost,
                type.documentation.stateSize, type.documentation.use,
            ]
            for text in texts { #expect(text.count > 4, "\(type.name)") }
            for rule in type.parameters { #expect(rule.summary.hasSuffix("."), "\(type.name).\(rule.key)") }
        }
    }
}
