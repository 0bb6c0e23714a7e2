// Goal: with many partitions the prefetched records stay within their ration, every partition goes on, and neither one at its
// end nor one that stands still holds up another. Method: librdkafka's fetching as a model of a few lines, read by the rule.

import Testing

@testable import Engine

@Suite struct PrefetchRationTests {
    private static let threshold = 100
    private static let batch = 4_000
    private static let millisecond: Int64 = 1_000_000

    /// Partitions whose queues get one whole batch, some rounds after they held fewer records than the threshold.
    private struct Model {
        var ration: PrefetchRation
        var shares: [PrefetchRation.Share]
        var queues: [Int]
        var read: [Int]
        /// Records still in the log.
        var logs: [Int]
        private var fetchedIn: [Int?]
        /// Rounds from a queue under the threshold to its next batch.
        let delay: Int
        var now: Int64 = 0
        var first = 0
        var most = 0

        init(partitions: Int, recordsMax: Int, logs count: Int = .max, delay: Int = 4) {
            self.delay = delay
            ration = PrefetchRation(threshold: threshold, recordsMax: recordsMax)
            ration.partitionCount = partitions
            shares = Array(repeating: .init(), count: partitions)
            queues = Array(repeating: 0, count: partitions)
            read = queues
            logs = Array(repeating: count, count: partitions)
            fetchedIn = Array(repeating: nil, count: partitions)
        }

        /// Reads each partition once, as a worker does in a millisecond; those of `standing` are passed over.
        mutating func round(standing: Set<Int> = [], wanted: Int = 400) {
            now += millisecond
            first = (first + 1) % queues.count
            for step in queues.indices {
                let index = (first + step) % queues.count
                if standing.contains(index) || queues[index] == 0 {
                    ration.passOver(&shares[index], now: now)
                    continue
                }
                let taken = min(
                    queues[index],
                    ration.allowance(&shares[index], length: queues[index], wanted: wanted, now: now))
                queues[index] -= taken
                read[index] += taken
            }
            for index in queues.indices { fetch(index) }
            most = max(most, queues.reduce(0, +))
        }

        private mutating func fetch(_ index: Int) {
            guard queues[index] < threshold else { return }
            guard let rounds = fetchedIn[index] else {
                fetchedIn[index] = delay - 1
                return
            }
            fetchedIn[index] = rounds > 0 ? rounds - 1 : nil
            guard rounds == 0 else { return }
            let count = min(batch, logs[index])
            logs[index] -= count
            queues[index] += count
        }
    }

    /// A broker takes some milliseconds, or as long as `fetch.wait.max.ms` and more; then turns fall together with fetches, and
    /// shares differ more.
    @Test(arguments: [(4, 0.8), (250, 0.2)])
    func queuesHoldWhatTheRationAllowsAndEachIsRead(delay: Int, evenness: Double) {
        var model = Model(partitions: 64, recordsMax: 50_000, delay: delay)
        for _ in 0..<2_000 { model.round() }
        model.most = 0
        let before = model.read
        for _ in 0..<40_000 { model.round() }
        // Claims are made before the fetch, so the queues never hold more than is counted.
        #expect(model.most <= 50_000 + 64 * Self.threshold + Self.batch)
        let read = zip(model.read, before).map { $0 - $1 }
        #expect(Double(read.min() ?? 0) > evenness * Double(read.max() ?? 0), "\(read)")
    }

    @Test func withoutTheRationTheQueuesHoldSeveralTimesAsMuch() {
        var model = Model(partitions: 64, recordsMax: .max / 2)
        for _ in 0..<2_000 { model.round() }
        model.most = 0
        for _ in 0..<2_000 { model.round() }
        #expect(model.most > 100_000)
    }

    @Test func whatIsReadToItsEndNeverWaits() {
        var ration = PrefetchRation(threshold: Self.threshold, recordsMax: 1)
        var full = PrefetchRation.Share()
        var quiet = PrefetchRation.Share()
        ration.partitionCount = 2
        #expect(ration.allowance(&full, length: 10_000, wanted: 1_000, now: 0) == 1_000)
        #expect(ration.held > 1 + 2 * Self.threshold)
        for length in 1..<Self.threshold {
            #expect(ration.allowance(&quiet, length: length, wanted: 1_000, now: 1) == 1_000)
        }
        #expect(ration.allowance(&quiet, length: 150, wanted: 1_000, now: 1) == 50, "the threshold stays")
        #expect(ration.allowance(&quiet, length: Self.threshold, wanted: 1_000, now: 1) == 0)
    }

    @Test func whatStandsStillTakesNothingFromTheOthers() {
        var model = Model(partitions: 64, recordsMax: 10_000)
        let standing = Set(0..<48)
        for _ in 0..<10 { model.round() }
        // The queues of those that stand hold many times the ration.
        for _ in 0..<2_000 { model.round(standing: standing) }
        let before = model.read
        for _ in 0..<2_000 { model.round(standing: standing) }
        for index in 48..<64 { #expect(model.read[index] - before[index] > 2 * Self.batch) }
        for _ in 0..<4_000 { model.round() }
        for index in standing { #expect(model.read[index] > before[index], "partition \(index) goes on") }
    }

    @Test func everythingIsReadToTheEnd() {
        var model = Model(partitions: 40, recordsMax: 1, logs: 10_050)
        for _ in 0..<60_000 { model.round() }
        #expect(model.read.allSatisfy { $0 == 10_050 }, "\(model.read)")
    }

    @Test func aPartitionThatIsGivenUpCountsForNothing() {
        var ration = PrefetchRation(threshold: Self.threshold, recordsMax: 1_000)
        var share = PrefetchRation.Share()
        _ = ration.allowance(&share, length: 5_000, wanted: 100, now: 0)
        #expect(ration.held == 5_000)
        ration.release(&share)
        #expect(ration.held == 0)
        ration.passOver(&share, now: .max)
        #expect(ration.held == 0)
    }

    @Test func aClaimEndsWithTheFetchHoweverLittleItBrought() {
        var ration = PrefetchRation(threshold: Self.threshold, recordsMax: 100_000)
        var share = PrefetchRation.Share()
        _ = ration.allowance(&share, length: 5_000, wanted: 4_800, now: 0)
        _ = ration.allowance(&share, length: 200, wanted: 400, now: 1)
        #expect(ration.held == 5_000, "as much as a fetch brought before")
        _ = ration.allowance(&share, length: 20, wanted: 400, now: 2)
        #expect(ration.held == 20, "the fetch has come")
        _ = ration.allowance(&share, length: 150, wanted: 400, now: 3)
        #expect(ration.held == 2_500, "claims follow what fetches bring")
        ration.passOver(&share, now: 3 + PrefetchRation.fetchNanoseconds)
        #expect(ration.held == 0, "no fetch came")
    }
}
