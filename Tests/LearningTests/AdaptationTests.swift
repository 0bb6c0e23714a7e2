// Goal: `update:` and `on_drift:` do what their documentation says, event by event. Method: the rule written a second time over
// plain learners and detectors, on a stream whose truth turns round in the middle; predictions are compared bit by bit.
import Learning
import Testing

@Suite struct AdaptationTests {
    private struct Event {
        var x: Double
        var noise: Double
        var label: Double
        var time: Int64
    }

    /// P(label) follows x, and from the middle on −x.
    private static let stream: [Event] = {
        var generator = SeededGenerator(seed: 91)
        return (0..<4_000).map { index in
            let x = Double.random(in: -1...1, using: &generator)
            let noise = Double.random(in: -0.2...0.2, using: &generator)
            let label: Double = (x + noise > 0) == (index < 2_000) ? 1 : 0
            return Event(x: x, noise: noise, label: label, time: Int64(index) * 300)
        }
    }()

    private func learner(_ extra: [ParameterEntry] = []) throws -> any Learner {
        try Recipe("m", .binary, type: "logistic_regression", extra).learner(denseCount: 1)
    }

    private func vector(_ event: Event) -> FeatureVector {
        var features = FeatureVector(denseCount: 1, sparseCapacity: RandomEvent.fieldCount)
        features[0] = event.x
        features.eventTime = event.time
        return features
    }

    private func learn(_ learner: any Learner, _ event: Event) {
        learner.learn(vector(event), label: event.label, weight: 1)
    }

    /// Runs the adapted model beside `rule`, which is told of each event after it was predicted.
    private func expectSame(
        _ extra: [ParameterEntry], _ reference: () -> any Learner, _ rule: (Event, Double) -> Void
    ) throws -> any Learner {
        let adapted = try learner(extra)
        for (index, event) in Self.stream.enumerated() {
            let expected = reference().predicted(vector(event))
            guard adapted.predicted(vector(event)) == expected else {
                Issue.record("event \(index)")
                break
            }
            rule(event, expected)
            learn(adapted, event)
        }
        return adapted
    }

    @Test func batchesAreLearnedAtTheirEnd() throws {
        let plain = try learner()
        var waiting: [Event] = []
        let adapted = try expectSame([Recipe.update("every", .number(7))], { plain }) { event, _ in
            waiting.append(event)
            guard waiting.count == 7 else { return }
            for event in waiting { learn(plain, event) }
            waiting = []
        }
        #expect(adapted.learnedCount == 4_000 && plain.learnedCount == 3_997)
    }

    @Test func anIntervalIsOverWithTheFirstEventBehindIt() throws {
        let plain = try learner()
        var waiting: [Event] = []
        _ = try expectSame([Recipe.update("interval", .text("1s"))], { plain }) { event, _ in
            if let first = waiting.first, event.time - first.time >= 1_000 {
                for event in waiting { learn(plain, event) }
                waiting = []
            }
            waiting.append(event)
        }
        // 300 ms apart: four events an interval.
        #expect(plain.learnedCount == 3_996)
    }

    @Test func withoutATimeTheBufferIsTheEnd() throws {
        let adapted = try learner([Recipe.update("interval", .text("1s"))])
        var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
        features[0] = 1
        for _ in 0..<9_999 { adapted.learn(features, label: 1, weight: 1) }
        #expect(adapted.predicted(features) == 0.5)
        adapted.learn(features, label: 1, weight: 1)
        #expect(adapted.predicted(features) > 0.9)
    }

    @Test func aGoodModelRests() throws {
        let plain = try learner()
        var (count, mean) = (0.0, 0.0)
        let when = Recipe.map([("metric", .text("accuracy")), ("below", .number(0.8))])
        _ = try expectSame([Recipe.update("when", when)], { plain }) { event, predicted in
            count = min(count + 1, 100)
            mean += ((predicted > 0.5) == (event.label > 0.5) ? 1 - mean : -mean) / count
            if count < 100 || mean < 0.8 { learn(plain, event) }
        }
        #expect((200..<3_000).contains(plain.learnedCount))
    }

    @Test func aFrozenModelTakesTheStateOfTheOther() throws {
        let plain = try learner()
        for event in Self.stream.prefix(500) { learn(plain, event) }
        let frozen = try learner([ParameterEntry("update", .text("frozen"))])
        try frozen.restore(plain.encoded)
        for event in Self.stream.suffix(100) {
            learn(frozen, event)
            #expect(frozen.predicted(vector(event)) == plain.predicted(vector(event)))
        }
        #expect(frozen.encoded == plain.encoded)
    }

    @Test func aDriftIsCountedOrResets() throws {
        for action in ["alert", "reset"] {
            var plain = try learner()
            let detector = try #require(DetectorSpecification.parse(name: "adwin").0).makeDetector()
            var drifts: UInt64 = 0
            let adapted = try expectSame([Recipe.onDrift(.text("adwin"), action)], { plain }) { event, predicted in
                let error: Double = (predicted > 0.5) == (event.label > 0.5) ? 0 : 1
                if detector.update(error) == .drift {
                    drifts += 1
                    if action == "reset", let fresh = try? learner() { plain = fresh }
                }
                learn(plain, event)
            }
            #expect((adapted as? any DriftCounting)?.driftCount == drifts)
            #expect((1...5).contains(drifts) && adapted.learnedCount == 4_000)
        }
    }

    private static let adjustable: [(type: String, extra: [ParameterEntry])] = [
        ("logistic_regression", []), ("logistic_regression", [ParameterEntry("calibrate", .text("platt"))]),
        ("logistic_regression", [ParameterEntry("scale", .text("min_max"))]),
        ("snarimax", Recipe.numbers(["p": 0, "d": 0, "q": 0])),
    ]

    /// Also through whatever stands before the weights: a scaler, a calibrator, the lags of a series.
    @Test(arguments: adjustable) func aDriftBoostsForAWhile(_ model: (type: String, extra: [ParameterEntry])) throws {
        let task: LearningTask = model.type == "snarimax" ? .regression : .binary
        let plain = try Recipe("m", task, type: model.type, model.extra).learner(denseCount: 1)
        let rate = try #require(plain as? any RateAdjustable)
        let boosting = model.extra + [Recipe.onDrift(.text("adwin"), "boost")]
        let adapted = try Recipe("m", task, type: model.type, boosting).learner(denseCount: 1)
        let detector = try #require(DetectorSpecification.parse(name: "adwin").0).makeDetector()
        var (drifts, left) = (0, 0)
        for (index, event) in Self.stream.enumerated() {
            let predicted = plain.predicted(vector(event))
            try #require(adapted.predicted(vector(event)) == predicted, "event \(index)")
            let isRight = (predicted > 0.5) == (event.label > 0.5)
            let error = task == .regression ? abs(predicted - event.label) : isRight ? 0 : 1
            if detector.update(error) == .drift {
                rate.rateFactor = 10
                #expect(rate.rateFactor == 10)
                (drifts, left) = (drifts + 1, 150)
            }
            learn(plain, event)
            learn(adapted, event)
            if left == 1 { rate.rateFactor = 1 }
            left = max(0, left - 1)
        }
        #expect((1...9).contains(drifts) && left == 0)
        #expect((adapted as? any DriftCounting)?.driftCount == UInt64(drifts))
    }

    @Test(arguments: ["adwin", "ddm"]) func aBetterSuccessorTakesOver(_ name: String) throws {
        var plain = try learner()
        var successor: (learner: any Learner, age: Int, own: Double, other: Double)?
        let detector = try #require(DetectorSpecification.parse(name: name).0).makeDetector()
        var swaps = 0
        _ = try expectSame([Recipe.onDrift(.text(name), "replace")], { plain }) { event, predicted in
            func error(_ prediction: Double) -> Double { (prediction > 0.5) == (event.label > 0.5) ? 0 : 1 }
            if var rival = successor {
                rival.age += 1
                let weight = 1 / Double(min(rival.age, 100))
                rival.own += (error(rival.learner.predicted(vector(event))) - rival.own) * weight
                rival.other += (error(predicted) - rival.other) * weight
                successor = rival.age < 150 ? rival : nil
                if rival.age >= 100, rival.own < rival.other {
                    (plain, successor) = (rival.learner, nil)
                    detector.reset()
                    swaps += 1
                }
            }
            let signal = detector.update(error(predicted))
            if successor == nil, signal == .drift || signal == .warningBegins, let fresh = try? learner() {
                successor = (fresh, 0, 0, 0)
            }
            learn(plain, event)
            if let successor { learn(successor.learner, event) }
        }
        #expect(swaps > 0)
    }

    @Test func wrongMapsAreRefusedAtTheirPlace() {
        let wrong: [(ParameterEntry, [String])] = [
            (ParameterEntry("update", .text("thawed")), ["update"]),
            (Recipe.update("every", .number(0)), ["update", "every"]),
            (Recipe.update("evry", .number(2)), ["update", "evry"]),
            (Recipe.update("interval", .text("5 m")), ["update", "interval"]),
            (Recipe.update("interval", .number(5)), ["update", "interval"]),
            (Recipe.update("when", Recipe.map([("metric", .text("accuracy"))])), ["update", "when"]),
            (
                Recipe.update("when", Recipe.map([("metric", .text("accuracy")), ("above", .number(1))])),
                ["update", "when", "above"]
            ),
            (
                Recipe.update("when", Recipe.map([("metric", .text("mae")), ("above", .number(1))])),
                ["update", "when", "metric"]
            ),
            (Recipe.onDrift(.text("adwn"), "reset"), ["on_drift", "detector"]),
            (Recipe.onDrift(Recipe.map([("type", .text("adwn"))]), "reset"), ["on_drift", "detector", "type"]),
            (Recipe.onDrift(Recipe.map([("dleta", .number(1))]), "reset"), ["on_drift", "detector", "dleta"]),
            (Recipe.onDrift(.text("adwin"), "restart"), ["on_drift", "action"]),
            (
                Recipe.update("when", Recipe.map([("metric", .text("accuracy")), ("below", .number(80))])),
                ["update", "when", "below"]
            ),
            (
                ParameterEntry("on_drift", Recipe.map([("action", .text("reset")), ("events", .number(200))])),
                ["on_drift", "events"]
            ),
            (
                ParameterEntry("on_drift", Recipe.map([("action", .text("replace")), ("factor", .number(2))])),
                ["on_drift", "factor"]
            ),
        ]
        for (entry, path) in wrong {
            let entries = [ParameterEntry("type", .text("logistic_regression")), entry]
            let (specification, problems) = ModelSpecification.parse(name: "m", entries: entries, task: .binary)
            #expect(specification == nil && problems.map(\.path) == [path], "\(problems)")
        }
    }

    @Test(arguments: [
        ("1.1h", Int64(3_960_000)), ("2.01s", 2_010), ("0.7d", 60_480_000), ("1.4d", 120_960_000), ("250ms", 250),
        ("0.5ms", nil), ("1.0005s", nil), ("1.s", nil), (".5s", nil), ("1.2.3s", nil), ("5", nil), ("1e3s", nil),
        ("99999999999999999999d", nil), ("9000000000000000d", nil),
    ])
    func lengthsOfTimeAreExact(_ text: String, milliseconds: Int64?) {
        func model(_ interval: String) -> ModelSpecification? {
            ModelSpecification.parse(
                name: "m",
                entries: [ParameterEntry("type", .text("majority")), Recipe.update("interval", .text(interval))],
                task: .binary
            ).0
        }
        #expect((model(text) == nil) == (milliseconds == nil))
        guard let milliseconds else { return }
        func state(_ interval: String) -> [UInt8]? { model(interval)?.makeLearner(denseCount: 1).encoded }
        #expect(state(text) == state("\(milliseconds)ms"), "the fingerprint holds the length")
        #expect(state(text) != state("\(milliseconds + 1)ms"))
    }

    @Test(arguments: [("boost", 599, false), ("boost", 600, true), ("replace", 1_199, false), ("replace", 1_200, true)])
    func aReactionOutlivesABatch(action: String, events: Int, isAccepted: Bool) {
        let reaction = Recipe.map([("action", .text(action)), ("events", .number(Double(events)))])
        let entries = [
            ParameterEntry("type", .text("logistic_regression")), Recipe.update("every", .number(600)),
            ParameterEntry("on_drift", reaction),
        ]
        let (specification, problems) = ModelSpecification.parse(name: "m", entries: entries, task: .binary)
        #expect((specification != nil) == isAccepted)
        #expect(problems.map(\.path) == (isAccepted ? [] : [["on_drift", "events"]]))
    }

    @Test func withoutALabelThereAreNoErrorsToWatch() {
        let entries = [ParameterEntry("type", .text("half_space_trees")), Recipe.onDrift(.text("adwin"), "reset")]
        #expect(
            ModelSpecification.parse(name: "m", entries: entries, task: .anomaly).1.map(\.path) == [["on_drift"]])
        #expect(ModelSpecification.parse(name: "m", entries: entries, task: .binary).1.isEmpty)
    }

    @Test func onlyWhatHasALearningRateIsBoosted() {
        let entries = [ParameterEntry("type", .text("majority")), Recipe.onDrift(.text("adwin"), "boost")]
        let problems = ModelSpecification.parse(name: "m", entries: entries, task: .binary).1
        #expect(problems.map(\.path) == [["on_drift", "action"]])
        let calibrated = entries + [ParameterEntry("calibrate", .text("platt"))]
        #expect(ModelSpecification.parse(name: "m", entries: calibrated, task: .binary).0 == nil)
        let linear = [ParameterEntry("type", .text("linear_regression")), Recipe.onDrift(.text("ddm"), "alert")]
        let others = ModelSpecification.parse(name: "m", entries: linear, task: .regression).1
        #expect(others.map(\.path) == [["on_drift", "detector"]])
    }
}
