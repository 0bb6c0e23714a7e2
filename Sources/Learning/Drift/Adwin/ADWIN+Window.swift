extension ADWIN {
    /// Adds a value as the newest bucket and merges the two oldest of every row that is too full.
    @inline(__always)
    func insert(_ value: Double) {
        let earlier = Double(width)
        if earlier > 0 {
            let deviation = unsafe value - state.pointee.total / earlier
            unsafe state.pointee.squares += deviation * deviation * earlier / (earlier + 1)
        }
        unsafe state.pointee.width &+= 1
        unsafe state.pointee.total += value
        if unsafe state.pointee.rowCount == 0 { addRow() }
        guard let counts = unsafe state.pointee.counts, let buckets = unsafe state.pointee.buckets else { return }
        let count = unsafe counts[0]
        unsafe buckets[count] = Bucket(value, 0)
        unsafe counts[0] = count &+ 1
        if count == rowStride &- 1 { mergeFullRows() }
    }

    /// Merges the two oldest buckets of the full row 0 into row 1, and so on as long as that makes the next row full.
    private func mergeFullRows() {
        let stride = rowStride
        var row = 0
        // n₁·n₂·(mean₁ − mean₂)²/(n₁+n₂) of two buckets of 2^row values is (sum₁ − sum₂)² · 2^−(row+1), to the bit.
        var scale = 0.5
        while true {
            if unsafe row &+ 1 == state.pointee.rowCount {
                guard row &+ 1 < Self.rowCountMax else { return dropOldest() }
                addRow()
            }
            guard let counts = unsafe state.pointee.counts, let buckets = unsafe state.pointee.buckets else { return }
            let slots = unsafe buckets + row &* stride
            let difference = unsafe slots[0].x - slots[1].x
            var merged = unsafe slots[0] + slots[1]
            merged.y += difference * difference * scale
            for slot in 2..<stride { unsafe slots[slot &- 2] = slots[slot] }
            unsafe counts[row] = stride &- 2
            row &+= 1
            let count = unsafe counts[row]
            unsafe slots[stride &+ count] = merged
            unsafe counts[row] = count &+ 1
            guard count == stride &- 1 else { return }
            scale *= 0.5
        }
    }

    /// An empty row after the last; more memory when there was never one.
    @inline(never)
    private func addRow() {
        let row = unsafe state.pointee.rowCount
        reserveRows(row + 1)
        unsafe state.pointee.counts?[row] = 0
        unsafe state.pointee.rowCount = row + 1
    }

    /// Memory for that many rows at least: 4, 8, 16 or 32.
    func reserveRows(_ count: Int) {
        let (old, stride) = unsafe (state.pointee.rowCapacity, rowStride)
        guard count > old else { return }
        var capacity = max(4, old)
        while capacity < count { capacity *= 2 }
        let buckets = UnsafeMutablePointer<Bucket>.allocate(capacity: capacity * stride)
        let counts = UnsafeMutablePointer<Int>.allocate(capacity: capacity)
        unsafe buckets.initialize(repeating: .zero, count: capacity * stride)
        unsafe counts.initialize(repeating: 0, count: capacity)
        if let oldBuckets = unsafe state.pointee.buckets, let oldCounts = unsafe state.pointee.counts {
            unsafe buckets.update(from: oldBuckets, count: old * stride)
            unsafe counts.update(from: oldCounts, count: old)
            unsafe oldBuckets.deallocate()
            unsafe oldCounts.deallocate()
        }
        unsafe state.pointee.buckets = unsafe buckets
        unsafe state.pointee.counts = unsafe counts
        unsafe state.pointee.rowCapacity = capacity
    }

    /// Drops the oldest bucket. The sums are then taken anew over the buckets: subtracting would leave the rounding errors
    /// of a huge value behind for ever.
    func dropOldest() {
        guard let counts = unsafe state.pointee.counts, let buckets = unsafe state.pointee.buckets else { return }
        let stride = rowStride
        let last = unsafe state.pointee.rowCount - 1
        guard last >= 0 else { return }
        let slots = unsafe buckets + last * stride
        let count = unsafe counts[last]
        for slot in 1..<count { unsafe slots[slot - 1] = slots[slot] }
        unsafe counts[last] = count - 1
        if count == 1 { unsafe state.pointee.rowCount = last }
        sumBuckets()
    }

    /// Width, total and squared deviations of the window from its buckets, the oldest first.
    private func sumBuckets() {
        guard let counts = unsafe state.pointee.counts, let buckets = unsafe state.pointee.buckets else { return }
        var (width, total, squares) = (0, 0.0, 0.0)
        for row in unsafe (0..<state.pointee.rowCount).reversed() {
            let size = 1 << row
            for slot in unsafe 0..<counts[row] {
                let bucket = unsafe buckets[row * rowStride + slot]
                if width > 0 {
                    let (n0, n1) = (Double(width), Double(size))
                    let difference = total / n0 - bucket.x / n1
                    squares += bucket.y + n0 * n1 * difference * difference / (n0 + n1)
                } else {
                    squares = bucket.y
                }
                width += size
                total += bucket.x
            }
        }
        unsafe state.pointee.width = width
        unsafe state.pointee.total = total
        unsafe state.pointee.squares = squares
    }
}

// MARK: - Checking

extension ADWIN {
    /// Drops the oldest bucket for as long as some boundary between two buckets is a cut.
    @inline(never)
    func check() -> Bool {
        unsafe state.pointee.untilCheck = state.pointee.parameters.clock
        var isChanged = false
        while unsafe width > state.pointee.parameters.grace, hasCut() {
            isChanged = true
            dropOldest()
        }
        if unsafe isChanged && state.pointee.parameters.afterDetection == .startsOver {
            unsafe state.pointee.startsOverNext = true
        }
        return isChanged
    }

    private func hasCut() -> Bool {
        guard let counts = unsafe state.pointee.counts, let buckets = unsafe state.pointee.buckets else { return false }
        let (window, mean, stride) = (Double(width), estimation, rowStride)
        let partMin = unsafe Double(state.pointee.parameters.partCountMin)
        let strictness = unsafe logarithm(2 * logarithm(window) / state.pointee.parameters.delta)
        let spread = 2 * variance * strictness
        // A cut needs difference² > h·spread. With g = Σ(x − mean) over the old part the difference is g·W/(n₀·n₁), and h is
        // (a+b)/(a·b) with a = n₀−m+1, b = n₁−m+1: a product rules out nearly all boundaries, without root or division and
        // with a margin that swallows rounding. Only what is left is computed as defined.
        let limit = spread * (window - 2 * partMin + 2) / (window * window) * (1 - 1e-6)
        var (oldCount, excess) = (0.0, 0.0)
        for row in unsafe (0..<state.pointee.rowCount).reversed() {
            let size = Double(1 << row)
            let slots = unsafe buckets + row &* stride
            // The newest value alone is never the whole new part.
            let slotCount = unsafe row > 0 ? counts[row] : counts[0] &- 1
            var slot = 0
            while slot < slotCount {
                oldCount += size
                unsafe excess += slots[slot].x - mean * size
                slot &+= 1
                let newCount = window - oldCount
                let (old, new, product) = (oldCount - partMin + 1, newCount - partMin + 1, oldCount * newCount)
                if excess * excess * (old * new) <= limit * (product * product) { continue }
                guard old >= 1, new >= 1 else { continue }
                let harmonic = 1 / old + 1 / new
                let bound = (harmonic * spread).squareRoot() + 2 / 3 * strictness * harmonic
                if abs(excess) * window / product > bound { return true }
            }
        }
        return false
    }
}
