// Goal: the shares of the memory budget stay within it, and make room for a batch of each partition.

import Testing

@testable import Engine

@Suite struct MemorySharesTests {
    private static let mebibyte = 1 << 20

    @Test(arguments: [(1, 64, 64), (16, 64, 64), (24, 56, 56), (48, 32, 32), (64, 32, 21), (10_000, 32, 21)])
    func partitionsTakeFromBothShares(partitionCount: Int, prefetched: Int, outputs: Int) {
        let shares = MemoryShares(of: 128 * Self.mebibyte, partitionCount: partitionCount)
        #expect(shares.prefetched / Self.mebibyte == prefetched)
        #expect(shares.outputs / Self.mebibyte == outputs)
    }

    @Test(arguments: [16 << 20, 128 << 20, 1 << 44], [1, 17, 1_000, Int(Int32.max)])
    func theyStayWithinTheBudget(bytes: Int, partitionCount: Int) {
        let shares = MemoryShares(of: bytes, partitionCount: partitionCount)
        #expect(shares.prefetched > 0 && shares.outputs > 0)
        #expect(shares.prefetched + shares.outputs <= bytes)
    }
}
