// Goal: matrix factorisation computes its written steps and recovers ratings that biases alone cannot. Method: a second
// implementation in dictionaries that starts from the learner's own initial factors, and generated ratings of rank 2.
import Learning
import Testing

@Suite struct FactorizationRatingTests {
    private func learner(_ entries: [(String, Double)] = []) throws -> any Learner {
        let entries = entries.map { ParameterEntry($0.0, .number($0.1)) }
        return try Recipe("m", .regression, type: "matrix_factorization", entries).learner(denseCount: 1)
    }

    private func fill(_ features: inout FeatureVector, user: Int?, item: Int?) {
        features.removeSparse()
        if let item { features.appendSparse(SparseFeature(index: Int32(item), field: 1, value: 1)) }
        if let user { features.appendSparse(SparseFeature(index: Int32(user), field: 0, value: 1)) }
    }

    struct State {
        var mean = 0.0
        var users: [Int: FactorizationTests.Row] = [:]
        var items: [Int: FactorizationTests.Row] = [:]

        init(_ learner: any Learner, factorCount: Int) throws {
            var decoder = StateDecoder(learner.encoded)
            self = try decoder.section(StateTag("MXFC"), newest: 1) { decoder, _ throws(StateError) in
                var state = State()
                for _ in 0..<3 { _ = try decoder.uint64() }
                state.mean = try decoder.double()
                state.users = try FactorizationTests.rows(&decoder, factorCount: factorCount)
                state.items = try FactorizationTests.rows(&decoder, factorCount: factorCount)
                return state
            }
        }

        private init() {}

        func value(_ user: Int?, _ item: Int?) -> Double {
            let (u, i) = (user.flatMap { users[$0] }, item.flatMap { items[$0] })
            let value = mean + (u?.weight ?? 0) + (i?.weight ?? 0)
            return zip(u?.factors ?? [], i?.factors ?? []).reduce(value) { $0 + $1.0 * $1.1 }
        }
    }

    @Test func everyStepIsTheWrittenOne() throws {
        let (rate, factorRate, l2, factorL2) = (0.03, 0.07, 0.1, 0.2)
        let learner = try learner([
            ("factors", 3), ("learning_rate", rate), ("factor_learning_rate", factorRate), ("l2", l2),
            ("factor_l2", factorL2), ("spread", 0.5),
        ])
        var generator = SeededGenerator(seed: 3)
        var features = FeatureVector(denseCount: 1, sparseCapacity: RandomEvent.fieldCount)
        var (weightTotal, mean) = (0.0, 0.0)
        for index in 0..<400 {
            let user = Int.random(in: 0..<6, using: &generator), item = 6 + Int.random(in: 0..<8, using: &generator)
            let lacksUser = index % 11 == 0, lacksItem = index % 13 == 0
            let (label, weight) = (Double.random(in: 1...5, using: &generator), Double(index % 3))
            fill(&features, user: lacksUser ? nil : user, item: lacksItem ? nil : item)
            let before = try State(learner, factorCount: 3)
            let expected = before.value(lacksUser ? nil : user, lacksItem ? nil : item)
            #expect(isNear(learner.predicted(features), expected), "event \(index)")
            learner.learn(features, label: label, weight: weight)
            guard weight > 0 else { continue }
            weightTotal += weight
            mean += (label - mean) * weight / weightTotal
            let after = try State(learner, factorCount: 3)
            #expect(isNear(after.mean, mean))
            guard !lacksUser, !lacksItem, let u = before.users[user], let i = before.items[item] else { continue }
            let error = weight * (label - (before.value(user, item) - before.mean + mean))
            let newUser = try #require(after.users[user])
            let newItem = try #require(after.items[item])
            #expect(isNear(newUser.weight, u.weight + rate * (error - l2 * u.weight)))
            #expect(isNear(newItem.weight, i.weight + rate * (error - l2 * i.weight)))
            for factor in 0..<3 {
                let (p, q) = (u.factors[factor], i.factors[factor])
                #expect(isNear(newUser.factors[factor], p + factorRate * (error * q - factorL2 * p)))
                #expect(isNear(newItem.factors[factor], q + factorRate * (error * p - factorL2 * q)))
            }
            // Nobody else moved.
            let others = after.users.filter { $0.key != user }
            #expect(others.allSatisfy { before.users[$0.key]?.factors == $0.value.factors })
        }
    }

    @Test func recoversRatingsThatBiasesCannot() throws {
        var generator = SeededGenerator(seed: 4)
        func draw(_ count: Int) -> [[Double]] {
            (0..<count).map { _ in (0..<2).map { _ in Double.random(in: -1...1, using: &generator) } }
        }
        let (tastes, traits) = (draw(60), draw(80))
        let learner = try learner()
        let biases = try biasLearner()
        var features = FeatureVector(denseCount: 1, sparseCapacity: RandomEvent.fieldCount)
        var (squares, biasSquares) = (0.0, 0.0)
        for index in 0..<60_000 {
            let user = Int.random(in: 0..<60, using: &generator), item = Int.random(in: 0..<80, using: &generator)
            let rating = 3 + tastes[user][0] * traits[item][0] + tastes[user][1] * traits[item][1]
            fill(&features, user: user, item: 60 + item)
            if index >= 50_000 {
                let (error, biasError) = (learner.predicted(features) - rating, biases.predicted(features) - rating)
                squares += error * error
                biasSquares += biasError * biasError
            }
            learner.learn(features, label: rating, weight: 1)
            biases.learn(features, label: rating, weight: 1)
        }
        let (rmse, biasRMSE) = ((squares / 10_000).squareRoot(), (biasSquares / 10_000).squareRoot())
        #expect(rmse < 0.15 && biasRMSE > 0.35, "\(rmse), biases alone \(biasRMSE)")
    }

    /// Factors so small and slow that only the biases speak.
    private func biasLearner() throws -> any Learner {
        try learner([("spread", 1e-9), ("factor_learning_rate", 1e-12)])
    }

    @Test func aNewUserGetsTheItemsAverage() throws {
        let learner = try learner()
        var features = FeatureVector(denseCount: 1, sparseCapacity: RandomEvent.fieldCount)
        for round in 0..<200 {
            fill(&features, user: round % 10, item: 100 + round % 2)
            learner.learn(features, label: round % 2 == 0 ? 1 : 5, weight: 1)
        }
        fill(&features, user: 50, item: 100)
        #expect(abs(learner.predicted(features) - 1) < 0.5)
        fill(&features, user: 50, item: 101)
        #expect(abs(learner.predicted(features) - 5) < 0.5)
        fill(&features, user: nil, item: nil)
        #expect(isNear(learner.predicted(features), 3))
    }
}
