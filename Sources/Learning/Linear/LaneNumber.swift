/// What the step of an optimiser computes with: one number (a sparse weight, an intercept) or two neighbours at once (a pair
/// of dense weights). Every operation works lane by lane, so a step written once gives both the same bits.
protocol LaneNumber {
    static func + (left: Self, right: Self) -> Self
    static func - (left: Self, right: Self) -> Self
    static func * (left: Self, right: Self) -> Self
    static func / (left: Self, right: Self) -> Self
    static func += (left: inout Self, right: Self)
    static func -= (left: inout Self, right: Self)
    /// `value` in every lane.
    static func all(_ value: Double) -> Self
    /// The size, without sign.
    var magnitude: Self { get }
    /// The square root of the size.
    var root: Self { get }
    /// `chosen` where `left` is larger than `right`, `otherwise` elsewhere, which includes NaN on either side.
    static func choose(where left: Self, exceeds right: Self, _ chosen: Self, otherwise: Self) -> Self
}

extension LaneNumber {
    /// The larger of both; `other` where a side is NaN.
    @inline(__always)
    func larger(_ other: Self) -> Self {
        Self.choose(where: self, exceeds: other, self, otherwise: other)
    }

    /// The smaller of both; `other` where a side is NaN.
    @inline(__always)
    func smaller(_ other: Self) -> Self {
        Self.choose(where: other, exceeds: self, self, otherwise: other)
    }
}

extension Double: LaneNumber {
    @inline(__always)
    static func all(_ value: Double) -> Double { value }

    @inline(__always)
    var root: Double { magnitude.squareRoot() }

    @inline(__always)
    static func choose(where left: Double, exceeds right: Double, _ chosen: Double, otherwise: Double)
        -> Double
    {
        left > right ? chosen : otherwise
    }
}

extension SIMD2<Double>: LaneNumber {
    @inline(__always)
    static func all(_ value: Double) -> Self { Self(repeating: value) }

    /// Lane by lane and of the magnitude: only so does Swift 6.3 make one instruction of it. `SIMD2.squareRoot()`, and a root
    /// of what might be negative, call libm for the sake of errno.
    @inline(__always)
    var root: Self { Self(self[0].magnitude.squareRoot(), self[1].magnitude.squareRoot()) }

    @inline(__always)
    static func choose(where left: Self, exceeds right: Self, _ chosen: Self, otherwise: Self) -> Self {
        otherwise.replacing(with: chosen, where: left .> right)
    }
}
