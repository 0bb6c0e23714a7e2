// Goal: every detector finds exactly what the reference detectors find on its streams, and keeps the contract of
// `DriftDetector`. Method: the reference's index lists of drifts and warnings; for KSWIN, whose draw is its own, the shifts it
// has to find over 20 seeds; then one suite over all detectors on random streams, comparing signals and encoded states.
import Learning
import Testing

@Suite struct DriftReferenceTests {
    /// The signals of a detector over a stream, as the reference writes them down.
    private func detections(_ recipe: DetectorRecipe, _ values: [Double]) throws -> DriftStream.Detections {
        let detector = try recipe.detector()
        var found = DriftStream.Detections(drift: [], warning_start: [])
        for (index, value) in values.enumerated() {
            switch detector.update(value) {
            case .drift: found.drift.append(index)
            case .warningBegins: found.warning_start?.append(index)
            case .stable, .warning: break
            }
        }
        return found
    }

    private static let names: [(reference: String, recipe: DetectorRecipe)] = [
        ("ADWIN", DetectorRecipe("adwin")), ("PageHinkley", DetectorRecipe("page_hinkley")),
        ("PageHinkley_lambda10", DetectorRecipe("page_hinkley", ["threshold": .number(10)])),
        ("DDM", DetectorRecipe("ddm")), ("EDDM", DetectorRecipe("eddm")), ("HDDM_A", DetectorRecipe("hddm_a")),
        ("HDDM_W", DetectorRecipe("hddm_w")),
    ]

    @Test func everyListIsTheReferences() throws {
        for stream in try DriftStream.all() {
            for (reference, recipe) in Self.names {
                let expected = try #require(stream.detections[reference])
                let values = recipe.type.acceptedValues == 0...1 ? stream.bits : stream.values
                let found = try detections(recipe, values)
                #expect(found.drift == expected.drift, "\(reference) on \(stream.name)")
                #expect(found.warning_start == expected.warning_start ?? [], "\(reference) on \(stream.name)")
                #expect(recipe.type.hasWarnings == (expected.warning_start != nil))
            }
        }
    }

    @Test func kswinFindsBothShiftsUnderMostSeeds() throws {
        let stream = try #require(try DriftStream.all().first { $0.name == "numeric" })
        var goodCount = 0
        for seed in 0..<20 {
            let recipe = DetectorRecipe("kswin", ["alpha": .number(0.0001), "seed": .number(Double(seed))])
            let drift = try detections(recipe, stream.values).drift
            let firstCount = drift.count { (1000..<1150).contains($0) }
            let secondCount = drift.count { (2000..<2150).contains($0) }
            let otherCount = drift.count - firstCount - secondCount
            if firstCount > 0, secondCount > 0, otherCount <= 2 { goodCount += 1 }
        }
        #expect(goodCount >= 12, "\(goodCount) of 20 seeds")
    }

    @Test func kswinRaisesFewAlarmsOnAStreamThatStaysTheSame() throws {
        var generator = SeededGenerator(seed: 3)
        let values = (0..<20_000).map { _ in Double.random(in: 0..<1, using: &generator) }
        let few = try detections(DetectorRecipe("kswin", ["alpha": .number(0.0001)]), values).drift.count
        let many = try detections(DetectorRecipe("kswin", ["alpha": .number(0.005)]), values).drift.count
        #expect(few <= 12)
        #expect(many > few)
        #expect(many < 20_000 / 100)
    }

    /// P(D ≥ h/n) is the share of all ways to mix two samples of n whose running difference reaches h: counted here way by way.
    @Test func theKolmogorovSmirnovProbabilityCountsTheWays() throws {
        for size in 2...9 {
            var reaching = [Int](repeating: 0, count: size + 1)
            var wayCount = 0
            for way in 0..<(1 << (2 * size)) where way.nonzeroBitCount == size {
                wayCount += 1
                var (difference, most) = (0, 0)
                for step in 0..<2 * size {
                    difference += way >> step & 1 == 1 ? 1 : -1
                    most = max(most, abs(difference))
                }
                for height in 0...most { reaching[height] += 1 }
            }
            for height in 1...size {
                let probability = KolmogorovSmirnov.probability(height: height, size: size)
                #expect(isNear(probability, Double(reaching[height]) / Double(wayCount), 1e-12), "\(height) of \(size)")
            }
        }
    }
}

/// A detector as a pipeline file would name it.
struct DetectorRecipe: Sendable {
    let name: String
    let entries: [ParameterEntry]

    init(_ name: String, _ parameters: [String: ParameterValue] = [:]) {
        self.name = name
        entries = parameters.sorted { $0.key < $1.key }.map { ParameterEntry($0.key, $0.value) }
    }

    var type: DetectorType { DetectorType.named(name) ?? DetectorType.all[0] }

    func detector() throws -> any DriftDetector {
        let (specification, problems) = DetectorSpecification.parse(name: name, entries: entries)
        #expect(problems.isEmpty)
        return try #require(specification).makeDetector()
    }

    /// Every detector, eager enough to signal often on short streams.
    static let all: [DetectorRecipe] = [
        DetectorRecipe("adwin", ["delta": .number(0.1), "clock": .number(4)]),
        DetectorRecipe("page_hinkley", ["threshold": .number(3), "mode": .text("up")]),
        DetectorRecipe("page_hinkley", ["threshold": .number(3), "mode": .text("down"), "alpha": .number(1)]),
        DetectorRecipe("ddm", ["warning_threshold": .number(1), "drift_threshold": .number(1.5)]),
        DetectorRecipe("eddm", ["warm_start": .number(20)]),
        DetectorRecipe("hddm_a", ["drift_confidence": .number(0.004)]),
        DetectorRecipe("hddm_w", ["lambda": .number(0.1)]),
        DetectorRecipe("kswin", ["window_size": .number(40), "stat_size": .number(13), "alpha": .number(0.05)]),
    ]
}

extension DriftDetector {
    var encoded: [UInt8] {
        var encoder = StateEncoder()
        encode(into: &encoder)
        return encoder.bytes
    }

    func restore(_ bytes: [UInt8]) throws(StateError) {
        var decoder = StateDecoder(bytes)
        try decode(from: &decoder)
        guard decoder.isAtEnd else { throw .corrupt }
    }
}
