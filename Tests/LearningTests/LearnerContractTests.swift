// Goal: every learner keeps the contract of `Learner`. Method: one suite over all of them, on random events whose seeds are in
// each test's arguments or messages, comparing bits of predictions and of encoded states.
import Learning
import Testing

@Suite struct LearnerContractTests {
    static let seeds: [UInt64] = [1, 7, 4_242]

    @Test(arguments: allRecipes, seeds) func sameInputSameBits(_ recipe: Recipe, seed: UInt64) throws {
        for denseCount in [0, 1, 5, 6] {
            let events = RandomEvent.stream(count: 200, denseCount: denseCount, task: recipe.task, seed: seed)
            let (first, second) = (
                try recipe.learner(denseCount: denseCount), try recipe.learner(denseCount: denseCount)
            )
            #expect(first.run(events, denseCount: denseCount) == second.run(events, denseCount: denseCount))
            #expect(first.encoded == second.encoded)
            if recipe.exempt.contains(.learnsAtOnce) { continue }
            #expect(first.learnedCount == UInt64(events.count { $0.weight > 0 }))
        }
    }

    @Test(arguments: allRecipes) func predictingChangesNothing(_ recipe: Recipe) throws {
        let learner = try recipe.learner(denseCount: 5)
        let events = RandomEvent.stream(count: 300, denseCount: 5, task: recipe.task, seed: 11)
        _ = learner.run(events[..<200], denseCount: 5)
        let before = learner.encoded
        var features = FeatureVector(denseCount: 5, sparseCapacity: RandomEvent.fieldCount)
        for event in events[200...] {
            event.fill(&features)
            #expect(learner.predicted(features).bitPattern == learner.predicted(features).bitPattern)
        }
        #expect(learner.encoded == before)
    }

    @Test(arguments: allRecipes, seeds) func restoredEqualsNeverStopped(_ recipe: Recipe, seed: UInt64) throws {
        let events = RandomEvent.stream(count: 400, denseCount: 6, task: recipe.task, seed: seed)
        let undisturbed = try recipe.learner(denseCount: 6)
        let expected = undisturbed.run(events, denseCount: 6)
        var generator = SeededGenerator(seed: seed)
        for round in 0..<8 {
            // Once before the first event.
            let split = round == 0 ? 0 : Int.random(in: 0...events.count, using: &generator)
            let before = try recipe.learner(denseCount: 6)
            let head = before.run(events[..<split], denseCount: 6)
            // The one restored into has a past of its own, which must be gone.
            let after = try recipe.learner(denseCount: 6)
            _ = after.run(events.reversed(), denseCount: 6)
            try after.restore(before.encoded)
            #expect(after.learnedCount == before.learnedCount)
            #expect(head + after.run(events[split...], denseCount: 6) == expected, "seed \(seed), split \(split)")
            #expect(after.encoded == undisturbed.encoded, "seed \(seed), split \(split)")
        }
    }

    @Test(arguments: allRecipes) func weightZeroChangesNothing(_ recipe: Recipe) throws {
        let learner = try recipe.learner(denseCount: 3)
        let events = RandomEvent.stream(count: 100, denseCount: 3, task: recipe.task, seed: 3)
        _ = learner.run(events, denseCount: 3)
        let before = learner.encoded
        var features = FeatureVector(denseCount: 3, sparseCapacity: RandomEvent.fieldCount)
        for event in events {
            event.fill(&features)
            learner.learn(features, label: event.label, weight: 0)
        }
        #expect(learner.encoded == before)
    }

    @Test(arguments: allRecipes) func untaughtSaysNothing(_ recipe: Recipe) throws {
        let learner = try recipe.learner(denseCount: 4)
        var features = FeatureVector(denseCount: 4, sparseCapacity: RandomEvent.fieldCount)
        for event in RandomEvent.stream(count: 20, denseCount: 4, task: recipe.task, seed: 5) {
            event.fill(&features)
            // Who learns without labels says how strange an event is, and knows of nothing strange yet.
            let says = recipe.task == .binary && !learner.learnsUnlabelled ? 0.5 : 0
            #expect(learner.predicted(features) == says)
        }
    }

    @Test(arguments: allRecipes.filter { !$0.exempt.contains(.absentSlots) })
    func anAbsentFeatureIsAsIfItDidNotExist(_ recipe: Recipe) throws {
        let events = RandomEvent.stream(count: 300, denseCount: 4, task: recipe.task, seed: 17)
        let narrow = try recipe.learner(denseCount: 4)
        let wide = try recipe.learner(denseCount: 7)
        // Slots 4 to 6 stay absent: NaN, what a vector makes of infinity, and a value beyond the learnable range.
        let widened = events.map { event in
            var wider = event
            wider.dense += [.nan, .infinity, 1e151]
            return wider
        }
        #expect(narrow.run(events, denseCount: 4) == wide.run(widened, denseCount: 7))
    }

    @Test(arguments: allRecipes) func aLateFeatureBeginsAfresh(_ recipe: Recipe) throws {
        let learner = try recipe.learner(denseCount: 4)
        let events = RandomEvent.stream(count: 600, denseCount: 4, task: recipe.task, seed: 23, absence: 0)
        let early = events[..<400].map { event in
            var early = event
            early.dense[2] = .nan
            return early
        }
        _ = learner.run(early, denseCount: 4)
        var features = FeatureVector(denseCount: 4, sparseCapacity: RandomEvent.fieldCount)
        for event in events[400...] {
            event.fill(&features)
            #expect(learner.predicted(features).isFinite)
            learner.learn(features, label: event.label, weight: event.weight)
        }
        guard let state = try? LinearState(learner, denseCount: 4), !state.count.isEmpty else { return }
        #expect(state.weight[2] != 0)
        guard !recipe.exempt.contains(.wholeCounts) else { return }
        let late = events[400...].reduce(0) { $0 + $1.weight }
        #expect(state.count[2] == late)
        #expect(state.count[0] == late + early.reduce(0) { $0 + $1.weight })
    }

    @Test(arguments: allRecipes) func memoryIsBounded(_ recipe: Recipe) throws {
        let learner = try recipe.learner(denseCount: 1)
        var features = FeatureVector(denseCount: 1, sparseCapacity: RandomEvent.fieldCount)
        let bound: Int32 = 1 << 18
        // Windows of events are full then.
        for _ in 0..<64 { learner.learn(features, label: 1, weight: 1) }
        for index in [bound - 1, bound, 2 * bound - 1, Int32.max, -1, Int32.min] {
            features.removeSparse()
            features.appendSparse(SparseFeature(index: index, value: 1))
            let before = learner.encoded.count
            // Often enough for one that learns in batches.
            for _ in 0..<8 { learner.learn(features, label: 1, weight: 1) }
            // At most 80 bytes for each of the indexes up to the bound (two classes of five numbers), and none for those
            // that lie beyond.
            let expertCount = (learner as? any ExpertWeighing)?.expertWeights.count ?? 1
            // A learner that watches for drifts may have a successor growing beside it.
            let copyCount = learner is any DriftCounting ? 2 : 1
            #expect(learner.encoded.count <= (80 * Int(bound) + 10_000) * expertCount * copyCount)
            if index != bound - 1 { #expect(learner.encoded.count <= before + 1_000) }
            #expect(learner.predicted(features).isFinite)
        }
    }

    @Test(arguments: allRecipes) func hostileNumbersGiveFinitePredictions(_ recipe: Recipe) throws {
        let learner = try recipe.learner(denseCount: 3)
        var features = FeatureVector(denseCount: 3, sparseCapacity: 1)
        let extremes: [Double] = [
            0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 1e-160, 1e150, -1e150, 1e151,
            .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1,
        ]
        var generator = SeededGenerator(seed: 29)
        for _ in 0..<2_000 {
            for slot in 0..<3 { features[slot] = extremes[Int.random(in: 0..<extremes.count, using: &generator)] }
            features.removeSparse()
            features.appendSparse(SparseFeature(index: 0, value: 1))
            #expect(learner.predicted(features).isFinite)
            let extreme = extremes[Int.random(in: 0..<extremes.count, using: &generator)]
            learner.learn(features, label: recipe.task == .regression ? extreme : (extreme > 0 ? 1 : 0), weight: 1)
        }
    }

    @Test(arguments: allRecipes) func damagedStatesAreRefusedAndHarmless(_ recipe: Recipe) throws {
        let writer = try recipe.learner(denseCount: 3)
        let events = RandomEvent.stream(count: 40, denseCount: 3, task: recipe.task, seed: 31)
        _ = writer.run(events, denseCount: 3)
        let state = writer.encoded
        let reader = try recipe.learner(denseCount: 3)
        _ = reader.run(events.prefix(20), denseCount: 3)
        let before = reader.encoded
        // Every length and every byte of a small state, about 1,000 of a large one.
        let step = max(1, state.count / 1_000)
        for length in stride(from: 0, to: state.count, by: step) {
            #expect(throws: StateError.self) { try reader.restore(Array(state[..<length])) }
        }
        for position in stride(from: 0, to: state.count, by: step) {
            var flipped = state
            flipped[position] ^= UInt8(1 << (position % 8))
            #expect(throws: StateError.self) { try reader.restore(flipped) }
        }
        #expect(reader.encoded == before)
        try reader.restore(state)
        #expect(reader.encoded == state)
    }

    @Test func statesOfOthersAreMismatches() throws {
        for (index, recipe) in allRecipes.enumerated() {
            let state = try recipe.learner(denseCount: 3).encoded
            for (other, reader) in allRecipes.enumerated() where other != index {
                let learner = try reader.learner(denseCount: 3)
                #expect(throws: StateError.mismatch, "\(recipe.label) into \(reader.label)") {
                    try learner.restore(state)
                }
            }
            guard state.count > 100 else { continue }
            let wider = try recipe.learner(denseCount: 4)
            #expect(throws: StateError.mismatch) { try wider.restore(state) }
        }
    }
}
