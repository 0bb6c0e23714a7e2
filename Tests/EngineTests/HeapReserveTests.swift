// Goal: the reserve is what a pause of a broker takes, and the reserves of all workers stay within the budget.

import Kafka
import Testing

@testable import Engine

@Suite struct HeapReserveTests {
    private static let mebibyte = 1 << 20

    @Test func oneHeapGetsRoomForOutputsAndPrefetchedInput() {
        let reserve = HeapReserve.shared(
            outputsMax: 74_000, prefetchedBytes: 64 * Self.mebibyte, inUse: 3 * Self.mebibyte)
        let needed = 74_000 * 350 + 64 * Self.mebibyte
        #expect(reserve.bytes == needed + needed / 10)
        #expect(reserve.enoughHeapBytes == reserve.bytes + 3 * Self.mebibyte, "what another thread brought counts")
    }

    @Test func aHeapOfItsOwnGetsRoomForTheOutputsOfItsWorker() {
        let reserve = HeapReserve.own(outputsMax: 37_000)
        #expect(reserve.bytes == 37_000 * 350)
        #expect(reserve.enoughHeapBytes == .max, "what other threads have is no help")
    }

    @Test func aHeapOfItsOwnKeepsWhatIsReserved() {
        #expect(HeapReserve.own(outputsMax: 100_000).bytes < 32 * Self.mebibyte, "else freeing it would trim the heap")
    }

    @Test(arguments: [16 << 20, 128 << 20, 1 << 40], [1, 4, 64, 10_000, Int(Int32.max)])
    func oneWorkerStaysWithinTheBudget(memoryBytes: Int, partitionCount: Int) {
        let shares = MemoryShares(of: memoryBytes, partitionCount: partitionCount)
        let consumer = ConsumerSettings(groupID: "g", memoryBytes: shares.prefetched, partitionCount: partitionCount)
        let reserve = HeapReserve.shared(
            outputsMax: OutputQuota(bytes: shares.outputs, workerCount: 1).recordsMax,
            prefetchedBytes: consumer.usualPrefetchedBytes(ClientProperties(common: [], consumer: [], producer: [])),
            inUse: 0)
        #expect(reserve.bytes > 0)
        #expect(reserve.bytes <= min(memoryBytes, 256 * Self.mebibyte))
    }

    @Test(arguments: [128 << 20, 1 << 40], [1, 2, 16, 64])
    func allWorkersStayWithinTheBudget(memoryBytes: Int, workerCount: Int) {
        let shares = MemoryShares(of: memoryBytes, partitionCount: workerCount)
        let reserve = HeapReserve.own(
            outputsMax: OutputQuota(bytes: shares.outputs, workerCount: workerCount).recordsMax)
        #expect(reserve.bytes * workerCount <= memoryBytes / 2)
    }
}
