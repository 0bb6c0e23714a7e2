/// ADWIN: an adaptive window over a stream of numbers, cut as soon as two parts of it have different means (Bifet &
/// Gavaldà 2007, "Learning from Time-Changing Data with Adaptive Windowing").
///
/// The window is an exponential histogram: row r holds up to `bucketCountMax` buckets of 2^r values each, so that a window
/// of W values takes O(log W) memory. Every `clock` updates every boundary between two buckets is tried, the oldest first;
/// while one splits the window into parts whose means differ by more than
/// √(2·h·V·L) + (2/3)·L·h, the oldest bucket is dropped. V is the window's variance, L = ln(2·ln(width)/delta) and
/// h = 1/(n₀−m+1) + 1/(n₁−m+1) with m = `partCountMin`.
///
/// A value that is not finite or outside ``LearnableRange`` is ignored: nothing changes.
///
/// Everything lies behind one pointer, so that a detector is eight bytes, can be a `let` in a class (no exclusivity check
/// per access) and can lie in flat memory by the hundred. Not thread-safe. It allocates only when a row appears that the
/// detector has not had before: about log₂ of the longest window times in all.
@safe public struct ADWIN: ~Copyable {
    typealias Bucket = SIMD2<Double>

    /// Rows beyond this many do not appear: the oldest values are dropped instead, from 10^10 values on.
    static let rowCountMax = 32

    let state: UnsafeMutablePointer<State>

    /// What changes, and the parameters beside it.
    @safe struct State {
        let parameters: Parameters
        var width = 0
        var total: Double = 0
        /// Sum of squared deviations from the window's mean.
        var squares: Double = 0
        var untilCheck: Int
        var startsOverNext = false
        var rowCount = 0
        var rowCapacity = 0
        /// `bucketCountMax` + 1 slots per row, the oldest bucket of the row first: (sum, squared deviations from its mean).
        var buckets: UnsafeMutablePointer<Bucket>?
        /// How many slots of each row are in use.
        var counts: UnsafeMutablePointer<Int>?
    }

    /// A detector with an empty window. Parameters outside their ranges are a programming error.
    public init(_ parameters: Parameters = Parameters()) {
        precondition(parameters.isValid)
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State(parameters: parameters, untilCheck: parameters.clock))
    }

    deinit {
        unsafe state.pointee.buckets?.deallocate()
        unsafe state.pointee.counts?.deallocate()
        unsafe state.deallocate()
    }

    /// The parameters it was made with.
    public var parameters: Parameters { unsafe state.pointee.parameters }
    /// How many values the window holds.
    public var width: Int { unsafe state.pointee.width }
    /// Sum of the window's values.
    public var total: Double { unsafe state.pointee.total }
    /// Mean of the window, 0 when it is empty. Right after a detection it is the mean of what was kept, whatever
    /// ``AfterDetection`` says about the next value.
    public var estimation: Double { width > 0 ? total / Double(width) : 0 }
    /// Population variance of the window, 0 when it is empty.
    public var variance: Double { unsafe width > 0 ? state.pointee.squares / Double(width) : 0 }
    /// Bytes of memory of its own; at most a few kilobytes.
    public var memoryByteCount: Int {
        let rowBytes = rowStride * MemoryLayout<Bucket>.stride + MemoryLayout<Int>.stride
        return unsafe MemoryLayout<State>.stride + state.pointee.rowCapacity * rowBytes
    }

    /// Forgets the window, as a new detector with the same memory.
    public func reset() {
        unsafe state.pointee.width = 0
        unsafe state.pointee.total = 0
        unsafe state.pointee.squares = 0
        unsafe state.pointee.untilCheck = state.pointee.parameters.clock
        unsafe state.pointee.startsOverNext = false
        unsafe state.pointee.rowCount = 0
    }

    /// Takes one value into the window; true when the means of its old and new part differ, after which the old buckets
    /// are gone.
    ///
    /// Complexity: O(1) amortised, O(log width) every `clock` updates.
    @inline(__always)
    public func update(_ value: Double) -> Bool {
        guard abs(value) <= LearnableRange.magnitudeMax else { return false }
        if unsafe state.pointee.startsOverNext { reset() }
        insert(value)
        unsafe state.pointee.untilCheck &-= 1
        guard unsafe state.pointee.untilCheck == 0 else { return false }
        return check()
    }

    var rowStride: Int { unsafe state.pointee.parameters.bucketCountMax + 1 }
}

// MARK: - Parameters

extension ADWIN {
    /// What happens with the window after a detection.
    public enum AfterDetection: Sendable, Equatable {
        /// The recent buckets stay and the window goes on, as published.
        case keepsRecent
        /// The next value starts a new window, as if the detector were new.
        case startsOver
    }

    /// Parameters of the detector; the defaults are the usual ones.
    public struct Parameters: Sendable, Equatable {
        /// Confidence: the smaller, the fewer detections; 1e-300 to 1.
        public var delta = 0.002
        /// A check for a change every that many updates; at least 1.
        public var clock = 32
        /// Buckets per row before two of them merge; 2 to 64. More are finer cut points and more memory.
        public var bucketCountMax = 5
        /// Least number of values on either side of a cut; at least 1.
        public var partCountMin = 5
        /// No check while the window holds no more values than this; at least 1.
        public var grace = 10
        /// What happens with the window after a detection.
        public var afterDetection = AfterDetection.keepsRecent

        /// The usual parameters with another confidence and a choice of what follows a detection.
        public init(delta: Double = 0.002, afterDetection: AfterDetection = .keepsRecent) {
            self.delta = delta
            self.afterDetection = afterDetection
        }

        var isValid: Bool {
            delta >= 1e-300 && delta <= 1 && clock >= 1 && (2...64).contains(bucketCountMax) && partCountMin >= 1
                && grace >= 1
        }
    }
}
