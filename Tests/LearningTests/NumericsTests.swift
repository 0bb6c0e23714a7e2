// Goal: the elementary functions are right everywhere and the generator is the published one. Method: the C library's functions
// on a grid of arguments, and the numbers that the authors' own C code prints.
import Foundation
import Testing

@testable import Learning

@Suite struct NumericsTests {
    private static func near(_ value: Double, _ expected: Double, _ tolerance: Double) -> Bool {
        abs(value - expected) <= tolerance * abs(expected)
    }

    @Test func exponentials() {
        for step in -14_000...14_180 {
            let x = Double(step) / 20 + 1e-3
            #expect(Self.near(exponential(x), exp(x), (abs(x) + 2) * 3e-16), "\(x)")
        }
        #expect(exponential(-750) == 0 && exponential(-.infinity) == 0 && exponential(710) == .infinity)
        #expect(exponential(0) == 1 && exponential(.nan).isNaN)
    }

    @Test func pairsAreAsOneByOne() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            let lanes = SIMD2<Double>.random(in: -690...690, using: &generator)
            #expect(exponential(lanes) == SIMD2(exponential(lanes[0]), exponential(lanes[1])), "\(lanes)")
        }
    }

    @Test func logarithms() {
        var x = Double.leastNonzeroMagnitude
        while x < 1e308 {
            #expect(abs(logarithm(x) - log(x)) <= 4e-16 * max(abs(log(x)), 1e-3), "\(x)")
            x *= 2.37
        }
        for step in 1...4_000 {
            let x = 0.5 + Double(step) / 2_000
            #expect(abs(logarithm(x) - log(x)) <= 4e-16 * max(abs(log(x)), 0.5), "\(x)")
        }
        #expect(logarithm(1) == 0 && logarithm(0) == -.infinity && logarithm(.infinity) == .infinity)
        #expect(logarithm(-1).isNaN && logarithm(.nan).isNaN)
        #expect(Self.near(power(7, 0.5), 7.0.squareRoot(), 1e-15))
    }

    @Test func normalDistribution() {
        for step in -800...800 {
            let x = Double(step) / 100
            let expected = 0.5 * erfc(-x / 2.0.squareRoot())
            #expect(Self.near(NormalDistribution.cumulative(x), expected, 2e-14), "\(x)")
        }
        for far in [1e60, 1e200, Double.infinity] {
            #expect(NormalDistribution.cumulative(far) == 1 && NormalDistribution.cumulative(-far) == 0, "\(far)")
        }
        #expect(NormalDistribution.cumulative(-40) >= 0 && NormalDistribution.cumulative(40) == 1)
        #expect(Self.near(NormalDistribution.cumulative(-12), 0.5 * erfc(12 / 2.0.squareRoot()), 1e-12))
    }

    /// xoshiro256++ by its authors' C code, its state 1, 2, 3, 4.
    @Test func generatorIsThePublishedOne() throws {
        var encoder = StateEncoder()
        for word in 1...4 { encoder.append(UInt64(word)) }
        var decoder = StateDecoder(encoder.bytes)
        var generator = try RandomGenerator(from: &decoder)
        let published: [UInt64] = [
            41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205,
            9_973_669_472_204_895_162, 14_011_001_112_246_962_877, 12_406_186_145_184_390_807,
        ]
        for word in published { #expect(generator.next() == word) }
    }

    @Test func drawsHaveTheirMoments() {
        var generator = RandomGenerator(seed: 5)
        let count = 200_000.0
        var (sum, squares, units, below) = (0.0, 0.0, 0.0, [Int](repeating: 0, count: 7))
        for _ in 0..<Int(count) {
            let gaussian = generator.nextGaussian()
            sum += gaussian
            squares += gaussian * gaussian
            units += generator.nextUnit()
            below[generator.next(below: 7)] += 1
        }
        #expect(abs(sum / count) < 0.01 && abs(squares / count - 1) < 0.02 && abs(units / count - 0.5) < 0.005)
        #expect(below.allSatisfy { abs(Double($0) / count - 1.0 / 7) < 0.005 })
        for mean in [0.1, 1, 6, 20] {
            let sampler = PoissonSampler(mean: mean)
            let draws = (0..<Int(count)).map { _ in Double(sampler.sample(&generator)) }
            let average = draws.reduce(0, +) / count
            let variance = draws.reduce(0) { $0 + ($1 - average) * ($1 - average) } / count
            #expect(abs(average - mean) < 0.02 * mean + 0.005 && abs(variance - mean) < 0.04 * mean + 0.01, "\(mean)")
        }
    }
}
