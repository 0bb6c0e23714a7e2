// Goal: an encoded state is a fixed, portable byte format whose damage is always found and never a trap. Method: golden bytes,
// round trips, every truncation and every flipped bit of nested sections, and random bytes.
import Hashing
import Learning
import Testing

@Suite struct StateTests {
    private func sample() -> [UInt8] {
        var encoder = StateEncoder()
        encoder.section(StateTag("OUTR"), version: 3) { encoder in
            encoder.append(UInt8(7))
            encoder.append(true)
            encoder.append(UInt16(0xbeef))
            encoder.append(UInt32(0xdead_beef))
            encoder.append(UInt64.max)
            encoder.append(Int64(-5))
            encoder.append(-0.0)
            encoder.append("mühle")
            encoder.section(StateTag("INNR"), version: 1) { encoder in
                encoder.append([1.5, .infinity])
                encoder.append([UInt8(1), 2, 3])
            }
        }
        return encoder.bytes
    }

    private func read(_ bytes: [UInt8], newest: UInt16 = 3) throws(StateError) {
        var decoder = StateDecoder(bytes)
        try decoder.section(StateTag("OUTR"), newest: newest) { decoder, version throws(StateError) in
            #expect(version == 3)
            #expect(try decoder.byte() == 7)
            #expect(try decoder.flag())
            #expect(try decoder.uint16() == 0xbeef)
            #expect(try decoder.uint32() == 0xdead_beef)
            #expect(try decoder.uint64() == .max)
            #expect(try decoder.int64() == -5)
            #expect(try decoder.double().sign == .minus)
            #expect(try decoder.string() == "mühle")
            try decoder.section(StateTag("INNR"), newest: 1) { decoder, _ throws(StateError) in
                #expect(try decoder.doubles() == [1.5, .infinity])
                #expect(try decoder.blob() == [1, 2, 3])
            }
        }
        guard decoder.isAtEnd else { throw .corrupt }
    }

    @Test func roundTrip() throws { try read(sample()) }

    /// The format is on disks: these bytes may change only with a version.
    @Test func goldenBytes() {
        var encoder = StateEncoder()
        encoder.section(StateTag("TEST"), version: 0x0102) { encoder in
            encoder.append(UInt16(0x0304))
            encoder.append(1.0)
            encoder.append("ab")
        }
        let head: [UInt8] =
            [0x54, 0x45, 0x53, 0x54, 0x02, 0x01, 20, 0, 0, 0, 0, 0, 0, 0]
            + [0x04, 0x03, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 2, 0, 0, 0, 0, 0, 0, 0, 0x61, 0x62]
        let checksum = XXH3.hash64(head)
        #expect(encoder.bytes == head + (0..<8).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) })
    }

    @Test func everyTruncationIsAnError() {
        let bytes = sample()
        for count in bytes.indices { #expect(throws: StateError.truncated) { try read(Array(bytes[..<count])) } }
    }

    @Test func everyFlippedBitIsAnError() {
        let bytes = sample()
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: StateError.self) { try read(flipped) }
        }
    }

    @Test func newerAndForeignSectionsAreTold() {
        #expect(throws: StateError.newerVersion(3)) { try read(sample(), newest: 2) }
        #expect(throws: StateError.mismatch) {
            var decoder = StateDecoder(sample())
            _ = try decoder.section(StateTag("ELSE"), newest: 9) { _, _ throws(StateError) in 0 }
        }
    }

    @Test func aSectionLeftHalfReadIsCorruptAndTheDecoderStays() throws {
        let bytes = sample()
        var decoder = StateDecoder(bytes)
        #expect(throws: StateError.corrupt) {
            _ = try decoder.section(StateTag("OUTR"), newest: 3) { decoder, _ throws(StateError) in try decoder.byte() }
        }
        #expect(try decoder.uint32() == StateTag("OUTR").code)
    }

    @Test func readingPastASectionIsTruncatedThoughBytesFollow() {
        var encoder = StateEncoder()
        encoder.section(StateTag("TINY"), version: 1) { $0.append(UInt8(1)) }
        encoder.append(UInt64(0))
        #expect(throws: StateError.truncated) {
            var decoder = StateDecoder(encoder.bytes)
            _ = try decoder.section(StateTag("TINY"), newest: 1) { decoder, _ throws(StateError) in
                try decoder.uint64()
            }
        }
    }

    @Test func impossibleCountsAreErrorsBeforeAnythingIsAllocated() {
        for count in [UInt64.max, UInt64(Int64.max), 1 << 40, 2] {
            var encoder = StateEncoder()
            encoder.append(count)
            encoder.append(UInt64(0))
            #expect(throws: StateError.truncated) {
                var decoder = StateDecoder(encoder.bytes)
                _ = try decoder.doubles()
            }
        }
        #expect(throws: StateError.corrupt) {
            var decoder = StateDecoder([2])
            _ = try decoder.flag()
        }
        #expect(throws: StateError.corrupt) {
            var decoder = StateDecoder([1, 0, 0, 0, 0, 0, 0, 0, 0xff])
            _ = try decoder.string()
        }
    }

    @Test func randomBytesNeverTrap() throws {
        var generator = SeededGenerator(seed: 77)
        for recipe in allRecipes {
            let learner = try recipe.learner(denseCount: 2)
            let before = learner.encoded
            for _ in 0..<300 {
                let count = Int.random(in: 0..<200, using: &generator)
                let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
                #expect(throws: StateError.self) { try learner.restore(bytes) }
            }
            #expect(learner.encoded == before)
        }
    }
}
