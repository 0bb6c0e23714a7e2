// Goal: the extremely fast decision tree is ahead of the Hoeffding tree early on and takes back splits that prove wrong.
// Method: both on the example streams, and a stream whose class comes to depend on another feature.
import Learning
import Testing

@Suite struct TreeRevisionTests {
    @Test(arguments: ["elec2", "shuttle"]) func isAheadEarly(_ name: String) throws {
        let stream = try LabelledStream(name)
        let accuracies = try ["extremely_fast_decision_tree", "hoeffding_tree"].map { type in
            let learner = try Recipe("m", .binary, type: type).learner(denseCount: stream.features.count)
            return try #require(StreamRun(learner, stream, limit: 20_000).metrics.accuracy)
        }
        #expect(accuracies[0] > accuracies[1], "\(accuracies)")
    }

    @Test func aSplitIsTakenBack() throws {
        let shares = try ["extremely_fast_decision_tree", "hoeffding_tree"].map { type in
            let learner = try Recipe("m", .binary, type: type, [ParameterEntry("leaf", .text("majority"))])
                .learner(denseCount: 2)
            var generator = SeededGenerator(seed: 6)
            var features = FeatureVector(denseCount: 2, sparseCapacity: RandomEvent.fieldCount)
            var leafCounts: [Int] = []
            for index in 0..<30_000 {
                for slot in 0..<2 { features[slot] = Double.random(in: 0...1, using: &generator) }
                let isFirst = index < 3_000 ? features[0] > 0.5 : features[1] > 0.5
                learner.learn(features, label: isFirst ? 1 : 0, weight: 1)
                if index % 1_000 == 999 { leafCounts.append(try TreeState(learner).leafCount) }
            }
            return leafCounts
        }
        // A Hoeffding tree only grows; the other gives up what grew on the first feature.
        #expect(zip(shares[0], shares[0].dropFirst()).contains { $0 > $1 }, "\(shares)")
        #expect(!zip(shares[1], shares[1].dropFirst()).contains { $0 > $1 })
    }
}
