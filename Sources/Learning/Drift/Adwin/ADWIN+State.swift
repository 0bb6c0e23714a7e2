extension ADWIN {
    /// Appends the window; not the parameters, which are the owner's. About 16 bytes a bucket.
    public func encode(into encoder: inout StateEncoder) {
        let rowCount = unsafe state.pointee.rowCount
        unsafe encoder.append(UInt64(state.pointee.untilCheck))
        unsafe encoder.append(state.pointee.startsOverNext)
        unsafe encoder.append(state.pointee.total)
        unsafe encoder.append(state.pointee.squares)
        encoder.append(UInt8(truncatingIfNeeded: rowCount))
        guard let counts = unsafe state.pointee.counts, let buckets = unsafe state.pointee.buckets else { return }
        for row in 0..<rowCount {
            unsafe encoder.append(UInt8(truncatingIfNeeded: counts[row]))
            for slot in unsafe 0..<counts[row] {
                let bucket = unsafe buckets[row * rowStride + slot]
                encoder.append(bucket.x)
                if row > 0 { encoder.append(bucket.y) }
            }
        }
    }

    /// Replaces the window by an encoded one of a detector with the same parameters; on an error it is unchanged.
    public func decode(from decoder: inout StateDecoder) throws(StateError) {
        replace(by: try Decoded(from: &decoder, parameters: parameters))
    }

    /// A window that was read and checked and is not yet anyone's, so that an owner of many can read all before it takes any.
    public struct Decoded: Sendable {
        var untilCheck: Int
        var startsOverNext: Bool
        var total: Double
        var squares: Double
        var counts: [Int] = []
        var buckets: [Bucket] = []

        /// Reads what ``ADWIN/encode(into:)`` wrote for a detector with `parameters`.
        public init(from decoder: inout StateDecoder, parameters: Parameters) throws(StateError) {
            let untilCheck = try decoder.uint64()
            guard untilCheck >= 1, untilCheck <= UInt64(parameters.clock) else { throw .corrupt }
            self.untilCheck = Int(untilCheck)
            startsOverNext = try decoder.flag()
            guard !startsOverNext || parameters.afterDetection == .startsOver else { throw .corrupt }
            total = try decoder.double()
            squares = try decoder.double()
            // The sum of squares of hostile numbers can be infinite; it cannot be negative or NaN.
            guard total.isFinite, squares >= 0 else { throw .corrupt }
            let rowCount = Int(try decoder.byte())
            guard rowCount <= ADWIN.rowCountMax else { throw .corrupt }
            for row in 0..<rowCount {
                let count = Int(try decoder.byte())
                guard (1...parameters.bucketCountMax).contains(count) else { throw .corrupt }
                counts.append(count)
                for _ in 0..<count {
                    let bucket = Bucket(try decoder.double(), row > 0 ? try decoder.double() : 0)
                    guard bucket.x.isFinite, bucket.y >= 0 else { throw .corrupt }
                    buckets.append(bucket)
                }
            }
            guard rowCount > 0 || (total == 0 && squares == 0) else { throw .corrupt }
        }
    }

    /// Takes over a window that was read with the same parameters.
    public func replace(by window: Decoded) {
        reset()
        reserveRows(window.counts.count)
        unsafe state.pointee.untilCheck = window.untilCheck
        unsafe state.pointee.startsOverNext = window.startsOverNext
        unsafe state.pointee.total = window.total
        unsafe state.pointee.squares = window.squares
        guard let counts = unsafe state.pointee.counts, let buckets = unsafe state.pointee.buckets else { return }
        var next = 0
        for (row, count) in window.counts.enumerated() {
            unsafe counts[row] = count
            for slot in 0..<count { unsafe buckets[row * rowStride + slot] = window.buckets[next + slot] }
            next += count
            unsafe state.pointee.width += count << row
        }
        unsafe state.pointee.rowCount = window.counts.count
    }
}
