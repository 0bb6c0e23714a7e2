// Goal: a state whose checksums are right and whose content no learner wrote is refused, or read as something harmless: no
// trap, no answer that is not a number. Method: numbers of real states are replaced, some at random and the count of events at
// its end, with checksums made anew; what is accepted has to predict, learn and encode.
import Learning
import Testing

@Suite struct ForgedStateTests {
    private static let denseCount = 3
    private static let rounds = 150

    @Test(arguments: allRecipes) func learnersAreUnharmed(_ recipe: Recipe) throws {
        let writer = try recipe.learner(denseCount: Self.denseCount)
        let events = RandomEvent.stream(count: 300, denseCount: Self.denseCount, task: recipe.task, seed: 61)
        _ = writer.run(events.prefix(250), denseCount: Self.denseCount)
        let state = ForgedState(writer.encoded)
        // Behind the frame's head and the fingerprint nearly all have the count of the events that they learned.
        try use(state.with(Self.bytes(of: .max), at: 22), recipe, events.suffix(50), "last event")
        var generator = SeededGenerator(seed: 67)
        for round in 0..<Self.rounds {
            guard let place = state.body.randomElement(using: &generator) else { return }
            let bytes = Self.replacement(&generator)
            try use(state.with(bytes, at: place), recipe, events.suffix(50), "round \(round): \(bytes) at \(place)")
        }
    }

    private func use(
        _ state: [UInt8], _ recipe: Recipe, _ events: some Sequence<RandomEvent>, _ comment: String
    ) throws {
        let learner = try recipe.learner(denseCount: Self.denseCount)
        do throws(StateError) { try learner.restore(state) } catch { return }
        var features = FeatureVector(denseCount: Self.denseCount, sparseCapacity: RandomEvent.fieldCount)
        for event in events {
            event.fill(&features)
            #expect(learner.predicted(features).isFinite, "\(comment)")
            learner.learn(features, label: event.label, weight: event.weight)
        }
        #expect(!learner.encoded.isEmpty)
    }

    @Test(arguments: DetectorType.all.map(\.name)) func detectorsAreUnharmed(_ name: String) throws {
        let specification = try #require(DetectorSpecification.parse(name: name).0)
        var generator = SeededGenerator(seed: 71)
        let writer = specification.makeDetector()
        for _ in 0..<500 { _ = writer.update(Double.random(in: 0...1, using: &generator)) }
        var encoder = StateEncoder()
        writer.encode(into: &encoder)
        let state = ForgedState(encoder.bytes)
        for _ in 0..<10 * Self.rounds {
            let place = try #require(state.body.randomElement(using: &generator))
            let reader = specification.makeDetector()
            var decoder = StateDecoder(state.with(Self.replacement(&generator), at: place))
            do throws(StateError) { try reader.decode(from: &decoder) } catch { continue }
            for _ in 0..<200 { _ = reader.update(Double.random(in: 0...1, using: &generator)) }
        }
    }

    @Test(arguments: LearningTask.allCases, [MetricWindow.standard, .sliding(events: 50)])
    func metricsAreUnharmed(_ task: LearningTask, _ window: MetricWindow) throws {
        var writer = PrequentialMetrics(task: task, window: window)
        var generator = SeededGenerator(seed: 73)
        func record(_ count: Int, into metrics: inout PrequentialMetrics) {
            var prediction = Prediction()
            for _ in 0..<count {
                let label = Double(Int.random(in: 0...1, using: &generator))
                prediction.reserveClasses(task == .multiclass ? 2 : 0)
                for index in 0..<prediction.classCount { prediction[index] = 0.5 }
                prediction.value = task == .multiclass ? 1 : Double.random(in: 0...1, using: &generator)
                metrics.record(prediction, label: label)
            }
        }
        for written in [0, 100] {
            record(written, into: &writer)
            var encoder = StateEncoder()
            writer.encode(into: &encoder)
            let state = ForgedState(encoder.bytes)
            for _ in 0..<20 * Self.rounds {
                let place = try #require(state.body.randomElement(using: &generator))
                var reader = PrequentialMetrics(task: task, window: window)
                var decoder = StateDecoder(state.with(Self.replacement(&generator), at: place))
                do throws(StateError) { try reader.decode(from: &decoder) } catch { continue }
                record(3, into: &reader)
                #expect((reader.figures + reader.recentFigures).allSatisfy { $0.value.isFinite })
            }
        }
    }

    /// One byte, a number, a count or an index.
    private static func replacement(_ generator: inout SeededGenerator) -> [UInt8] {
        let numbers: [Double] = [.nan, .infinity, -.infinity, -1, 0, 1e300, -1e300, .leastNonzeroMagnitude, 3, 7]
        let counts: [UInt64] = [0, 1, .max, 1 << 62, 1 << 63, 0xffff_ffff, 0x7fff_ffff, 200]
        let choice = generator.next()
        let pick = Int(truncatingIfNeeded: choice >> 8 & 0xffff)
        switch choice % 4 {
        case 0: return [UInt8(truncatingIfNeeded: pick)]
        case 1: return bytes(of: numbers[pick % numbers.count].bitPattern)
        case 2: return bytes(of: counts[pick % counts.count])
        default: return Array(bytes(of: counts[pick % counts.count]).prefix(4))
        }
    }

    private static func bytes(of number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
    }
}
