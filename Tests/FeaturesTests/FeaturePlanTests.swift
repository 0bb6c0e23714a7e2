// Goal: the compiled way from row to vector: which features "*" means, one-hot indexes in learning order, bounds, and a
// state that goes on after decoding as if never stopped.

import Features
import Learning
import Testing

@Suite struct FeaturePlans {
    private let sample = Schema(
        fields: [
            Schema.Field(name: "n", kind: .number), Schema.Field(name: "z", kind: .category),
            Schema.Field(name: "y", kind: .number), Schema.Field(name: "m", kind: .number),
            Schema.Field(name: "t", kind: .number), Schema.Field(name: "w", kind: .category),
        ], idField: "k", eventTimeField: "t", label: Schema.Label(field: "y", kind: .regression))

    @Test func allNumbersLeavesLabelTimeAndIdOut() throws {
        func names(_ features: [FeatureSpecification]) throws -> [String] {
            try FeaturePlan(schema: sample, features: features).featureNames
        }
        #expect(try names([.allNumbers]) == ["n", "m"])
        #expect(try names([.field("m"), .allNumbers]) == ["m", "n"])
        let plan = try FeaturePlan(schema: sample, features: [.oneHot("w"), .field("m")])
        let counts = [plan.denseCount, plan.sparseCapacity]
        #expect(counts == [1, 1])
    }

    @Test func unknownFeaturesAreTold() {
        func problem(_ features: [FeatureSpecification]) -> FeatureProblem? {
            do {
                _ = try FeaturePlan(schema: sample, features: features)
                return nil
            } catch { return error }
        }
        #expect(problem([.field("n"), .field("nn")])?.index == 1)
        #expect(problem([.field("nn")])?.allowed == ["n", "m"])
        #expect(problem([.field("z")])?.message == #""z" is declared category"#)
        #expect(problem([.oneHot("n")])?.message == #""n" is declared number"#)
        #expect(problem([.field("y")])?.message == #""y" is the label, the event time or the id"#)
        #expect(problem([.field("n"), .field("n")])?.message == #""n" is a feature already"#)
        #expect(problem([.oneHot("z"), .oneHot("w"), .allNumbers]) == nil)
    }

    /// A plan with a decoder: `#expect` takes no calls on noncopyable values.
    private struct Case: ~Copyable {
        var bench: Bench
        var plan: FeaturePlan

        init(_ schema: Schema, _ features: [FeatureSpecification], categoriesMax: Int = 1000) throws {
            let bench = try Bench(schema)
            let plan = try FeaturePlan(schema: schema, features: features, categoriesMax: categoriesMax)
            self.bench = bench
            self.plan = plan
        }

        mutating func read(_ record: String) { _ = bench.decode(record) }
        mutating func admit() -> Bool { plan.admitCategories(of: bench.row) }
        mutating func learn(_ record: String) {
            read(record)
            _ = admit()
        }

        var entries: [SparseFeature] {
            var vector = plan.makeVector()
            plan.fill(&vector, from: bench.row)
            return (0..<vector.sparseCount).map { vector.sparseSpan[$0] }
        }

        var state: [UInt8] {
            var encoder = StateEncoder()
            plan.encode(into: &encoder)
            return encoder.bytes
        }

        mutating func restore(_ bytes: [UInt8]) -> StateError? {
            var decoder = StateDecoder(bytes)
            do {
                try plan.decode(from: &decoder)
                return nil
            } catch { return error }
        }
    }

    @Test func categoriesGetIndexesWhenLearned() throws {
        var sut = try Case(sample, [.allNumbers, .oneHot("z"), .oneHot("w")])
        sut.read(#"{"z":"a","w":"a","n":3}"#)
        let unknown = sut.entries
        let (first, second) = (sut.admit(), sut.admit())
        let known = sut.entries
        #expect(unknown.isEmpty && first && !second)
        #expect(known == [SparseFeature(index: 0, value: 1), SparseFeature(index: 1, field: 1, value: 1)])
        let names = [sut.plan.sparseName(0), sut.plan.sparseName(1)]
        #expect(names == ["z=a", "w=a"])
        sut.read(#"{"z":"b","w":"a"}"#)
        let half = sut.entries
        let third = sut.admit()
        let whole = sut.entries.map(\.index)
        #expect(half == [SparseFeature(index: 1, field: 1, value: 1)] && third && whole == [2, 1])
        sut.read(#"{"z":null}"#)
        let (nothing, none) = (sut.admit(), sut.entries)
        #expect(!nothing && none.isEmpty)
        var vector = sut.plan.makeVector()
        sut.plan.fill(&vector, from: sut.bench.row)
        let absent = vector[0]
        #expect(absent.isNaN)
    }

    @Test func categoriesAreBounded() throws {
        var sut = try Case(sample, [.oneHot("z"), .oneHot("w")], categoriesMax: 3)
        for round in 0..<10 { sut.learn(#"{"z":"z\#(round)"}"#) }
        var counts = [UInt64(sut.plan.sparseCount), sut.plan.overflowCount]
        #expect(counts == [3, 7])
        sut.learn(#"{"w":"\#(String(repeating: "x", count: 2000))"}"#)
        counts = [UInt64(sut.plan.sparseCount), sut.plan.overflowCount]
        #expect(counts == [3, 8])
        sut.learn(#"{"w":"z0"}"#)
        counts = [UInt64(sut.plan.sparseCount), sut.plan.overflowCount]
        #expect(counts == [4, 8])
    }

    @Test func decodedStateGoesOn() throws {
        var original = try Case(sample, [.oneHot("z"), .oneHot("w")], categoriesMax: 200)
        for round in 0..<500 { original.learn(#"{"z":"\#(round % 300)","w":"w\#(round % 7)"}"#) }
        var copy = try Case(sample, [.oneHot("z"), .oneHot("w")], categoriesMax: 200)
        let refusal = copy.restore(original.state)
        let count = copy.plan.sparseCount
        #expect(refusal == nil && count == 207)
        for record in [#"{"z":"199","w":"w3"}"#, #"{"z":"299"}"#, #"{"w":"new"}"#] {
            original.learn(record)
            copy.learn(record)
            let (expected, found) = (original.entries, copy.entries)
            #expect(expected == found)
        }
        let (expected, found) = (original.state, copy.state)
        #expect(expected == found)
    }

    @Test func foreignStatesAreRefused() throws {
        var sut = try Case(sample, [.oneHot("z"), .oneHot("w")])
        sut.learn(#"{"z":"a","w":"b"}"#)
        let state = sut.state
        var fewer = try Case(sample, [.oneHot("z")])
        let refusal = fewer.restore(state)
        let untouched = fewer.plan.sparseCount
        #expect(refusal == .mismatch && untouched == 0)
        for index in state.indices {
            var bytes = state
            bytes[index] ^= 0x10
            let flipped = sut.restore(bytes)
            let cut = sut.restore(Array(state.prefix(index)))
            #expect(flipped != nil && cut != nil, "byte \(index)")
        }
        let kept = sut.state
        #expect(kept == state)
    }
}
