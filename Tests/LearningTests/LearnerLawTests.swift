// Goal: the laws of the contract that need a label, a class, a weight or a second learner. Method: one suite over all recipes,
// as in `LearnerContractTests`, and for parameters over every rule of every type.
import Learning
import Testing

@Suite struct LearnerLawTests {
    private static let denseCount = 4

    @Test(arguments: allRecipes) func answersAreInTheirRange(_ recipe: Recipe) throws {
        let learner = try recipe.learner(denseCount: Self.denseCount)
        var features = FeatureVector(denseCount: Self.denseCount, sparseCapacity: RandomEvent.fieldCount)
        var prediction = Prediction()
        for event in RandomEvent.stream(count: 400, denseCount: Self.denseCount, task: recipe.task, seed: 41) {
            event.fill(&features)
            learner.predict(features, into: &prediction)
            #expect(prediction.value.isFinite)
            switch recipe.task {
            case .binary, .anomaly: #expect(prediction.value >= 0 && prediction.value <= 1)
            case .multiclass: try expectDistribution(prediction)
            case .regression: break
            }
            learner.learn(features, label: event.label, weight: event.weight)
        }
    }

    private func expectDistribution(_ prediction: borrowing Prediction) throws {
        guard prediction.classCount > 0 else { return }
        var (sum, largest) = (0.0, 0.0)
        for index in 0..<prediction.classCount {
            let share = prediction[index]
            #expect(share >= 0 && share <= 1 + 1e-9)
            sum += share
            largest = max(largest, share)
        }
        #expect(abs(sum - 1) < 1e-9)
        let best = try #require(Int(exactly: prediction.value))
        #expect(best < prediction.classCount && prediction[best] >= largest - 1e-12)
    }

    /// The key is not even computed for learners that say they do not look at it.
    @Test(arguments: allRecipes) func whoUsesKeysSaysSo(_ recipe: Recipe) throws {
        let events = RandomEvent.stream(count: 400, denseCount: Self.denseCount, task: recipe.task, seed: 45)
        let learner = try recipe.learner(denseCount: Self.denseCount)
        let keyless = try recipe.learner(denseCount: Self.denseCount)
        let answers = learner.run(events, denseCount: Self.denseCount)
        let withoutKeys = keyless.run(
            events.map { event in
                var event = event
                event.key = 0
                return event
            }, denseCount: Self.denseCount)
        #expect((answers != withoutKeys) == learner.usesKey)
    }

    @Test(arguments: allRecipes.filter { $0.task == .multiclass }) func aLateClassIsLearned(_ recipe: Recipe) throws {
        let learner = try recipe.learner(denseCount: Self.denseCount)
        let events = RandomEvent.stream(count: 400, denseCount: Self.denseCount, task: .multiclass, seed: 43)
        _ = learner.run(events, denseCount: Self.denseCount)
        var features = FeatureVector(denseCount: Self.denseCount, sparseCapacity: RandomEvent.fieldCount)
        var prediction = Prediction()
        let known = learner.learnedCount
        for event in events.prefix(300) {
            // A place in the feature space that nothing before had.
            event.fill(&features)
            for slot in 0..<Self.denseCount { features[slot] = 500 + Double(slot) }
            learner.learn(features, label: 6, weight: 1)
        }
        #expect(learner.learnedCount > known)
        learner.predict(features, into: &prediction)
        try expectDistribution(prediction)
        #expect(prediction.classCount >= 7)
        // What is no class is not learned.
        let before = learner.encoded
        for label in [-1, 1_024, 1e300] { learner.learn(features, label: label, weight: 1) }
        #expect(learner.encoded == before)
    }

    @Test(arguments: allRecipes) func aWeightCounts(_ recipe: Recipe) throws {
        let events = RandomEvent.stream(count: 300, denseCount: Self.denseCount, task: recipe.task, seed: 47)
        func state(_ weight: Double) throws -> [UInt8] {
            let learner = try recipe.learner(denseCount: Self.denseCount)
            let weighted = events.map { event in
                var event = event
                event.weight = weight
                return event
            }
            let bits = learner.run(weighted, denseCount: Self.denseCount)
            #expect(recipe.task == .multiclass || bits.allSatisfy { Double(bitPattern: $0).isFinite })
            return learner.encoded
        }
        let (once, thrice, half) = (try state(1), try state(3), try state(0.5))
        // A passive-aggressive step goes as far as the loss asks: the weight moves its limit only.
        let isPassiveAggressive = recipe.entries[0].value == .text("passive_aggressive")
        guard !recipe.exempt.contains(.weights), !isPassiveAggressive else { return }
        #expect(once != thrice && once != half)
    }

    /// Explaining between predicting and learning leaves no trace, whatever a learner keeps from one to the other.
    @Test(arguments: allRecipes) func explainingChangesNothing(_ recipe: Recipe) throws {
        let plain = try recipe.learner(denseCount: Self.denseCount)
        let asked = try recipe.learner(denseCount: Self.denseCount)
        guard let explainer = explaining(asked) else { return }
        var features = FeatureVector(denseCount: Self.denseCount, sparseCapacity: RandomEvent.fieldCount)
        var explanation = Explanation(capacity: 3)
        for event in RandomEvent.stream(count: 400, denseCount: Self.denseCount, task: recipe.task, seed: 67) {
            event.fill(&features)
            let answer = asked.predicted(features)
            #expect(answer.bitPattern == plain.predicted(features).bitPattern)
            explainer.explain(features, into: &explanation)
            #expect((0..<explanation.count).allSatisfy { explanation[$0].amount.isFinite })
            asked.learn(features, label: event.label, weight: event.weight)
            plain.learn(features, label: event.label, weight: event.weight)
        }
        #expect(asked.encoded == plain.encoded)
    }

    @Test(arguments: allRecipes) func mergedIsAsThoughOneHadLearnedBoth(_ recipe: Recipe) throws {
        let first = try recipe.learner(denseCount: Self.denseCount)
        guard let merging = first as? any MergeableLearner else { return }
        let events = RandomEvent.stream(count: 600, denseCount: Self.denseCount, task: recipe.task, seed: 53)
        let second = try recipe.learner(denseCount: Self.denseCount)
        let whole = try recipe.learner(denseCount: Self.denseCount)
        _ = first.run(events[..<250], denseCount: Self.denseCount)
        _ = second.run(events[250...], denseCount: Self.denseCount)
        _ = whole.run(events, denseCount: Self.denseCount)
        try merging.merge(second)
        #expect(first.learnedCount == whole.learnedCount)
        var features = FeatureVector(denseCount: Self.denseCount, sparseCapacity: RandomEvent.fieldCount)
        for event in RandomEvent.stream(count: 100, denseCount: Self.denseCount, task: recipe.task, seed: 59) {
            event.fill(&features)
            #expect(isNear(first.predicted(features), whole.predicted(features)))
        }
        let stranger = try recipe.learner(denseCount: Self.denseCount + 1)
        let before = first.encoded
        #expect(throws: StateError.mismatch) { try merging.merge(stranger) }
        #expect(first.encoded == before)
    }

    /// Every rule of every type, from its own range: just outside is refused by name, the ends are taken.
    @Test func rangesAreKept() {
        for type in ModelType.all where type.isBuilt {
            for rule in type.parameters {
                for (value, isGood) in Self.probes(rule.kind) {
                    let entries = [ParameterEntry("type", .text(type.name)), ParameterEntry(rule.key, value)]
                    let refusals = type.tasks.filter { task in
                        let problems = ModelSpecification.parse(name: "m", entries: entries, task: task).1
                        return problems.contains { $0.path.first == rule.key }
                    }
                    // A good value may be for some of the tasks only, a bad one is for none.
                    #expect(
                        isGood ? refusals.count < type.tasks.count : refusals.count == type.tasks.count,
                        "\(type.name).\(rule.key): \(value)")
                }
            }
        }
    }

    private static func probes(_ kind: ParameterRule.Kind) -> [(ParameterValue, Bool)] {
        switch kind {
        case .number(let minimum, let maximum, let exclusiveMinimum):
            [
                (.number(minimum), !exclusiveMinimum), (.number(maximum), true), (.number(minimum.nextDown), false),
                (.number(maximum.nextUp), false), (.number(.nan), false), (.text("much"), false),
            ]
        case .integer(let minimum, let maximum):
            [
                (.number(Double(minimum)), true), (.number(Double(maximum)), true),
                (.number(Double(minimum) - 1), false), (.number(2 * Double(max(maximum, 0)) + 2), false),
                (.number(Double(minimum) + 0.5), false), (.flag(true), false),
            ]
        case .flag: [(.flag(true), true), (.flag(false), true), (.number(1), false)]
        case .choice(let words): words.map { (.text($0), true) } + [(.text("nonesuch"), false), (.number(1), false)]
        default: [(.flag(true), false)]
        }
    }
}
