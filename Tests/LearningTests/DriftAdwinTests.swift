// Goal: ADWIN is the published algorithm and finds exactly the changes that the reference finds; it never traps, grows only
// with the logarithm of its window, and continues from its encoded state to the bit. Method: the reference's index lists, a
// second implementation that keeps every value, round trips at every position, damaged states, hostile numbers.
import Learning
import Testing

@Suite struct DriftAdwinTests {
    @Test func findsWhatTheReferenceFinds() throws {
        for stream in try DriftStream.all() {
            let detector = ADWIN(ADWIN.Parameters(afterDetection: .startsOver))
            let found = stream.values.indices.filter { detector.update(stream.values[$0]) }
            #expect(found == stream.detections["ADWIN"]?.drift, "\(stream.name)")
        }
    }

    /// Keeps all values of the window and the bucket borders, and computes everything anew at each check.
    private struct PlainWindow {
        let parameters: ADWIN.Parameters
        var values: [Double] = []
        /// Sizes of the buckets, the oldest first.
        var sizes: [Int] = []
        var updateCount = 0

        mutating func update(_ value: Double) -> Bool {
            values.append(value)
            sizes.append(1)
            var size = 1
            while let newest = sizes.firstIndex(of: size),
                sizes.filter({ $0 == size }).count > parameters.bucketCountMax
            {
                sizes[newest] = 2 * size
                sizes.remove(at: newest + 1)
                size *= 2
            }
            updateCount += 1
            guard updateCount % parameters.clock == 0 else { return false }
            var isChanged = false
            while values.count > parameters.grace, hasCut() {
                isChanged = true
                values.removeFirst(sizes.removeFirst())
            }
            return isChanged
        }

        private func hasCut() -> Bool {
            let variance = Self.variance(values)
            let strictness = Self.log(2 * Self.log(Double(values.count)) / parameters.delta)
            var border = 0
            for size in sizes.dropLast() {
                border += size
                let (old, new) = (values[..<border], values[border...])
                guard min(old.count, new.count) >= parameters.partCountMin else { continue }
                let harmonic =
                    1 / Double(old.count - parameters.partCountMin + 1)
                    + 1 / Double(new.count - parameters.partCountMin + 1)
                let bound = (2 * harmonic * variance * strictness).squareRoot() + 2 / 3 * strictness * harmonic
                if abs(Self.mean(old) - Self.mean(new)) > bound { return true }
            }
            return false
        }

        static func mean(_ values: some Collection<Double>) -> Double { values.reduce(0, +) / Double(values.count) }

        static func variance(_ values: [Double]) -> Double {
            let mean = mean(values)
            return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        }

        /// By the integral of 1/x: slow, and nothing that the detector uses. Simpson's rule on e-folds of at most 1/8.
        static func log(_ number: Double) -> Double {
            var (sum, low) = (0.0, 1.0)
            while low < number {
                let high = min(number, low * 1.125)
                let step = (high - low) / 64
                for piece in 0..<64 {
                    let left = low + Double(piece) * step
                    sum += step / 6 * (1 / left + 4 / (left + step / 2) + 1 / (left + step))
                }
                low = high
            }
            return sum
        }
    }

    /// Levels that jump now and then, with noise.
    static func steps(count: Int, seed: UInt64, noise: Double = 1) -> [Double] {
        var generator = SeededGenerator(seed: seed)
        var level = 0.0
        return (0..<count).map { _ in
            if Double.random(in: 0..<1, using: &generator) < 0.004 {
                level = Double.random(in: -3...3, using: &generator)
            }
            return level + noise * Double.random(in: -1...1, using: &generator)
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func keepsTheWindowOfTheDefinition(seed: UInt64) {
        var parameters = ADWIN.Parameters(delta: seed == 1 ? 0.002 : 0.3)
        if seed == 3 { (parameters.clock, parameters.partCountMin, parameters.grace) = (1, 1, 1) }
        if seed == 4 { (parameters.clock, parameters.bucketCountMax, parameters.partCountMin) = (7, 2, 9) }
        let detector = ADWIN(parameters)
        var plain = PlainWindow(parameters: parameters)
        var detectionCount = 0
        for (index, value) in Self.steps(count: 4000, seed: seed).enumerated() {
            let isChanged = detector.update(value)
            #expect(isChanged == plain.update(value), "seed \(seed), value \(index)")
            #expect(detector.width == plain.values.count)
            if isChanged { detectionCount += 1 }
            guard isChanged || index % 97 == 0 else { continue }
            #expect(isNear(detector.estimation, PlainWindow.mean(plain.values)))
            #expect(isNear(detector.variance, PlainWindow.variance(plain.values)))
        }
        #expect(detectionCount > 3)
    }

    @Test func afterADetectionTheRecentPartIsKeptOrTheNextValueStartsOver() {
        let keeping = ADWIN()
        let startingOver = ADWIN(ADWIN.Parameters(afterDetection: .startsOver))
        var detectionCount = 0
        for value in Self.steps(count: 3000, seed: 9) {
            guard startingOver.update(value) else {
                if detectionCount == 0 {
                    let isChanged = keeping.update(value)
                    #expect(!isChanged)
                }
                continue
            }
            if detectionCount == 0 {
                let isChanged = keeping.update(value)
                #expect(isChanged)
                #expect(keeping.width == startingOver.width)
                #expect(keeping.estimation == startingOver.estimation)
                let kept = keeping.width
                _ = keeping.update(value)
                #expect(keeping.width == kept + 1)
            }
            detectionCount += 1
            _ = startingOver.update(value)
            #expect(startingOver.width == 1)
            #expect(startingOver.estimation == value)
        }
        #expect(detectionCount > 1)
    }

    @Test(arguments: [ADWIN.AfterDetection.keepsRecent, .startsOver])
    func continuesFromItsStateToTheBit(afterDetection: ADWIN.AfterDetection) throws {
        let parameters = ADWIN.Parameters(delta: 0.05, afterDetection: afterDetection)
        let values = Self.steps(count: 3000, seed: 5)
        let detector = ADWIN(parameters)
        let restored = ADWIN(parameters)
        for value in values {
            let isChanged = detector.update(value)
            let isRestoredChanged = restored.update(value)
            #expect(isRestoredChanged == isChanged)
            let bytes = Self.bytes(of: detector)
            let restoredBytes = Self.bytes(of: restored)
            #expect(restoredBytes == bytes)
            var decoder = StateDecoder(bytes)
            try restored.decode(from: &decoder)
            #expect(decoder.isAtEnd)
            #expect(restored.width == detector.width)
        }
    }

    private static func bytes(of detector: borrowing ADWIN) -> [UInt8] {
        var encoder = StateEncoder()
        detector.encode(into: &encoder)
        return encoder.bytes
    }

    @Test func damagedStatesAreRefusedOrHarmless() {
        let parameters = ADWIN.Parameters(afterDetection: .startsOver)
        let detector = ADWIN(parameters)
        for value in Self.steps(count: 500, seed: 6) { _ = detector.update(value) }
        let bytes = Self.bytes(of: detector)
        for count in bytes.indices {
            var decoder = StateDecoder(Array(bytes[..<count]))
            #expect(throws: StateError.truncated) {
                _ = try ADWIN.Decoded(from: &decoder, parameters: parameters)
            }
            try? detector.decode(from: &decoder)
            let detectorBytes = Self.bytes(of: detector)
            #expect(detectorBytes == bytes)
        }
        var generator = SeededGenerator(seed: 7)
        var refusedCount = 0
        for round in 0..<4000 {
            var damaged = bytes
            let at = round < bytes.count ? round : Int.random(in: 0..<bytes.count, using: &generator)
            damaged[at] = UInt8.random(in: 0...255, using: &generator)
            var decoder = StateDecoder(damaged)
            let victim = ADWIN(ADWIN.Parameters(afterDetection: .startsOver))
            do {
                try victim.decode(from: &decoder)
                for value in 0..<200 { _ = victim.update(Double(value % 7)) }
            } catch {
                refusedCount += 1
                #expect(victim.width == 0)
            }
        }
        #expect(refusedCount > 100)
    }

    @Test func whatIsNoUsableNumberIsIgnored() {
        let detector = ADWIN()
        for value in Self.steps(count: 100, seed: 8) { _ = detector.update(value) }
        let before = Self.bytes(of: detector)
        for value in [Double.nan, .signalingNaN, .infinity, -.infinity, 1.1e150, -.greatestFiniteMagnitude] {
            let isChanged = detector.update(value)
            #expect(!isChanged)
        }
        let detectorBytes = Self.bytes(of: detector)
        #expect(detectorBytes == before)
    }

    @Test func hostileNumbersNeitherTrapNorStay() {
        var generator = SeededGenerator(seed: 10)
        let hostile = [1e150, -1e150, Double.leastNonzeroMagnitude, -0.0, 1e-300, 1e16, 0.1]
        let detector = ADWIN()
        for _ in 0..<20_000 { _ = detector.update(hostile[Int.random(in: 0..<hostile.count, using: &generator)]) }
        #expect(detector.estimation.isFinite)
        #expect(detector.variance >= 0)
        // A huge value that has left the window leaves nothing behind.
        let healed = ADWIN()
        for _ in 0..<1000 { _ = healed.update(1e15) }
        for index in 0..<4000 { _ = healed.update(Double(index % 2) * 0.25) }
        #expect(healed.width <= 4000)
        #expect(isNear(healed.estimation, 0.125, 1e-3))
        #expect(isNear(healed.variance, 0.015625, 1e-3))
    }

    @Test func memoryGrowsWithTheLogarithmOfTheWindow() {
        let detector = ADWIN()
        #expect(detector.memoryByteCount < 150)
        var sizes: Set<Int> = []
        for index in 0..<300_000 {
            _ = detector.update(Double(index % 2))
            sizes.insert(detector.memoryByteCount)
        }
        #expect(detector.width == 300_000)
        #expect(sizes.count <= 4)
        #expect(detector.memoryByteCount < 4096)
        detector.reset()
        #expect(detector.width == 0)
        #expect(detector.estimation == 0)
        #expect(detector.variance == 0)
    }

    @Test func aConstantStreamNeverChanges() {
        let detector = ADWIN(ADWIN.Parameters(delta: 0.5))
        let detectionCount = (0..<50_000).count { _ in detector.update(0.1) }
        #expect(detectionCount == 0)
        #expect(detector.variance < 1e-20)
    }
}
