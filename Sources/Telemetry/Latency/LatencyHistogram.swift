/// A log-linear histogram of durations in nanoseconds: exact below 256 ns, above that with a relative error of at most
/// 1/128, in 38 KiB of flat memory allocated once. `record` allocates nothing and takes a few nanoseconds.
///
/// The layout is that of HdrHistogram with two significant digits and a unit of 1 (G. Tene, hdrhistogram.org): 128
/// equal steps for each power of two. A value beyond `valueMax` (4.9 hours) counts in the last step; its true size
/// still counts in `maximum` and `sum`. Not thread-safe: give each thread its own and `merge` them.
public struct LatencyHistogram: Sendable, Equatable {
    /// The largest duration that has a step of its own, in nanoseconds: 2^44 - 1.
    public static let valueMax: UInt64 = 1 << 44 - 1

    private static let stepsPerPower = 128
    private static let stepsPerPowerLog2 = 7
    private static let slotCount = 256 + (44 - 8) * stepsPerPower

    private var slots = [UInt64](repeating: 0, count: Self.slotCount)
    /// Durations recorded.
    public private(set) var count: UInt64 = 0
    /// All durations together, in nanoseconds, exact; stays at the largest `UInt64` when it would overflow (584 years).
    public private(set) var sum: UInt64 = 0
    /// The longest duration in nanoseconds, exact; 0 when empty.
    public private(set) var maximum: UInt64 = 0
    private var minimumOrMax: UInt64 = .max

    /// An empty histogram, the identity of `merge`.
    public init() {}

    /// The shortest duration in nanoseconds, exact; 0 when empty.
    public var minimum: UInt64 { count == 0 ? 0 : minimumOrMax }

    /// The mean in nanoseconds; 0 when empty.
    public var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

    /// Counts one duration. Complexity: O(1), no allocation.
    public mutating func record(_ nanoseconds: UInt64) { record(nanoseconds, times: 1) }

    /// Counts one duration `times` times, as for a batch whose events took equally long; 0 times changes nothing.
    public mutating func record(_ nanoseconds: UInt64, times: UInt64) {
        guard times > 0 else { return }
        slots[Self.slot(of: min(nanoseconds, Self.valueMax))] &+= times
        count &+= times
        sum = Self.saturatingSum(sum, Self.saturatingProduct(nanoseconds, times))
        maximum = max(maximum, nanoseconds)
        minimumOrMax = min(minimumOrMax, nanoseconds)
    }

    /// Adds all of `other`. Associative and commutative. Complexity: 4,864 additions.
    public mutating func merge(_ other: borrowing LatencyHistogram) {
        for index in 0..<Self.slotCount { slots[index] &+= other.slots[index] }
        count &+= other.count
        sum = Self.saturatingSum(sum, other.sum)
        maximum = max(maximum, other.maximum)
        minimumOrMax = min(minimumOrMax, other.minimumOrMax)
    }

    /// Forgets everything; the memory stays.
    public mutating func reset() {
        for index in 0..<Self.slotCount { slots[index] = 0 }
        (count, sum, maximum, minimumOrMax) = (0, 0, 0, .max)
    }

    /// The duration that `percent` of the recorded ones do not exceed, in nanoseconds; 0 when empty.
    ///
    /// The answer is the upper end of the step that holds the ⌈percent/100 · count⌉-th smallest duration (at least the
    /// first), never above `maximum`: not below the exact quantile and at most 1/128 above it. `percent` outside
    /// 0 to 100 counts as the nearer end. Complexity: O(4,864).
    public func percentile(_ percent: Double) -> UInt64 {
        guard count > 0 else { return 0 }
        let fraction = max(0, min(100, percent)) / 100
        let exactRank = (fraction * Double(count)).rounded(.up)
        let rank = exactRank >= Double(count) ? count : max(1, UInt64(exactRank))
        var seen: UInt64 = 0
        for index in 0..<Self.slotCount {
            seen &+= slots[index]
            if seen >= rank {
                return index == Self.slotCount - 1 ? maximum : min(maximum, Self.upperEnd(ofSlot: index))
            }
        }
        return maximum
    }

    /// `value` is at most `valueMax`.
    private static func slot(of value: UInt64) -> Int {
        if value < 256 { return Int(truncatingIfNeeded: value) }
        let power = 63 - value.leadingZeroBitCount  // 8 to 43
        let shift = power - stepsPerPowerLog2
        // The top eight bits are 128 to 255; each power above the eighth starts 128 slots after the one before.
        return Int(truncatingIfNeeded: value >> UInt64(truncatingIfNeeded: shift)) + (power - 7) * stepsPerPower
    }

    private static func upperEnd(ofSlot slot: Int) -> UInt64 {
        if slot < 256 { return UInt64(slot) }
        let shift = UInt64(slot / stepsPerPower - 1)
        let step = UInt64(slot % stepsPerPower + stepsPerPower)
        return (step + 1) << shift - 1
    }

    private static func saturatingSum(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    private static func saturatingProduct(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? .max : product
    }
}
