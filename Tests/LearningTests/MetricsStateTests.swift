// Goal: metrics merge lawfully, survive encoding to the bit and meet odd values without harm. Method: random splits of random
// streams, every task with every kind of window; damaged states; extremes.
import Learning
import Testing

@Suite struct MetricsStateTests {
    static let tasks = LearningTask.allCases
    static let windows: [MetricWindow?] = [
        nil, .fading(factor: 0.9), .fading(factor: 0.999), .sliding(events: 1), .sliding(events: 64),
    ]

    private func metrics(
        _ events: some Sequence<OracleEvent>, _ task: LearningTask, _ window: MetricWindow?
    ) -> PrequentialMetrics {
        var metrics = PrequentialMetrics(task: task, window: window)
        metrics.record(events)
        return metrics
    }

    private func encoded(_ metrics: PrequentialMetrics) -> [UInt8] {
        var encoder = StateEncoder()
        metrics.encode(into: &encoder)
        return encoder.bytes
    }

    @Test(arguments: tasks, windows) func restoredEqualsNeverStopped(task: LearningTask, window: MetricWindow?) throws {
        let events = OracleEvent.stream(task, count: 300, seed: 12)
        let whole = metrics(events, task, window)
        for split in [0, 1, 63, 64, 150, 300] {
            var restored = PrequentialMetrics(task: task, window: window)
            var decoder = StateDecoder(encoded(metrics(events[..<split], task, window)))
            try restored.decode(from: &decoder)
            restored.record(events[split...])
            #expect(restored == whole && encoded(restored) == encoded(whole) && decoder.isAtEnd)
            #expect(restored.recentFigures == whole.recentFigures && restored.figures == whole.figures)
        }
    }

    @Test func stateOfAnotherTaskOrWindowIsRefused() {
        for task in Self.tasks {
            for window in Self.windows {
                let bytes = encoded(metrics(OracleEvent.stream(task, count: 100, seed: 1), task, window))
                for otherTask in Self.tasks {
                    for otherWindow in Self.windows where otherTask != task || otherWindow != window {
                        var other = metrics(OracleEvent.stream(otherTask, count: 9, seed: 2), otherTask, otherWindow)
                        let before = other
                        #expect(throws: StateError.mismatch) {
                            var decoder = StateDecoder(bytes)
                            try other.decode(from: &decoder)
                        }
                        #expect(other == before)
                    }
                }
            }
        }
    }

    /// Random bytes under a right checksum: whatever is accepted can be used, nothing traps.
    @Test(arguments: tasks, [UInt64(1), 2]) func foreignBytesNeverTrap(task: LearningTask, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let events = OracleEvent.stream(task, count: 80, seed: seed)
        for window in Self.windows {
            let bytes = encoded(metrics(events, task, window))
            let bodyStart = 14
            var harm = 0
            for _ in 0..<400 {
                var body = Array(bytes[bodyStart..<bytes.count - 8])
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let position = Int.random(in: 17..<body.count, using: &generator)
                    body[position] = UInt8.random(in: 0...255, using: &generator)
                }
                var encoder = StateEncoder()
                encoder.section(StateTag("PREQ"), version: 2) { encoder in
                    for byte in body { encoder.append(byte) }
                }
                var other = PrequentialMetrics(task: task, window: window)
                var decoder = StateDecoder(encoder.bytes)
                guard (try? other.decode(from: &decoder)) != nil else { continue }
                let figures = other.figures + other.recentFigures + (other.recent?.baselineFigures ?? [])
                if !figures.allSatisfy({ $0.value.isFinite }) { harm += 1 }
                other.record(events)
                other.merge(metrics(events, task, window))
                if !other.recentFigures.allSatisfy({ $0.value.isFinite }) { harm += 1 }
            }
            #expect(harm == 0)
        }
    }

    /// Parts in any grouping give the overall figures of the whole, but for the trivial models, which begin anew in each part.
    @Test(arguments: tasks, [UInt64(6), 7, 8]) func mergingPartsEqualsTheWhole(task: LearningTask, seed: UInt64) {
        let events = OracleEvent.stream(task, count: 400, seed: seed)
        var generator = SeededGenerator(seed: seed)
        let cuts = (0..<2).map { _ in Int.random(in: 0...400, using: &generator) }.sorted()
        let parts = [events[..<cuts[0]], events[cuts[0]..<cuts[1]], events[cuts[1]...]].map {
            metrics($0, task, .standard)
        }
        var left = parts[0]
        left.merge(parts[1])
        left.merge(parts[2])
        var right = parts[1]
        right.merge(parts[2])
        var first = PrequentialMetrics(task: task)
        first.merge(parts[0])
        first.merge(right)
        let whole = metrics(events, task, .standard)
        let trivial = ["kappa_temporal", "kappa_majority"]
        for merged in [left, first] {
            #expect(merged.count == 400 && merged.figures.map(\.name) == whole.figures.map(\.name))
            for (figure, expected) in zip(merged.figures, whole.figures) where !trivial.contains(figure.name) {
                #expect(isNear(figure.value, expected.value, 1e-12), "\(figure.name), cuts \(cuts)")
            }
            #expect(merged.confusionMatrix == whole.confusionMatrix)
        }
        for (figure, expected) in zip(left.recentFigures, first.recentFigures) {
            #expect(isNear(figure.value, expected.value, 1e-10), "recent \(figure.name), cuts \(cuts)")
        }
    }

    /// Recent figures of two partitions: of the recent events of both, alike.
    @Test(arguments: tasks) func recentEventsOfBothCountAlike(task: LearningTask) throws {
        let one = OracleEvent.stream(task, count: 100, seed: 1)
        let two = OracleEvent.stream(task, count: 90, seed: 2)
        for window in [MetricWindow.fading(factor: 0.9), .sliding(events: 50)] {
            let parts = [metrics(one, task, window), metrics(two, task, window)]
            var merged = parts[0]
            merged.merge(parts[1])
            let accuracies = parts.map { $0.recent(task == .regression ? { $0.mae } : { $0.accuracy }) ?? .nan }
            let found = try #require(merged.recent(task == .regression ? { $0.mae } : { $0.accuracy }))
            #expect(isNear(found, (accuracies[0] + accuracies[1]) / 2, window == .sliding(events: 50) ? 1e-12 : 1e-3))
            var restored = PrequentialMetrics(task: task, window: window)
            var decoder = StateDecoder(encoded(merged))
            try restored.decode(from: &decoder)
            #expect(restored == merged)
        }
    }

    /// One absurd value: the recent figures recover once it is forgotten, and nothing is infinite for ever.
    @Test(arguments: [MetricWindow.fading(factor: 0.5), .fading(factor: 0.9), .sliding(events: 20)])
    func recentFiguresForgetAbsurdValues(window: MetricWindow) throws {
        for absurd in [1e300, -Double.greatestFiniteMagnitude, 1e155, .infinity, .nan] {
            var metrics = PrequentialMetrics(task: .regression, window: window)
            metrics.record(prediction: 1, label: 2)
            metrics.record(prediction: absurd, label: 2)
            if absurd.isFinite { metrics.record(prediction: 1, label: absurd) }
            for index in 0..<20_000 { metrics.record(prediction: 1, label: Double(index % 2) * 2) }
            let recent = try #require(metrics.recent)
            #expect(
                isNear(recent.mae ?? .nan, 1) && isNear(recent.rmse ?? .nan, 1) && isNear(recent.r2 ?? .nan, 0, 0.2))
        }
    }

    @Test func labelsThatAreNoNumbersAreLeftOut() {
        for task in Self.tasks {
            for label in [Double.nan, .infinity, -.infinity] {
                var metrics = PrequentialMetrics(task: task)
                metrics.record(prediction: 0.5, label: label)
                #expect(metrics == PrequentialMetrics(task: task))
            }
        }
    }

    /// Class scores beyond 0...1 by rounding, or no numbers at all, which no learner should give.
    @Test func probabilitiesBeyondTheirRangeAreBounded() {
        for window in Self.windows {
            for odd in [1.0000000000000002, 1.5, -1e-17, .nan, .infinity, -.infinity] {
                var metrics = PrequentialMetrics(task: .multiclass, window: window)
                metrics.record([OracleEvent(prediction: 0, label: 0, probabilities: [odd, 0])])
                metrics.record([OracleEvent(prediction: 1, label: 0, probabilities: [odd, odd])])
                #expect(metrics.figures.contains { $0.name == "brier" && $0.value <= 2 })
                #expect(metrics.recentFigures.contains { $0.name == "brier" } == (window != nil))
            }
        }
    }

    /// Class numbers that no schema gives, and more classes than the matrix holds.
    @Test func classesBeyondTheMatrixCountAsOne() {
        var metrics = PrequentialMetrics(task: .multiclass)
        for label in [0.0, 1, 126, 127, 128, 5000, 1e300, -1] {
            metrics.record(prediction: label, label: label)
            metrics.record(prediction: 0, label: label)
        }
        let matrix = metrics.confusionMatrix
        #expect(matrix.count == 128 && matrix.allSatisfy { $0.count == 128 })
        #expect(matrix[127][127] == 5 && matrix[127][0] == 5 && matrix[126][126] == 1 && matrix[0][0] == 2)
        #expect(metrics.accuracy == 9.0 / 16)
    }

    /// What costs memory: constant but for the classes, in every window.
    @Test func stateIsBounded() {
        for task in Self.tasks {
            let events = OracleEvent.stream(task, count: 3000, seed: 3)
            for window in [nil, MetricWindow.standard] {
                #expect(encoded(metrics(events, task, window)).count < 24_000)
            }
            let sliding = encoded(metrics(events, task, .sliding(events: 100))).count
            #expect(sliding <= encoded(metrics(events, task, nil)).count + 100 * 56 + 8)
        }
    }
}
