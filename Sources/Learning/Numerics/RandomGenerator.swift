/// The seeded random generator of the learners: xoshiro256++ (Blackman and Vigna, ACM Transactions on Mathematical Software
/// 47, 2021), its state filled by SplitMix64 as its authors advise. The same seed gives the same numbers on every machine;
/// the state is encoded with the learner. Not for secrets.
public struct RandomGenerator: RandomNumberGenerator, Sendable, Equatable {
    private var s0: UInt64
    private var s1: UInt64
    private var s2: UInt64
    private var s3: UInt64

    /// A generator that starts from `seed`; every seed will do.
    public init(seed: UInt64) {
        var state = seed
        func split() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
        s0 = split()
        s1 = split()
        s2 = split()
        s3 = split()
    }

    /// 64 random bits.
    @inline(__always)
    public mutating func next() -> UInt64 {
        let sum = s0 &+ s3
        let result = (sum &<< 23 | sum &>> 41) &+ s0
        let shifted = s1 &<< 17
        s2 ^= s0
        s3 ^= s1
        s1 ^= s2
        s0 ^= s3
        s2 ^= shifted
        s3 = s3 &<< 45 | s3 &>> 19
        return result
    }

    /// A number in [0, 1), a multiple of 2^-53.
    @inline(__always)
    public mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A whole number in 0..<`bound`, which is above 0; each as likely as the other to within 2^-64·`bound` (Lemire 2019,
    /// without its rejection, so that every draw takes one step).
    @inline(__always)
    public mutating func next(below bound: Int) -> Int {
        precondition(bound > 0)
        return Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A standard normal number, by Marsaglia's polar method; takes a varying number of steps.
    public mutating func nextGaussian() -> Double {
        while true {
            let u = 2 * nextUnit() - 1
            let v = 2 * nextUnit() - 1
            let square = u * u + v * v
            if square > 0, square < 1 { return u * (-2 * logarithm(square) / square).squareRoot() }
        }
    }

    /// Appends the state, 32 bytes.
    public func encode(into encoder: inout StateEncoder) {
        for word in [s0, s1, s2, s3] { encoder.append(word) }
    }

    /// A generator that goes on where an encoded one stood; a state of zeros only, which would stand still, is corrupt.
    public init(from decoder: inout StateDecoder) throws(StateError) {
        s0 = try decoder.uint64()
        s1 = try decoder.uint64()
        s2 = try decoder.uint64()
        s3 = try decoder.uint64()
        guard s0 | s1 | s2 | s3 != 0 else { throw .corrupt }
    }
}
