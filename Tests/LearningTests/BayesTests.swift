import Testing

// Goal: the three naive Bayes learners compute their written formulas, merge as if one had learned both streams, take late
// classes, and stay within their bounds. Method: a second implementation with dictionaries and logarithms, straight from the
// formulas in the documentation, beside each learner on random events with absent values, categories and weights.
@testable import Learning

@Suite struct BayesTests {
    static let types = ["gaussian_nb", "bernoulli_nb", "multinomial_nb"]

    /// The formulas, term by term, over every event learned so far.
    struct Oracle {
        let type: String
        let alpha: Double
        var events: [RandomEvent] = []

        func probabilities(_ event: RandomEvent, classCount: Int) -> [Double] {
            let scores = (0..<classCount).map { score(event, label: $0) }
            let highest = scores.max() ?? 0
            let shares = scores.map { logExponential($0 - highest) }
            let sum = shares.reduce(0, +)
            return shares.map { $0 / sum }
        }

        private func logExponential(_ x: Double) -> Double { x < -700 ? 0 : exponential(x) }

        private func weight(_ label: Int, where matches: (RandomEvent) -> Bool = { _ in true }) -> Double {
            events.reduce(0) { $0 + ($1.label == Double(label) && matches($1) ? $1.weight : 0) }
        }

        private func score(_ event: RandomEvent, label: Int) -> Double {
            let prior = weight(label)
            guard prior > 0 else { return -.infinity }
            let dense = event.dense.indices.filter { !event.dense[$0].isNaN }
            var score = logarithm(prior)
            if type == "multinomial_nb" { return score + bag(event, label: label) }
            for slot in dense {
                score += type == "gaussian_nb" ? density(event.dense[slot], slot, label) : yesNo(event, slot, label)
            }
            for entry in event.sparse { score += category(entry, label) }
            return score
        }

        private func density(_ value: Double, _ slot: Int, _ label: Int) -> Double {
            let seen = events.filter { $0.label == Double(label) && !$0.dense[slot].isNaN }
            let count = seen.reduce(0) { $0 + $1.weight }
            let mean = seen.reduce(0) { $0 + $1.weight * $1.dense[slot] } / count
            let spread = seen.reduce(0) { $0 + $1.weight * ($1.dense[slot] - mean) * ($1.dense[slot] - mean) }
            guard count > 0, seen.count(where: { $0.weight > 0 }) > 1 else { return logarithm(1e-9) }
            let variance = spread / count
            let exponent = -(value - mean) * (value - mean) / (2 * variance)
            let root = (2 * Double.pi * variance).squareRoot()
            return logarithm(1e-9 + exponential(exponent) / root)
        }

        private func yesNo(_ event: RandomEvent, _ slot: Int, _ label: Int) -> Double {
            let count = weight(label) { !$0.dense[slot].isNaN }
            let yes = weight(label) { $0.dense[slot] > 0 }
            return logarithm(((event.dense[slot] > 0 ? yes : count - yes) + alpha) / (count + 2 * alpha))
        }

        private func known(_ field: Int32?) -> Set<Int32> {
            Set(
                events.filter { $0.weight > 0 }.flatMap(\.sparse).filter { field == nil || $0.field == field }
                    .map(\.index))
        }

        private func category(_ entry: SparseFeature, _ label: Int) -> Double {
            let values = known(entry.field)
            guard values.contains(entry.index) else { return 0 }
            let count = weight(label) { $0.sparse.contains(entry) }
            let total = weight(label) { $0.sparse.contains { $0.field == entry.field } }
            return logarithm((count + alpha) / (total + alpha * Double(values.count)))
        }

        private func bag(_ event: RandomEvent, label: Int) -> Double {
            let labelled = events.filter { $0.label == Double(label) }
            func amount(_ slot: Int, _ events: [RandomEvent]) -> Double {
                events.reduce(0) { $0 + ($1.dense[slot] > 0 ? $1.weight * $1.dense[slot] : 0) }
            }
            let slots = event.dense.indices.filter { amount($0, events) > 0 }
            let categories = known(nil)
            let ofCategories = labelled.reduce(0) { $0 + $1.weight * Double($1.sparse.count) }
            let total = slots.reduce(ofCategories) { $0 + amount($1, labelled) }
            let denominator = total + alpha * Double(slots.count + categories.count)
            var score = 0.0
            for slot in slots where event.dense[slot] > 0 {
                score += event.dense[slot] * logarithm((amount(slot, labelled) + alpha) / denominator)
            }
            for entry in event.sparse where categories.contains(entry.index) {
                let count = weight(label) { $0.sparse.contains(entry) }
                score += logarithm((count + alpha) / denominator)
            }
            return score
        }
    }

    private func learner(
        _ type: String, _ task: LearningTask, alpha: Double = 1, denseCount: Int
    ) throws -> any Learner {
        let entries = [ParameterEntry("alpha", .number(alpha))]
        return try Recipe("m", task, type: type, entries).learner(denseCount: denseCount)
    }

    @Test(arguments: types, [1.0, 0.25]) func theWrittenFormula(_ type: String, alpha: Double) throws {
        for (task, denseCount, seed) in [(LearningTask.binary, 3, 5), (.multiclass, 4, 6), (.multiclass, 0, 7)] {
            let learner = try learner(type, task, alpha: alpha, denseCount: denseCount)
            var oracle = Oracle(type: type, alpha: alpha)
            var features = FeatureVector(denseCount: denseCount, sparseCapacity: RandomEvent.fieldCount)
            var prediction = Prediction()
            for event in RandomEvent.stream(count: 150, denseCount: denseCount, task: task, seed: UInt64(seed)) {
                event.fill(&features)
                if oracle.events.contains(where: { $0.weight > 0 }) {
                    learner.predict(features, into: &prediction)
                    let count = task == .binary ? 2 : prediction.classCount
                    let expected = oracle.probabilities(event, classCount: count)
                    if task == .binary {
                        #expect(isNear(prediction.value, expected[1]), "event \(oracle.events.count), seed \(seed)")
                    } else {
                        for label in 0..<count {
                            #expect(isNear(prediction[label], expected[label]), "event \(oracle.events.count)")
                        }
                    }
                }
                learner.learn(features, label: event.label, weight: event.weight)
                oracle.events.append(event)
            }
        }
    }

    @Test(arguments: types, [LearningTask.binary, .multiclass]) func merging(_ type: String, task: LearningTask) throws
    {
        var generator = SeededGenerator(seed: 91)
        let events = RandomEvent.stream(count: 400, denseCount: 5, task: task, seed: 19)
        let probes = RandomEvent.stream(count: 50, denseCount: 5, task: task, seed: 20)
        let whole = try learner(type, task, denseCount: 5)
        _ = whole.run(events, denseCount: 5)
        for _ in 0..<10 {
            let split = Int.random(in: 0...events.count, using: &generator)
            let left = try learner(type, task, denseCount: 5)
            let right = try learner(type, task, denseCount: 5)
            _ = left.run(events[..<split], denseCount: 5)
            _ = right.run(events[split...], denseCount: 5)
            let rightBefore = right.encoded
            try #require(left as? any MergeableLearner).merge(right)
            #expect(left.learnedCount == whole.learnedCount)
            #expect(right.encoded == rightBefore)
            var features = FeatureVector(denseCount: 5, sparseCapacity: RandomEvent.fieldCount)
            for probe in probes {
                probe.fill(&features)
                #expect(isNear(left.predicted(features), whole.predicted(features)), "split \(split)")
            }
            // What was merged goes on learning and survives a state.
            let copy = try learner(type, task, denseCount: 5)
            try copy.restore(left.encoded)
            #expect(copy.run(probes, denseCount: 5) == left.run(probes, denseCount: 5))
        }
    }

    @Test(arguments: types) func mergingAnEmptyOneChangesNothing(_ type: String) throws {
        let taught = try learner(type, .multiclass, denseCount: 3)
        _ = taught.run(RandomEvent.stream(count: 60, denseCount: 3, task: .multiclass, seed: 2), denseCount: 3)
        let before = taught.encoded
        try #require(taught as? any MergeableLearner).merge(learner(type, .multiclass, denseCount: 3))
        #expect(taught.encoded == before)
        let fresh = try learner(type, .multiclass, denseCount: 3)
        try #require(fresh as? any MergeableLearner).merge(taught)
        #expect(fresh.encoded == before)
    }

    @Test(arguments: types) func mergingAnotherModelIsRefused(_ type: String) throws {
        let taught = try learner(type, .binary, denseCount: 3)
        let events = RandomEvent.stream(count: 60, denseCount: 3, task: .binary, seed: 2)
        _ = taught.run(events, denseCount: 3)
        let before = taught.encoded
        let others = try Self.types.filter { $0 != type }.map { try learner($0, .binary, denseCount: 3) }
        let sameType = try [
            learner(type, .binary, alpha: 0.5, denseCount: 3), learner(type, .multiclass, denseCount: 3),
            learner(type, .binary, denseCount: 2),
        ]
        for other in others + sameType {
            #expect(throws: StateError.mismatch) { try #require(taught as? any MergeableLearner).merge(other) }
        }
        #expect(taught.encoded == before)
    }

    @Test(arguments: types) func classesAppearLateAndInNumber(_ type: String) throws {
        let learner = try learner(type, .multiclass, denseCount: 2)
        var features = FeatureVector(denseCount: 2, sparseCapacity: RandomEvent.fieldCount)
        var prediction = Prediction()
        var generator = SeededGenerator(seed: 8)
        // Class c lies at (c, −c) and has the category c, so every class can be told from the others.
        for round in 0..<6 {
            for label in 0..<40 where label <= 10 * (round + 1) {
                features[0] = Double(label) * 10 + Double.random(in: -1...1, using: &generator)
                features[1] = Double(-label) * 10 + Double.random(in: -1...1, using: &generator)
                features.removeSparse()
                features.appendSparse(SparseFeature(index: Int32(label), value: 1))
                learner.learn(features, label: Double(label), weight: 1)
            }
        }
        var hits = 0
        for label in 0..<40 {
            features[0] = Double(label) * 10
            features[1] = Double(-label) * 10
            features.removeSparse()
            features.appendSparse(SparseFeature(index: Int32(label), value: 1))
            learner.predict(features, into: &prediction)
            #expect(prediction.classCount == 40)
            if prediction.value == Double(label) { hits += 1 }
            let sum = (0..<40).reduce(0) { $0 + prediction[$1] }
            #expect(isNear(sum, 1))
        }
        // A bag has no use for the size of a number, only for the category.
        #expect(type == "multinomial_nb" ? hits >= 10 : hits == 40)
        let before = learner.encoded
        for label in [1_024, -1, 1e9, 1e300] { learner.learn(features, label: label, weight: 1) }
        #expect(learner.encoded == before)
        learner.learn(features, label: 1_023, weight: 1)
        learner.predict(features, into: &prediction)
        #expect(prediction.classCount == 1_024 && prediction.value.isFinite)
    }

    @Test func aThousandFeaturesNeitherOverflowNorVanish() throws {
        let learner = try learner("gaussian_nb", .binary, denseCount: 1_001)
        var features = FeatureVector(denseCount: 1_001, sparseCapacity: 0)
        // Densities of 4e6 each in one class, of 4e-13 in the other; the product of either is far out of range.
        // (Beside the 1e-9 that every density gets.)
        for (index, scale) in [1e-7, 1e12, 1e-7, 1e12].enumerated() {
            for slot in 0..<1_001 { features[slot] = index < 2 ? scale : -scale }
            learner.learn(features, label: index % 2 == 0 ? 1 : 0, weight: 1)
        }
        for slot in 0..<1_001 { features[slot] = 1e-8 }
        #expect(learner.predicted(features) == 1)
        // The narrow class gives 1e-9 a feature, the wide one 1e-9 + 2.4e-13: 1.00024^1001 to 1.
        for slot in 0..<1_001 { features[slot] = 1e12 }
        let odds = exponential(1_001 * logarithm(1 + 1e9 * exponential(-0.5) * 0.3989422804014327e-12))
        #expect(isNear(learner.predicted(features), 1 / (1 + odds)))
    }

    @Test func memoryOfCategoriesEnds() throws {
        let learner = try learner("gaussian_nb", .multiclass, denseCount: 0)
        var features = FeatureVector(denseCount: 0, sparseCapacity: RandomEvent.fieldCount)
        func learn(_ index: Int32, _ label: Double) {
            features.removeSparse()
            features.appendSparse(SparseFeature(index: index, value: 1))
            learner.learn(features, label: label, weight: 1)
        }
        for label in 0..<3 { for index in 0..<Int32(1 << 17) { learn(index, Double(label)) } }
        let full = learner.memoryByteCount
        // 2^18 pairs of category and class were learned; the third class of each category found no room.
        #expect(learner.encoded.count < 18 * (1 << 18) + 1_000)
        learn(200_000, 1)
        #expect(learner.memoryByteCount == full)
        #expect(full < 9 << 20)
        // What has its cell goes on counting.
        let before = learner.predicted(features)
        learn(5, 1)
        #expect(learner.predicted(features).isFinite && before.isFinite)
    }
}
