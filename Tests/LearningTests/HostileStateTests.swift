// Goal: no weight and no state with a right checksum, whatever is in it, makes a learner trap or answer with what is no number;
// and no weight makes it write a state that it refuses itself. Method: over all recipes, events of weights from 1e-300 to the largest number; and
// states into whose body words that mean NaN, infinity, −1 and the largest count are written, in a section made anew.
import Learning
import Testing

@Suite struct HostileStateTests {
    private static let denseCount = 3

    @Test(arguments: allRecipes, [1e6, Double.greatestFiniteMagnitude])
    func anyWeightLeavesAStateThatDecodes(_ recipe: Recipe, largest: Double) throws {
        let learner = try recipe.learner(denseCount: Self.denseCount)
        let weights = [1, largest, 1 / largest, 1, largest.squareRoot(), 0.5, 3_000, largest]
        let events = RandomEvent.stream(count: 200, denseCount: Self.denseCount, task: recipe.task, seed: 61)
        let weighted = events.enumerated().map { index, event in
            var event = event
            event.weight = weights[index % weights.count]
            return event
        }
        try expectFinite(learner, over: weighted)
        let restored = try recipe.learner(denseCount: Self.denseCount)
        try restored.restore(learner.encoded)
        #expect(restored.run(events, denseCount: Self.denseCount) == learner.run(events, denseCount: Self.denseCount))
    }

    /// Labels and weights at their ends at once, where squares and their sums leave the range of numbers.
    @Test(arguments: allRecipes) func anyLabelOfAnyWeightLeavesAStateThatDecodes(_ recipe: Recipe) throws {
        let learner = try recipe.learner(denseCount: Self.denseCount)
        let weights = [1, 1e-8, 1e9, 1e-200, 1e12, 0.5, Double.greatestFiniteMagnitude]
        let labels = [1e150, -1e150, 0.1, 3_000, 1e120]
        let events = RandomEvent.stream(count: 200, denseCount: Self.denseCount, task: recipe.task, seed: 63)
        let hostile = events.enumerated().map { index, event in
            var event = event
            event.weight = weights[index % weights.count]
            if recipe.task == .regression { event.label = labels[index % labels.count] }
            event.dense[0] *= index % 3 == 0 ? 1e149 : 1e-149
            return event
        }
        try expectFinite(learner, over: hostile)
        let restored = try recipe.learner(denseCount: Self.denseCount)
        try restored.restore(learner.encoded)
        #expect(restored.run(events, denseCount: Self.denseCount) == learner.run(events, denseCount: Self.denseCount))
    }

    @Test(arguments: allRecipes) func aStateOfAnyNumbersIsRefusedOrHarmless(_ recipe: Recipe) throws {
        let writer = try recipe.learner(denseCount: Self.denseCount)
        let events = RandomEvent.stream(count: 40, denseCount: Self.denseCount, task: recipe.task, seed: 67)
        _ = writer.run(events, denseCount: Self.denseCount)
        let state = writer.encoded
        let reader = try recipe.learner(denseCount: Self.denseCount)
        let words: [UInt64] = [
            .max, Double.nan.bitPattern, Double.infinity.bitPattern, (-1.0).bitPattern, 0,
            Double.greatestFiniteMagnitude.bitPattern,
        ]
        let body = try Self.body(of: state)
        let tag = try #require(StateTag(of: state))
        let step = 8 * max(1, body.count / 8 / 60)
        for place in stride(from: 8, through: body.count - 8, by: step) {
            for word in words {
                var changed = body
                for byte in 0..<8 { changed[place + byte] = UInt8(truncatingIfNeeded: word >> UInt64(8 * byte)) }
                let before = reader.encoded
                do throws(StateError) {
                    try reader.restore(Self.section(tag, like: state, body: changed))
                } catch {
                    #expect(reader.encoded == before, "byte \(place), \(String(word, radix: 16))")
                    continue
                }
                try expectFinite(reader, over: events.prefix(8), "byte \(place), \(String(word, radix: 16))")
            }
        }
    }

    private func expectFinite(
        _ learner: any Learner, over events: some Sequence<RandomEvent>, _ comment: Comment? = nil
    ) throws {
        var features = FeatureVector(denseCount: Self.denseCount, sparseCapacity: RandomEvent.fieldCount)
        var prediction = Prediction()
        for event in events {
            event.fill(&features)
            learner.predict(features, into: &prediction)
            #expect(prediction.value.isFinite, comment)
            let areFinite = (0..<prediction.classCount).allSatisfy { prediction[$0].isFinite }
            #expect(areFinite, comment)
            learner.learn(features, label: event.label, weight: event.weight)
        }
    }

    private static func body(of state: [UInt8]) throws -> [UInt8] {
        var decoder = StateDecoder(state)
        return try decoder.section(try #require(StateTag(of: state)), newest: .max) { decoder, _ throws(StateError) in
            var bytes: [UInt8] = []
            while !decoder.isAtEnd { bytes.append(try decoder.byte()) }
            return bytes
        }
    }

    private static func section(_ tag: StateTag, like state: [UInt8], body: [UInt8]) -> [UInt8] {
        var encoder = StateEncoder()
        encoder.section(tag, version: UInt16(state[4]) | UInt16(state[5]) << 8) { encoder in
            for byte in body { encoder.append(byte) }
        }
        return encoder.bytes
    }
}
