/// Sorts scores with their classes (``RankedScores/keys``) in linear time.
///
/// Digit by digit from the lowest (radix sort), over a number of 33 bits that ascends with the score and nearly tells all
/// scores apart (``ProbabilityOrder/Cells``): three passes. Scores that share it are sorted by all their bits: a few by insertion,
/// many, as a model that is sure of everything has them below 2^-16, by the same method.
enum ScoreSort {
    private static let order = ProbabilityOrder.Cells(octaves: 15, bits: 28)
    private static let digitBits = 11
    private static let digitCount = 1 << digitBits
    /// Up to so many scores are sorted by insertion: below it the counters of a radix sort cost more.
    private static let insertionMax = 64

    /// Gives `body` the keys in ascending order of their scores; those of one score in any order. Takes 16 bytes a key.
    static func ascending(_ keys: [UInt64], _ body: (UnsafeBufferPointer<UInt64>) -> Void) {
        let first = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: keys.count)
        let second = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: keys.count)
        defer {
            unsafe first.deallocate()
            unsafe second.deallocate()
        }
        let order = order
        let code = { (key: UInt64) in order[key >> 1] }
        var counts = DigitCounts(passes: 3)
        for key in keys { counts.add(code(key)) }
        counts.makeStarts()
        unsafe keys.withUnsafeBufferPointer { keys in
            unsafe scatter(keys, to: first, pass: 0, &counts, by: code)
            unsafe scatter(UnsafeBufferPointer(first), to: second, pass: 1, &counts, by: code)
            unsafe scatter(UnsafeBufferPointer(second), to: first, pass: 2, &counts, by: code)
        }
        unsafe sortRuns(of: first, scratch: second, by: code)
        unsafe body(UnsafeBufferPointer(first))
    }

    /// How often each digit occurs in each pass, then where its next key goes.
    private struct DigitCounts {
        let passes: Int
        var starts: [Int]

        init(passes: Int) {
            self.passes = passes
            starts = Array(repeating: 0, count: passes * digitCount)
        }

        @inline(__always)
        static func digit(_ code: UInt64, _ pass: Int) -> Int {
            Int(truncatingIfNeeded: code >> UInt64(pass * digitBits)) & (digitCount - 1)
        }

        @inline(__always)
        mutating func add(_ code: UInt64) {
            for pass in 0..<passes { starts[pass * digitCount + Self.digit(code, pass)] += 1 }
        }

        mutating func makeStarts() {
            for pass in 0..<passes {
                var total = 0
                for index in pass * digitCount..<(pass + 1) * digitCount {
                    let count = starts[index]
                    starts[index] = total
                    total += count
                }
            }
        }
    }

    @inline(__always)
    private static func scatter(
        _ source: UnsafeBufferPointer<UInt64>, to target: UnsafeMutableBufferPointer<UInt64>, pass: Int,
        _ counts: inout DigitCounts, by code: (UInt64) -> UInt64
    ) {
        unsafe counts.starts.withUnsafeMutableBufferPointer { starts in
            let starts = unsafe UnsafeMutableBufferPointer(
                rebasing: starts[pass * digitCount..<(pass + 1) * digitCount])
            for index in 0..<source.count {
                let key = unsafe source[index]
                let digit = DigitCounts.digit(code(key), pass)
                unsafe target.initializeElement(at: starts[digit], to: key)
                unsafe starts[digit] += 1
            }
        }
    }

    /// Sorts every run of keys with equal codes by score.
    @inline(__always)
    private static func sortRuns(
        of keys: UnsafeMutableBufferPointer<UInt64>, scratch: UnsafeMutableBufferPointer<UInt64>,
        by code: (UInt64) -> UInt64
    ) {
        var index = 1
        while index < keys.count {
            guard unsafe keys[index] >> 1 < keys[index - 1] >> 1 else {
                index += 1
                continue
            }
            let shared = unsafe code(keys[index])
            var start = index - 1
            while start > 0, unsafe code(keys[start - 1]) == shared { start -= 1 }
            while index < keys.count, unsafe code(keys[index]) == shared { index += 1 }
            let run = unsafe UnsafeMutableBufferPointer(rebasing: keys[start..<index])
            if run.count <= insertionMax {
                unsafe sortByInsertion(run)
            } else {
                unsafe sortByAllBits(run, scratch: UnsafeMutableBufferPointer(rebasing: scratch[start..<index]))
            }
        }
    }

    private static func sortByInsertion(_ keys: UnsafeMutableBufferPointer<UInt64>) {
        for index in 1..<keys.count {
            let key = unsafe keys[index]
            var hole = index
            while hole > 0, unsafe keys[hole - 1] > key {
                unsafe keys[hole] = keys[hole - 1]
                hole -= 1
            }
            unsafe keys[hole] = key
        }
    }

    /// Six digits, of which those that are the same in all keys are left out.
    @inline(never)
    private static func sortByAllBits(
        _ keys: UnsafeMutableBufferPointer<UInt64>, scratch: UnsafeMutableBufferPointer<UInt64>
    ) {
        var counts = DigitCounts(passes: 6)
        for index in 0..<keys.count { unsafe counts.add(keys[index]) }
        let needed = (0..<6).filter { pass in
            let first = unsafe DigitCounts.digit(keys[0], pass)
            return counts.starts[pass * digitCount + first] < keys.count
        }
        counts.makeStarts()
        var (source, target) = unsafe (keys, scratch)
        for pass in needed {
            unsafe scatter(UnsafeBufferPointer(source), to: target, pass: pass, &counts) { $0 }
            unsafe swap(&source, &target)
        }
        if needed.count % 2 == 1 { _ = unsafe keys.update(fromContentsOf: source) }
    }
}
