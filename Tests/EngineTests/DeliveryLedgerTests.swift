// Goal: the position a ledger offers for commit never passes anything outstanding, and reaches the end when all is delivered.
// Method: small exact cases, then random runs beside a plain model that remembers every offset.

import Testing

@testable import Engine

@Suite struct DeliveryLedgerTests {
    @Test func tokenPacksItsPartsAndNeighboursAreConsecutive() {
        let token = DeliveryToken(incarnation: 0xABCD, batch: 0x1_0000_0005, index: 77)
        #expect(token.incarnation == 0xABCD)
        #expect(token.batch == 5)
        #expect(token.index == 77)
        #expect(DeliveryToken(incarnation: 0xABCD, batch: 5, index: 78).rawValue == token.rawValue + 1)
        #expect(DeliveryToken.distance(from: 0xFF_FFFF, to: 2) == 3)
    }

    @Test func nothingOutstandingSettlesAtOnce() {
        var ledger = DeliveryLedger(position: 10)
        ledger.open(at: 10, now: 0)
        ledger.close(nextOffset: 15)
        #expect(ledger.deliveredPosition == 15)
        #expect(ledger.inFlight == 0)
    }

    /// Events every 2 ms, answers after 15 ms: something is always outstanding, and the position moves on all the same.
    @Test func anEvenLoadWithSlowAnswersMovesThePosition() {
        var ledger = DeliveryLedger(position: 0)
        var tokens: [DeliveryToken] = []
        var lastMove: Int64 = 0
        var delivered: Int64 = 0
        for event in 0..<2000 {
            let now = Int64(event) * 2_000_000
            ledger.open(at: Int64(event), now: now)
            if let token = ledger.token(incarnation: 1, offset: Int64(event)) { tokens.append(token) }
            ledger.produced(bytes: 1)
            ledger.close(nextOffset: Int64(event) + 1)
            if event >= 8 { _ = ledger.delivered(tokens[event - 8], count: 1) }
            if ledger.deliveredPosition > delivered {
                delivered = ledger.deliveredPosition
                lastMove = now
            }
            #expect(now - lastMove < 400_000_000)
        }
        #expect(delivered > 1900)
    }

    @Test func unknownStartBecomesTheFirstRecord() {
        var ledger = DeliveryLedger(position: nil)
        #expect(ledger.deliveredPosition == -1)
        ledger.open(at: 500, now: 0)
        ledger.produced(bytes: 1)
        ledger.close(nextOffset: 501)
        #expect(ledger.deliveredPosition == 500)
    }

    @Test func rewindForgetsWhatIsOutstanding() {
        var ledger = DeliveryLedger(position: 0)
        ledger.open(at: 0, now: 0)
        for _ in 0..<3 { ledger.produced(bytes: 100) }
        ledger.close(nextOffset: 3)
        #expect(ledger.inFlight == 3)
        #expect(ledger.unsettledBytes == 300)
        ledger.rewind()
        #expect(ledger.deliveredPosition == 0)
        #expect(ledger.readPosition == 0)
        #expect(ledger.inFlight == 0)
        #expect(ledger.unsettledBytes == 0)
    }

    @Test func anEndOfPartitionMovesThePositionOverGaps() {
        var ledger = DeliveryLedger(position: 0)
        ledger.open(at: 0, now: 0)
        ledger.produced(bytes: 1)
        let token = ledger.token(incarnation: 1, offset: 0)
        ledger.close(nextOffset: 1)
        ledger.skip(to: 9)
        #expect(ledger.deliveredPosition == 0)
        if let token { _ = ledger.delivered(token, count: 1) }
        #expect(ledger.deliveredPosition == 9)
        ledger.skip(to: 12)
        #expect(ledger.deliveredPosition == 12)
    }

    /// Random batches with gaps and records that produce nothing, delivered in random order in random runs.
    @Test(arguments: 0..<40) func agreesWithAPlainModel(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var ledger = DeliveryLedger(position: 0)
        var outstanding: [(offset: Int64, token: DeliveryToken)] = []
        var processed: Int64 = 0
        for _ in 0..<150 {
            if random.next() % 3 > 0 {
                let first = processed + Int64(random.next() % 3)
                ledger.open(at: first, now: 0)
                var offset = first
                for _ in 0...(random.next() % 60) {
                    if random.next() % 5 > 0 {
                        guard let token = ledger.token(incarnation: 9, offset: offset) else {
                            Issue.record("no token at \(offset)")
                            return
                        }
                        #expect(token.incarnation == 9)
                        ledger.produced(bytes: 10)
                        outstanding.append((offset, token))
                    }
                    offset += 1 + (random.next() % 7 == 0 ? Int64(random.next() % 4) : 0)
                }
                ledger.close(nextOffset: offset)
                processed = offset
            } else if !outstanding.isEmpty {
                let index = Int(random.next() % UInt64(outstanding.count))
                var run = 1
                while index + run < outstanding.count, run < 40,
                    outstanding[index + run].token.rawValue == outstanding[index].token.rawValue + UInt64(run)
                { run += 1 }
                #expect(ledger.offset(of: outstanding[index].token) == outstanding[index].offset)
                _ = ledger.delivered(outstanding[index].token, count: run)
                outstanding.removeSubrange(index..<index + run)
            }
            #expect(ledger.inFlight == outstanding.count)
            let lowest = outstanding.map(\.offset).min()
            #expect(ledger.deliveredPosition <= lowest ?? processed)
            if lowest == nil { #expect(ledger.deliveredPosition == processed) }
        }
    }
}

/// A small seeded generator (Steele, Lea, Flood 2014).
struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
