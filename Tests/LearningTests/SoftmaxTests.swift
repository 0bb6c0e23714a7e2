// Goal: softmax regression is its definition, also when classes and categories come late, and its memory stays within its bound.
// Method: a second implementation from the definition (Bishop 2006, 4.3.4), class by class, on random events.
import Foundation
import Learning
import Testing

@Suite struct SoftmaxTests {
    private func probabilities(_ learner: any Learner, _ features: borrowing FeatureVector)
        -> [Double]
    {
        var prediction = Prediction()
        learner.predict(features, into: &prediction)
        return (0..<prediction.classCount).map { prediction[$0] }
    }

    @Test(arguments: [UInt64(1), 2, 3], ["sgd", "adagrad"]) func equalsTheDefinition(
        seed: UInt64, optimizer: String
    ) throws {
        let recipe = Recipe(
            "m", .multiclass, type: "softmax_regression",
            [Recipe.optimizer(optimizer), ParameterEntry("scale", .text("none"))])
        let learner = try recipe.learner(denseCount: 5)
        // Class → input → (weight, sum of squares); input −1 is the intercept.
        var weights: [[Int: (weight: Double, squares: Double)]] = []
        func softmax(_ inputs: [(Int, Double)]) -> [Double] {
            let scores = weights.map { own in
                inputs.reduce(own[-1]?.weight ?? 0) { $0 + (own[$1.0]?.weight ?? 0) * $1.1 }
            }
            let shares = scores.map { exp($0 - (scores.max() ?? 0)) }
            return shares.map { $0 / shares.reduce(0, +) }
        }
        var features = FeatureVector(denseCount: 5, sparseCapacity: RandomEvent.fieldCount)
        for (index, event) in RandomEvent.stream(
            count: 900, denseCount: 5, task: .multiclass, seed: seed
        ).enumerated() {
            var event = event
            event.dense = event.dense.enumerated().map { $1 / 10 - Double($0) }
            // The third class comes late, and as the first label of its number.
            if index < 300 { event.label = min(event.label, 1) }
            event.fill(&features)
            let inputs =
                event.dense.enumerated().filter { $0.element.isFinite }.map { ($0, $1) }
                + event.sparse.map { (1_000 + Int($0.index), $0.value) }
            let (found, expected) = (probabilities(learner, features), softmax(inputs))
            try #require(found.count == expected.count)
            for (value, wanted) in zip(found, expected) {
                try #require(isNear(value, wanted), "seed \(seed), \(index)")
            }
            learner.learn(features, label: event.label, weight: event.weight)
            guard event.weight > 0 else { continue }
            while weights.count <= Int(event.label) { weights.append([:]) }
            let slopes = softmax(inputs).enumerated().map {
                event.weight * ($1 - ($0 == Int(event.label) ? 1 : 0))
            }
            for (number, slope) in slopes.enumerated() {
                for (key, value) in inputs {
                    var own = weights[number][key] ?? (0, 0)
                    own.squares += slope * slope * value * value
                    own.weight -=
                        optimizer == "sgd"
                        ? 0.01 * slope * value : 0.1 * slope * value / (own.squares + 1e-8).squareRoot()
                    weights[number][key] = own
                }
                weights[number][-1, default: (0, 0)].weight -= 0.01 * slope
            }
        }
    }

    /// Before the first label there is no class; a class of a high index makes those below it; beyond the bound none.
    @Test func classesAppearLate() throws {
        let learner = try Recipe("m", .multiclass, type: "softmax_regression").learner(denseCount: 2)
        var features = FeatureVector(denseCount: 2, sparseCapacity: 1)
        features.setDense([1, 2])
        #expect(probabilities(learner, features).isEmpty)
        learner.learn(features, label: 4, weight: 1)
        #expect(probabilities(learner, features).count == 5)
        let before = learner.encoded
        for label in [-1, Double(LearnableRange.classCountMax), 1e9] {
            learner.learn(features, label: label, weight: 1)
            #expect(learner.encoded == before)
        }
        learner.learn(features, label: Double(LearnableRange.classCountMax - 1), weight: 1)
        #expect(probabilities(learner, features).count == LearnableRange.classCountMax)
        #expect(isNear(probabilities(learner, features).reduce(0, +), 1))
    }

    /// 2^20 sparse weights in all classes together: with more classes the later categories are left out, restored or not.
    @Test func sparseWeightsOfAllClassesAreBounded() throws {
        let recipe = Recipe("m", .multiclass, type: "softmax_regression")
        let learner = try recipe.learner(denseCount: 0)
        var features = FeatureVector(denseCount: 0, sparseCapacity: RandomEvent.fieldCount)
        func learn(_ index: Int32, _ label: Double, _ learner: any Learner) {
            features.removeSparse()
            features.appendSparse(SparseFeature(index: index, value: 1))
            learner.learn(features, label: label, weight: 1)
        }
        learn(70_000, 1, learner)
        #expect(learner.encoded.count > 70_000 * 2 * 8)
        learn(0, 99, learner)
        let bound = (1 << 20) * 8
        #expect(learner.encoded.count < bound + 10_000)
        let copy = try recipe.learner(denseCount: 0)
        try copy.restore(learner.encoded)
        for one in [learner, copy] {
            learn(10_484, 5, one)
            learn(10_485, 5, one)
            learn(3, 7, one)
        }
        #expect(learner.encoded == copy.encoded)
        #expect(learner.encoded.count < bound + 10_000)
        #expect(learner.memoryByteCount < 2 * bound + 100_000)
    }
}
