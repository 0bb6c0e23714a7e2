/// The targets met along one numeric feature, in 64 bins of equal width: the quantisation observer of Mastelini and de Leon
/// Ferreira (2021, "Using dynamical quantization to perform split attempts in online tree regressors") with a width that
/// doubles whenever a value lies outside, so that it fits every scale and takes a fixed memory.
///
/// A view of `width` numbers in a leaf's block: first edge, width of a bin (0 while all values were equal, −1 before the
/// first), its inverse, one unused; then for each bin weight, sum and sum of squares of the targets, less a reference value.
@safe struct TargetBins {
    static let binCount = 64
    static let headerCount = 4
    static let width = headerCount + 3 * binCount
    /// One event's part of a sum of squares is at most this, so that sums stay numbers.
    static let squareMax = 1e290

    let numbers: UnsafeMutablePointer<Double>

    init(_ numbers: UnsafeMutablePointer<Double>) { unsafe self.numbers = unsafe numbers }

    func clear() {
        unsafe numbers.update(repeating: 0, count: Self.width)
        unsafe numbers[1] = -1
    }

    /// The upper edge of a bin: the threshold of the split behind it.
    func edge(after bin: Int) -> Double { unsafe numbers[0] + Double(bin + 1) * numbers[1] }

    /// Adds a target (less the reference) at `value`.
    @inline(__always)
    func add(_ value: Double, target: Double, weight: Double) {
        var position = unsafe (value - numbers[0]) * numbers[2]
        if unsafe !(position >= 0 && position < Double(Self.binCount)) || numbers[1] <= 0 { position = makeRoom(value) }
        let bin = unsafe numbers + Self.headerCount + 3 * Int(position)
        unsafe bin[0] += weight
        unsafe bin[1] += weight * target
        unsafe bin[2] += min(weight * target * target, Self.squareMax)
    }

    /// Widens the bins until `value` is in one; its position.
    @inline(never)
    private func makeRoom(_ value: Double) -> Double {
        let size = Double(Self.binCount)
        if unsafe numbers[1] < 0 {
            unsafe numbers[0] = value
            unsafe numbers[1] = 0
        }
        if unsafe numbers[1] == 0 {
            // All so far were equal: they stay in the first or go to the last bin.
            let distance = unsafe value - numbers[0]
            let width = max(abs(distance) / (size - 4), 1e-290)
            guard distance != 0 else { return 0 }
            if distance < 0 {
                let (first, last) = unsafe (numbers + Self.headerCount, numbers + Self.width - 3)
                unsafe last.update(from: first, count: 3)
                unsafe first.update(repeating: 0, count: 3)
            }
            unsafe setScale(origin: distance > 0 ? numbers[0] - width : numbers[0] - (size - 1) * width, width: width)
        }
        while true {
            let position = unsafe (value - numbers[0]) * numbers[2]
            if position >= 0 && position < size { return position }
            unsafe double(downwards: value < numbers[0])
        }
    }

    private func setScale(origin: Double, width: Double) {
        unsafe numbers[0] = origin
        unsafe numbers[1] = width
        unsafe numbers[2] = 1 / width
    }

    /// Merges neighbouring bins, into the lower half or the upper one.
    private func double(downwards: Bool) {
        let (bins, half) = unsafe (numbers + Self.headerCount, Self.binCount / 2)
        let (origin, width) = unsafe (numbers[0], numbers[1])
        for step in 0..<half {
            let target = downwards ? Self.binCount - 1 - step : step
            let source = downwards ? Self.binCount - 2 - 2 * step : 2 * step
            for part in 0..<3 {
                unsafe bins[3 * target + part] = bins[3 * source + part] + bins[3 * source + 3 + part]
            }
        }
        let rest = unsafe downwards ? bins : bins + 3 * half
        unsafe rest.update(repeating: 0, count: 3 * half)
        setScale(origin: downwards ? origin - Double(Self.binCount) * width : origin, width: 2 * width)
    }

    /// Whether the numbers are such as a writer writes.
    var isPlausible: Bool {
        let (origin, width, inverse) = unsafe (numbers[0], numbers[1], numbers[2])
        // Values are within 1e150, and so are the bins around them, or nearly.
        guard origin.magnitude <= 1e152, width <= 1e152 else { return false }
        guard width <= 0 ? inverse == 0 : width >= 1e-290 && inverse == 1 / width else { return false }
        for bin in 0..<Self.binCount {
            let place = unsafe numbers + Self.headerCount + 3 * bin
            guard unsafe place[0] >= 0, unsafe place[0].isFinite, unsafe place[1].isFinite, unsafe place[2].isFinite
            else {
                return false
            }
        }
        return true
    }
}

/// Weight, mean and sum of squared deviations of targets.
struct TargetStatistics: Equatable {
    var count = 0.0
    var mean = 0.0
    var squares = 0.0

    /// Takes a target in (West 1979).
    @inline(__always)
    mutating func add(_ target: Double, weight: Double) {
        count += weight
        let before = target - mean
        mean += before * (weight / count)
        // Below 0 only by rounding, where one event weighs more than all before it.
        squares += max(0, weight * before * (target - mean))
    }

    /// Of sums of targets less `reference`.
    init(weight: Double, sum: Double, squares: Double, reference: Double) {
        count = weight
        mean = weight > 0 ? reference + sum / weight : reference
        self.squares = weight > 0 ? max(0, squares - sum * sum / weight) : 0
    }

    init(count: Double = 0, mean: Double = 0, squares: Double = 0) {
        (self.count, self.mean, self.squares) = (count, mean, squares)
    }

    /// Sample variance, 0 of fewer than two.
    var variance: Double { count > 1 ? squares / (count - 1) : 0 }

    /// What is left when `part` is taken out.
    func without(_ part: TargetStatistics) -> TargetStatistics {
        let rest = count - part.count
        guard rest > 0 else { return TargetStatistics(mean: mean) }
        let restMean = (mean * count - part.mean * part.count) / rest
        let difference = part.mean - restMean
        let restSquares = squares - part.squares - difference * difference * part.count * rest / count
        return TargetStatistics(count: rest, mean: restMean, squares: max(0, restSquares))
    }

    var isPlausible: Bool { count >= 0 && count.isFinite && mean.isFinite && squares >= 0 }
}
