import Testing

// Goal: the factorisation learners compute their written formulas step by step, reach the reference's figures, find structure
// that their linear parts cannot, and stay within their bounds. Method: second implementations with the sum over pairs written
// out, the four classification streams over five seeds (Reference/README.md), and generated interactions and ratings.
@testable import Learning

@Suite struct FactorizationTests {
    /// What a factorisation learner's state says of one feature.
    struct Row {
        var weight = 0.0
        var factors: [Double] = []
    }

    /// Reads rows as `LatentRows` documents them.
    static func rows(_ decoder: inout StateDecoder, factorCount: Int) throws(StateError) -> [Int: Row] {
        var rows: [Int: Row] = [:]
        for _ in 0..<(try decoder.length(ofElements: 12 + 8 * factorCount)) {
            let index = Int(try decoder.uint32())
            var row = Row(weight: try decoder.double())
            for _ in 0..<factorCount { row.factors.append(try decoder.double()) }
            rows[index] = row
        }
        return rows
    }

    /// The state of a machine, and Rendle's formulas with the sum over pairs as it stands in the paper.
    struct Machine {
        var intercept: Double
        var slots: [Int: Row]
        var categories: [Int: Row]

        init(_ learner: any Learner, factorCount: Int) throws {
            var decoder = StateDecoder(learner.encoded)
            self = try decoder.section(StateTag("FACM"), newest: 1) { decoder, _ throws(StateError) in
                _ = try decoder.uint64()
                _ = try decoder.uint64()
                let intercept = try decoder.double()
                let slots = try FactorizationTests.rows(&decoder, factorCount: factorCount)
                let categories = try FactorizationTests.rows(&decoder, factorCount: factorCount)
                return Machine(intercept: intercept, slots: slots, categories: categories)
            }
        }

        private init(intercept: Double, slots: [Int: Row], categories: [Int: Row]) {
            self.intercept = intercept
            self.slots = slots
            self.categories = categories
        }

        /// The known features of an event with their values.
        func present(_ event: RandomEvent) -> [(row: Row, value: Double)] {
            let dense = event.dense.enumerated().compactMap { slot, value in
                value.isNaN ? nil : slots[slot].map { (row: $0, value: value) }
            }
            return dense + event.sparse.compactMap { entry in categories[Int(entry.index)].map { ($0, entry.value) } }
        }

        func score(_ event: RandomEvent) -> Double {
            let features = present(event)
            var score = features.reduce(intercept) { $0 + $1.row.weight * $1.value }
            for i in features.indices {
                for j in features.indices where j > i {
                    let product = zip(features[i].row.factors, features[j].row.factors).reduce(0) { $0 + $1.0 * $1.1 }
                    score += product * features[i].value * features[j].value
                }
            }
            return score
        }

        /// What one step makes of `row`, whose feature has `value` in `event`.
        func stepped(
            _ row: Row, _ value: Double, _ event: RandomEvent, gradient: Double, rates: (Double, Double),
            penalties: (Double, Double)
        ) -> Row {
            var after = row
            after.weight -= rates.0 * (gradient * value + penalties.0 * row.weight)
            for factor in row.factors.indices {
                let sum = present(event).reduce(0) { $0 + $1.row.factors[factor] * $1.value }
                let slope = gradient * (value * sum - row.factors[factor] * value * value)
                after.factors[factor] -= rates.1 * (slope + penalties.1 * row.factors[factor])
            }
            return after
        }
    }

    @Test(arguments: [LearningTask.binary, .regression]) func everyStepIsTheWrittenOne(_ task: LearningTask) throws {
        let entries = [
            ("factors", 3.0), ("learning_rate", 0.002), ("factor_learning_rate", 0.001), ("l2", 0.1),
            ("factor_l2", 0.2),
        ].map { ParameterEntry($0.0, .number($0.1)) }
        let scale = ParameterEntry("scale", .text("none"))
        let learner = try Recipe("m", task, type: "factorization_machine", entries + [scale]).learner(denseCount: 4)
        var features = FeatureVector(denseCount: 4, sparseCapacity: RandomEvent.fieldCount)
        for (index, event) in RandomEvent.stream(count: 120, denseCount: 4, task: task, seed: 13).enumerated() {
            var event = event
            event.dense = event.dense.enumerated().map { ($1 - 10 * Double($0)) / 2 }
            event.fill(&features)
            let before = try Machine(learner, factorCount: 3)
            let predicted = learner.predicted(features)
            let score = before.score(event)
            #expect(isNear(predicted, task == .binary ? 1 / (1 + exponential(-score)) : score), "event \(index)")
            learner.learn(features, label: event.label, weight: event.weight)
            guard event.weight > 0 else { continue }
            let after = try Machine(learner, factorCount: 3)
            // A feature's first event makes its row: what it was before the step is not to be seen.
            guard before.present(event).count == after.present(event).count else { continue }
            let slope = task == .binary ? 1 / (1 + exponential(-score)) - event.label : 2 * (score - event.label)
            let gradient = event.weight * slope
            #expect(isNear(after.intercept, before.intercept - 0.002 * gradient))
            for (old, new) in zip(before.present(event), after.present(event)) {
                let expected = before.stepped(
                    old.row, old.value, event, gradient: gradient, rates: (0.002, 0.001), penalties: (0.1, 0.2))
                #expect(isNear(new.row.weight, expected.weight), "event \(index)")
                for (value, target) in zip(new.row.factors, expected.factors) { #expect(isNear(value, target)) }
            }
        }
    }

    @Test(arguments: ["phishing", "elec2"]) func reachesTheReference(_ name: String) throws {
        let stream = try LabelledStream(name)
        var accuracies: [Double] = []
        for seed in 1...5 {
            let seed = ParameterEntry("seed", .number(Double(seed)))
            let learner = try Recipe("m", .binary, type: "factorization_machine", [seed])
                .learner(denseCount: stream.features.count)
            var metrics = PrequentialMetrics(task: .binary)
            var features = FeatureVector(denseCount: stream.features.count, sparseCapacity: 0)
            for (index, row) in stream.rows.enumerated() {
                features.setDense(row)
                metrics.record(prediction: learner.predicted(features), label: stream.labels[index])
                learner.learn(features, label: stream.labels[index], weight: 1)
            }
            accuracies.append(try #require(metrics.accuracy))
        }
        let all = try DataFiles.json("metrics.json", as: [String: [String: [String: Double]]].self)
        let target = try #require(all[name]?["fm"]?["accuracy"])
        let mean = accuracies.reduce(0, +) / 5
        #expect(mean > target - 0.01, "\(accuracies) for \(target)")
    }

    @Test func findsInteractionsThatNoWeightCanHold() throws {
        var generator = SeededGenerator(seed: 21)
        let entries = [("learning_rate", 0.05), ("factor_learning_rate", 0.05)].map {
            ParameterEntry($0.0, .number($0.1))
        }
        let machine = try Recipe("m", .binary, type: "factorization_machine", entries).learner(denseCount: 0)
        let linear = try Recipe("m", .binary, type: "logistic_regression").learner(denseCount: 0)
        var features = FeatureVector(denseCount: 0, sparseCapacity: RandomEvent.fieldCount)
        var hits = (machine: 0, linear: 0)
        for index in 0..<20_000 {
            // The label is whether both categories are of the same half: no single category says anything.
            let (left, right) = (
                Int32.random(in: 0..<10, using: &generator), Int32.random(in: 0..<10, using: &generator)
            )
            let label = left / 5 == right / 5 ? 1.0 : 0
            features.removeSparse()
            features.appendSparse(SparseFeature(index: left, field: 0, value: 1))
            features.appendSparse(SparseFeature(index: 10 + right, field: 1, value: 1))
            if index >= 15_000 {
                if (machine.predicted(features) > 0.5) == (label == 1) { hits.machine += 1 }
                if (linear.predicted(features) > 0.5) == (label == 1) { hits.linear += 1 }
            }
            machine.learn(features, label: label, weight: 1)
            linear.learn(features, label: label, weight: 1)
        }
        #expect(hits.machine > 4_900)
        #expect(hits.linear < 3_500)
    }

    /// At fifty times the usual rate every plain step overshoots; shortened ones go on fitting.
    @Test(arguments: [0.01, 0.5]) func aRegressionDoesNotDiverge(rate: Double) throws {
        let rates = ["learning_rate", "factor_learning_rate"].map { ParameterEntry($0, .number(rate)) }
        let learner = try Recipe("m", .regression, type: "factorization_machine", rates).learner(denseCount: 6)
        var generator = RandomGenerator(seed: 5)
        var features = FeatureVector(denseCount: 6, sparseCapacity: RandomEvent.fieldCount)
        var (error, spread) = (0.0, 0.0)
        for index in 0..<30_000 {
            let values = (0..<6).map { _ in generator.nextGaussian() }
            features.setDense(values)
            features.removeSparse()
            for field in 0..<Int32(2) {
                let category = Int32(generator.next(below: 200)) * 2 + field
                features.appendSparse(SparseFeature(index: category, field: field, value: 1))
            }
            let label = values.reduce(0, +) + values[0] * values[1] + generator.nextGaussian()
            if index >= 20_000 {
                error += abs(learner.predicted(features) - label)
                spread += abs(label)
            }
            learner.learn(features, label: label, weight: 1)
        }
        #expect(error < spread * (rate < 0.1 ? 0.6 : 1.5))
    }

    @Test func otherSeedsGiveOtherFactors() throws {
        let events = RandomEvent.stream(count: 100, denseCount: 3, task: .binary, seed: 1)
        let runs = try [1.0, 2, 1].map { seed in
            try Recipe("m", .binary, type: "factorization_machine", [ParameterEntry("seed", .number(seed))])
                .learner(denseCount: 3).run(events, denseCount: 3)
        }
        #expect(runs[0] == runs[2] && runs[0] != runs[1])
    }

    @Test func initialFactorsAreNormalAndDoNotRepeat() throws {
        let learner = try Recipe(
            "m", .regression, type: "factorization_machine",
            [ParameterEntry("factor_learning_rate", .number(1e-12)), ParameterEntry("factors", .number(16))]
        ).learner(denseCount: 0)
        var features = FeatureVector(denseCount: 0, sparseCapacity: RandomEvent.fieldCount)
        for index in 0..<Int32(1_000) {
            features.removeSparse()
            features.appendSparse(SparseFeature(index: index, value: 1))
            learner.learn(features, label: 0, weight: 1)
        }
        // Behind a scaler the machine's section is the first thing in the state's body: 14 bytes of frame.
        var decoder = StateDecoder(Array(learner.encoded.dropFirst(14)))
        let rows = try decoder.section(StateTag("FACM"), newest: 1) { decoder, _ throws(StateError) in
            for _ in 0..<3 { _ = try decoder.uint64() }
            _ = try FactorizationTests.rows(&decoder, factorCount: 16)
            return try FactorizationTests.rows(&decoder, factorCount: 16)
        }
        let factors = rows.values.flatMap(\.factors)
        #expect(factors.count == 16_000 && Set(factors).count == 16_000)
        let mean = factors.reduce(0, +) / 16_000
        let variance = factors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 16_000
        #expect(abs(mean) < 0.004 && abs(variance.squareRoot() - 0.1) < 0.003)
    }

    @Test func categoriesAreBounded() throws {
        for (type, bound) in [("factorization_machine", 1 << 16), ("matrix_factorization", 1 << 17)] {
            let learner = try Recipe("m", .regression, type: type, [ParameterEntry("factors", .number(2))])
                .learner(denseCount: 0)
            var features = FeatureVector(denseCount: 0, sparseCapacity: RandomEvent.fieldCount)
            func learn(_ index: Int32) {
                features.removeSparse()
                features.appendSparse(SparseFeature(index: index, value: 1))
                learner.learn(features, label: 1, weight: 1)
            }
            learn(Int32(bound - 1))
            let (size, memory) = (learner.encoded.count, learner.memoryByteCount)
            for index in [Int32(bound), .max, -1, .min] { learn(index) }
            #expect(learner.encoded.count == size && learner.memoryByteCount == memory)
            #expect(memory <= bound * 32 + 1_000)
            // Only what was learned is in the state: 28 bytes for the one category.
            #expect(size < 250)
        }
    }
}
