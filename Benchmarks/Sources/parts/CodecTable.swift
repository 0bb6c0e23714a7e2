import Learning

/// How fast a forest is encoded and decoded: adaptive random forests are grown to about 100,000 nodes on a seeded stream and
/// written and read in memory, checksums and all checks of what is read included.
enum CodecTable {
    private static let nodeCount = 100_000
    private static let denseCount = 6
    private static let rounds = 15
    private static let eventsMax = 10_000_000

    static func print() throws {
        Swift.print("adaptive random forests of 10 trees, medians of \(rounds); a MB is a million bytes")
        for task in [LearningTask.binary, .regression] { try measure(task) }
    }

    private static func measure(_ task: LearningTask) throws {
        let forest = try grow(task)
        var encoder = StateEncoder()
        forest.learner.encode(into: &encoder)
        let state = encoder.bytes
        let other = try makeForest(task)
        var (encoding, decoding): ([Double], [Double]) = ([], [])
        for _ in 0..<rounds {
            // The first round makes room; from then on the buffer is used again, as a writer of snapshots does.
            encoding.append(
                nanoseconds(1) {
                    encoder.removeAll()
                    forest.learner.encode(into: &encoder)
                })
            decoding.append(
                try nanoseconds(1) {
                    var decoder = StateDecoder(state)
                    try other.decode(from: &decoder)
                })
        }
        var again = StateEncoder()
        other.encode(into: &again)
        precondition(encoder.bytes == state && again.bytes == state, "the forest read is not the one written")
        func rate(_ times: [Double]) -> Int {
            Int((1_000 * Double(state.count) / times.sorted()[rounds / 2]).rounded())
        }
        Swift.print(
            "\(task.rawValue): \(forest.learner.nodeCount) nodes after \(forest.eventCount) events, \(state.count) bytes, "
                + "encode \(rate(encoding)) MB/s, decode \(rate(decoding)) MB/s")
    }

    private static func makeForest(_ task: LearningTask) throws -> any NodeCounting {
        let entries = [
            ParameterEntry("type", .text("adaptive_random_forest")), ParameterEntry("max_size", .number(1_024)),
        ]
        let (specification, problems) = ModelSpecification.parse(name: "forest", entries: entries, task: task)
        guard let forest = specification?.makeLearner(denseCount: denseCount) as? any NodeCounting else {
            throw Unusable(problems: problems)
        }
        return forest
    }

    /// Uniform features and a label that follows none of them: no drift comes, and every leaf splits when its time is up.
    private static func grow(_ task: LearningTask) throws -> (learner: any NodeCounting, eventCount: Int) {
        let forest = try makeForest(task)
        var features = FeatureVector(denseCount: denseCount, sparseCapacity: 0)
        var random: UInt64 = 42
        func unit() -> Double {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(random >> 11) / 0x1p53
        }
        var eventCount = 0
        while forest.nodeCount < nodeCount, eventCount < eventsMax {
            for _ in 0..<1_000 {
                for slot in 0..<denseCount { features[slot] = unit() }
                let number = unit()
                forest.learn(features, label: task == .regression ? number : number.rounded(), weight: 1)
            }
            eventCount += 1_000
        }
        return (forest, eventCount)
    }
}
