// Goal: every detector keeps the contract of `DriftDetector`. Method: one suite over all of them, on random streams whose
// error rate jumps; seeds are in the messages.
import Learning
import Testing

@Suite struct DriftContractTests {
    /// Errors whose rate jumps every 100 to 400 values; for detectors of any number with a fraction added.
    static func stream(_ recipe: DetectorRecipe, count: Int, seed: UInt64) -> [Double] {
        var generator = SeededGenerator(seed: seed)
        var (rate, rest) = (0.2, 200)
        return (0..<count).map { _ in
            rest -= 1
            if rest == 0 {
                rate = Double.random(in: 0.02...0.9, using: &generator)
                rest = Int.random(in: 100...400, using: &generator)
            }
            let error = Double.random(in: 0..<1, using: &generator) < rate ? 1.0 : 0
            guard recipe.type.acceptedValues != 0...1, seed % 2 == 0 else { return error }
            return error + Double.random(in: 0..<0.3, using: &generator)
        }
    }

    @Test(arguments: DetectorRecipe.all.indices, [UInt64(1), 2, 3, 4])
    func sameValuesSameSignalsAndStatesAndBothHappen(index: Int, seed: UInt64) throws {
        let recipe = DetectorRecipe.all[index]
        let (first, second) = (try recipe.detector(), try recipe.detector())
        var counts: [DriftSignal: Int] = [:]
        for value in Self.stream(recipe, count: 4000, seed: seed) {
            let signal = first.update(value)
            #expect(second.update(value) == signal)
            counts[signal, default: 0] += 1
            #expect(first.isWarning == (signal == .warning || signal == .warningBegins))
        }
        #expect(first.encoded == second.encoded)
        #expect(counts[.drift, default: 0] > 1, "\(recipe.name), seed \(seed)")
        #expect(counts[.stable, default: 0] > 1000)
        #expect((counts[.warningBegins, default: 0] > 0) == recipe.type.hasWarnings, "\(recipe.name), seed \(seed)")
    }

    @Test(arguments: DetectorRecipe.all.indices) func afterADriftItIsAsNew(index: Int) throws {
        let recipe = DetectorRecipe.all[index]
        // Whose random numbers go on is not as new.
        guard recipe.name != "kswin" else { return }
        let detector = try recipe.detector()
        var fresh: (any DriftDetector)?
        var comparedCount = 0
        for value in Self.stream(recipe, count: 3000, seed: 8) {
            let signal = detector.update(value)
            if let fresh {
                #expect(fresh.update(value) == signal)
                #expect(fresh.encoded == detector.encoded)
                comparedCount += 1
            }
            if signal == .drift { fresh = try recipe.detector() }
        }
        #expect(comparedCount > 500)
    }

    @Test(arguments: DetectorRecipe.all.indices, [UInt64(5), 6])
    func restoredEqualsNeverStopped(index: Int, seed: UInt64) throws {
        let recipe = DetectorRecipe.all[index]
        let (undisturbed, restored) = (try recipe.detector(), try recipe.detector())
        for (position, value) in Self.stream(recipe, count: 2500, seed: seed).enumerated() {
            #expect(undisturbed.update(value) == restored.update(value), "\(recipe.name), value \(position)")
            guard position % 3 == 0 else { continue }
            let bytes = undisturbed.encoded
            try restored.restore(bytes)
            #expect(restored.encoded == bytes)
            #expect(restored.isWarning == undisturbed.isWarning)
        }
    }

    @Test(arguments: DetectorRecipe.all.indices) func whatIsNotAcceptedChangesNothing(index: Int) throws {
        let recipe = DetectorRecipe.all[index]
        let detector = try recipe.detector()
        #expect(detector.acceptedValues == recipe.type.acceptedValues)
        var hostile = [Double.nan, .signalingNaN, .infinity, -.infinity, 1.0001e150, -.greatestFiniteMagnitude]
        if recipe.type.acceptedValues == 0...1 { hostile += [-1e-300, 1.0000000000000002, 1e150, -1] }
        for value in Self.stream(recipe, count: 700, seed: 9) {
            _ = detector.update(value)
            let (before, wasWarning) = (detector.encoded, detector.isWarning)
            for value in hostile {
                #expect(detector.update(value) == (wasWarning ? .warning : .stable))
            }
            #expect(detector.encoded == before)
        }
    }

    /// Every accepted number, however extreme, is taken without a trap, and what was encoded after it decodes.
    @Test(arguments: DetectorRecipe.all.indices) func hostileMagnitudesNeverTrapAndDecode(index: Int) throws {
        let recipe = DetectorRecipe.all[index]
        let detector = try recipe.detector()
        var generator = SeededGenerator(seed: 11)
        let isUnit = recipe.type.acceptedValues == 0...1
        let values: [Double] =
            isUnit
            ? [0, 1, -0.0, .leastNonzeroMagnitude, 0.5, 1 - 0x1p-53, 1e-200]
            : [1e150, -1e150, 0, -0.0, .leastNonzeroMagnitude, 1e-200, 1e16, 0.1]
        for position in 0..<6000 {
            _ = detector.update(values[Int.random(in: 0..<values.count, using: &generator)])
            if position % 50 == 0 { try detector.restore(detector.encoded) }
        }
        for value in values {
            detector.reset()
            for _ in 0..<300 { _ = detector.update(value) }
            try detector.restore(detector.encoded)
        }
    }

    @Test(arguments: DetectorRecipe.all.indices) func damageIsRefusedAndLeavesTheDetectorAsItWas(index: Int) throws {
        let recipe = DetectorRecipe.all[index]
        let detector = try recipe.detector()
        for value in Self.stream(recipe, count: 333, seed: 12) { _ = detector.update(value) }
        let bytes = detector.encoded
        let victim = try recipe.detector()
        let untouched = victim.encoded
        for count in bytes.indices { #expect(throws: StateError.self) { try victim.restore(Array(bytes[..<count])) } }
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: StateError.self) { try victim.restore(flipped) }
        }
        #expect(victim.encoded == untouched)
        try victim.restore(bytes)
        #expect(victim.encoded == bytes)
    }

    /// A state whose frame is sound may still say what no writer writes: such numbers are refused or do no harm.
    @Test(arguments: DetectorRecipe.all.indices) func forgedStatesNeverTrap(index: Int) throws {
        let recipe = DetectorRecipe.all[index]
        let detector = try recipe.detector()
        for value in Self.stream(recipe, count: 333, seed: 13) { _ = detector.update(value) }
        let bytes = detector.encoded
        let tag = StateTag(recipe.tag)
        let body = Array(bytes[14..<bytes.count - 8])
        var generator = SeededGenerator(seed: 14)
        var refusedCount = 0
        for _ in 0..<3000 {
            var forged = body
            let at = Int.random(in: 8..<body.count, using: &generator)
            forged[at] = UInt8.random(in: 0...255, using: &generator)
            if Bool.random(using: &generator), at + 8 <= forged.count {
                let number = [Double.nan, .infinity, -1, 1e300].randomElement(using: &generator) ?? 0
                for byte in 0..<8 { forged[at + byte] = UInt8(truncatingIfNeeded: number.bitPattern >> (8 * byte)) }
            }
            var encoder = StateEncoder()
            encoder.section(tag, version: 1) { encoder in for byte in forged { encoder.append(byte) } }
            let victim = try recipe.detector()
            do throws(StateError) {
                try victim.restore(encoder.bytes)
                for position in 0..<200 { _ = victim.update(Double(position % 3 == 0 ? 1 : 0)) }
                try victim.restore(victim.encoded)
            } catch {
                refusedCount += 1
            }
        }
        #expect(refusedCount > 20, "\(recipe.name)")
    }

    @Test func aStateUnderOtherParametersOrOfAnotherDetectorIsAMismatch() throws {
        for recipe in DetectorRecipe.all {
            let bytes = try recipe.detector().encoded
            for other in DetectorRecipe.all where other.name != recipe.name || other.entries != recipe.entries {
                let detector = try other.detector()
                #expect(throws: StateError.mismatch) { try detector.restore(bytes) }
            }
        }
    }

    @Test func memoryIsStatedAndBounded() throws {
        for recipe in DetectorRecipe.all {
            let detector = try recipe.detector()
            for value in Self.stream(recipe, count: 20_000, seed: 15) { _ = detector.update(value) }
            #expect(detector.memoryByteCount >= 40)
            #expect(detector.memoryByteCount < (recipe.name == "adwin" || recipe.name == "kswin" ? 4096 : 160))
        }
    }
}

extension DetectorRecipe {
    var tag: StaticString {
        switch name {
        case "adwin": "ADWN"
        case "page_hinkley": "PGHK"
        case "ddm": "DDM_"
        case "eddm": "EDDM"
        case "hddm_a": "HDMA"
        case "hddm_w": "HDMW"
        default: "KSWN"
        }
    }
}
