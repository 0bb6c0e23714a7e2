// Goal: the reserve is what a pause of a broker takes, and no more than the budget has room for.

import Kafka
import Testing

@testable import Engine

@Suite struct HeapReserveTests {
    private static let mebibyte = 1 << 20

    @Test func oneHeapGetsRoomForOutputsAndPrefetchedInput() {
        let reserve = HeapReserve(outputsMax: 74_000, prefetchedBytes: 64 * Self.mebibyte, sharesOneHeap: true)
        #expect(reserve.bytes == 74_000 * 350 + 68 * Self.mebibyte)
        #expect(reserve.heapsHold == reserve.bytes, "what another thread brought counts")
    }

    @Test func aHeapOfItsOwnGetsRoomForTheOutputsOfItsWorker() {
        let reserve = HeapReserve(outputsMax: 37_000, prefetchedBytes: 64 * Self.mebibyte, sharesOneHeap: false)
        #expect(reserve.bytes == 37_000 * 350)
        #expect(reserve.heapsHold == .max, "what other threads have is no help")
    }

    @Test(arguments: [16 << 20, 128 << 20, 1 << 40], [1, 4, 64, 1_000])
    func itStaysWithinTheBudget(memoryBytes: Int, partitionCount: Int) {
        let shares = MemoryShares(of: memoryBytes, partitionCount: partitionCount)
        let consumer = ConsumerSettings(groupID: "g", memoryBytes: shares.prefetched, partitionCount: partitionCount)
        let outputsMax = min(shares.outputs / 900, 100_000)
        let reserve = HeapReserve(
            outputsMax: outputsMax, prefetchedBytes: consumer.prefetchedBytesMax, sharesOneHeap: true)
        #expect(reserve.bytes > 0)
        #expect(reserve.bytes <= min(memoryBytes, 256 * Self.mebibyte))
    }
}
