import Learning

/// Allocations an event in steady state: of predict and learn of every model type on the example streams, and of an update of
/// every drift detector, metric and calibrator. It goes by the registries, as ``LearnerTable`` does.
///
/// What is counted comes after a warm-up, so that what the first events make room for is not in it. A tree still allocates
/// where it splits or sees a feature's first value in a leaf.
enum AllocationTable {
    private static let warmUp = 50_000
    private static let measured = 20_000
    /// Nanoseconds that a warm-up or a measurement may take, checked every `stride` events.
    private static let timeMax = 1e9
    private static let stride = 1_000

    static func print(examples: String, _ counter: AllocationCount) throws {
        let streams = try ExampleStream.files.map {
            try ExampleStream(examples: examples, file: $0.file, task: $0.task)
        }
        Swift.print("allocations an event in steady state, predict + learn, by model type and stream")
        Swift.print(LearnerTable.row("", streams.map(\.name)))
        for type in ModelType.all where type.isBuilt {
            let cells = streams.map { stream in
                guard let learner = LearnerTable.learner(type, stream) else { return "-" }
                return text(allocations(of: learner, stream, counter))
            }
            Swift.print(LearnerTable.row(type.name, cells))
        }
        Swift.print("\nallocations an update in steady state")
        for type in DetectorType.all {
            guard let detector = DetectorSpecification.parse(name: type.name).0?.makeDetector() else { continue }
            report("detector \(type.name)", counter) { _ = detector.update(errorRate($0)) }
        }
        try printFeatureDrift(streams[0], counter)
        printMetrics(counter)
        for method in CalibrationMethod.allCases {
            let calibrator = method.makeCalibrator()
            report("calibrator \(method.rawValue)", counter) {
                calibrator.learn(score: unit($0), label: errorRate($0 + 1), weight: 1)
            }
        }
    }

    private static func allocations(
        of learner: any Learner, _ stream: ExampleStream, _ counter: AllocationCount
    ) -> Double {
        var vector = stream.makeVector()
        var prediction = Prediction()
        var next = 0
        // Each stretch ends where its events or its time are used up.
        func run(_ count: Int) -> Int {
            var (done, time) = (0, 0.0)
            while done < count && time < timeMax {
                time += nanoseconds(1) {
                    for index in next..<next + stride {
                        let row = index % stream.count
                        stream.fill(&vector, row: row)
                        learner.predict(vector, into: &prediction)
                        learner.learn(vector, label: stream.labels[row], weight: 1)
                    }
                }
                next += stride
                done += stride
            }
            return done
        }
        _ = run(warmUp)
        let before = counter.value
        let count = run(measured)
        let allocations = counter.value - before
        return Double(allocations) / Double(count)
    }

    private static func report(_ name: String, _ counter: AllocationCount, _ update: (Int) -> Void) {
        for index in 0..<warmUp { update(index) }
        let before = counter.value
        for index in warmUp..<warmUp + measured { update(index) }
        let allocations = counter.value - before
        Swift.print(LearnerTable.row(name, [text(Double(allocations) / Double(measured))]))
    }

    private static func printFeatureDrift(_ stream: ExampleStream, _ counter: AllocationCount) throws {
        let monitor = FeatureDriftMonitor(featureCount: stream.denseCount)
        var vector = stream.makeVector()
        report("feature drift", counter) {
            stream.fill(&vector, row: $0 % stream.count)
            _ = monitor.update(vector)
        }
    }

    private static func printMetrics(_ counter: AllocationCount) {
        let windows: [(String, MetricWindow?)] = [
            ("", nil), (", fading", .standard), (", sliding", .sliding(events: 1_000)),
        ]
        for (name, window) in windows {
            for task in LearningTask.allCases {
                var metrics = PrequentialMetrics(task: task, window: window)
                report("metrics \(task.rawValue)\(name)", counter) {
                    metrics.record(prediction: unit($0), label: errorRate($0 + 1))
                }
            }
            var ranking = RankingMetrics(k: 10, window: window)
            var grades = [Double](repeating: 0, count: 20)
            report("metrics ranking\(name)", counter) { index in
                for place in grades.indices { grades[place] = errorRate(index + 7 * place) }
                ranking.record(grades.span)
            }
        }
    }

    /// A number in 0..<1 that `index` determines.
    private static func unit(_ index: Int) -> Double {
        var bits = UInt64(truncatingIfNeeded: index) &* 0x9e37_79b9_7f4a_7c15
        bits = (bits ^ (bits >> 32)) &* 0xd6e8_feb8_6659_fd93
        return Double((bits ^ (bits >> 32)) >> 11) * 0x1p-53
    }

    /// 1 in a share of the events that rises from 0.1 to 0.4 every 5,000 events, else 0.
    private static func errorRate(_ index: Int) -> Double { unit(index) < (index / 5_000 % 2 == 0 ? 0.1 : 0.4) ? 1 : 0 }

    private static func text(_ allocations: Double) -> String {
        allocations == 0 ? "0" : String((allocations * 1e5).rounded() / 1e5)
    }
}
