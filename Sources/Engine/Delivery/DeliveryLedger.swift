/// Keeps account of one partition's records between reading and delivery, and says which position is safe to commit.
///
/// Records are grouped into batches of consecutive offsets. A batch is *settled* when it is closed and all it produced is
/// delivered; ``deliveredPosition`` is the end of the last batch of the unbroken run of settled ones. So nothing below it is
/// outstanding (I1), and a report costs one subtraction however many records it speaks of.
///
/// A closed batch that is still small and not yet settled goes on growing instead of making room for a new one: at low
/// rates, with a slow broker, the ring stays short. Not thread-safe: the task's worker owns it.
struct DeliveryLedger: ~Copyable {
    /// One group of consecutive offsets.
    private struct Batch {
        var firstOffset: Int64
        var nextOffset: Int64
        var outstanding: Int
        var produced: Int
        var bytes: Int
        var openedAt: Int64

        static let empty = Batch(firstOffset: 0, nextOffset: 0, outstanding: 0, produced: 0, bytes: 0, openedAt: 0)
    }

    /// A batch that holds this many records takes no more.
    static let growthLimit = 1024
    /// Nor does one that was opened this long ago: under an even load, with answers slower than events, something of it would
    /// always be outstanding, and nothing would ever be committed.
    static let growthNanoseconds: Int64 = 100_000_000

    /// The position that may be committed: everything below it has its effects. -1 while the start is not known: then the first
    /// record's offset is it.
    private(set) var deliveredPosition: Int64
    /// The position behind the last record that was processed.
    private(set) var readPosition: Int64
    /// Records produced and not yet acknowledged.
    private(set) var inFlight = 0
    /// Bytes of the records of batches that are not settled: an upper bound of what is outstanding.
    private(set) var unsettledBytes = 0

    private var ring: [Batch]
    private var head = 0
    private var count = 0
    private var headSequence: UInt64 = 0
    private var isOpen = false

    /// An empty ledger of a task that starts at `position`, or wherever its first record is.
    init(position: Int64?) {
        deliveredPosition = position ?? -1
        readPosition = position ?? -1
        ring = Array(repeating: .empty, count: 64)
    }

    /// Whether nothing is outstanding.
    var isSettled: Bool { inFlight == 0 }

    /// Starts a batch with the record at `offset`; `now` is monotonic. Ends with ``close(nextOffset:)``.
    mutating func open(at offset: Int64, now: Int64) {
        assert(!isOpen && offset >= readPosition)
        isOpen = true
        if deliveredPosition < 0 { deliveredPosition = offset }
        if count > 0 {
            let newest = (head + count - 1) & (ring.count - 1)
            let fits = offset - ring[newest].firstOffset < DeliveryToken.indexCount - Int64(Self.growthLimit) * 16
            let isYoung = now - ring[newest].openedAt < Self.growthNanoseconds
            if ring[newest].produced < Self.growthLimit, isYoung, fits { return }
        }
        if count == ring.count { grow() }
        ring[(head + count) & (ring.count - 1)] = Batch(
            firstOffset: offset, nextOffset: offset, outstanding: 0, produced: 0, bytes: 0, openedAt: now)
        count += 1
    }

    /// The token for a record at `offset` of the open batch, or `nil` when the batch cannot span that far: close it first.
    func token(incarnation: UInt16, offset: Int64) -> DeliveryToken? {
        assert(isOpen)
        let newest = (head + count - 1) & (ring.count - 1)
        let index = offset - ring[newest].firstOffset
        // The last index is left out: the next batch's first token would be its neighbour and join its run.
        guard index >= 0, index < DeliveryToken.indexCount - 1 else { return nil }
        return DeliveryToken(incarnation: incarnation, batch: headSequence &+ UInt64(count - 1), index: index)
    }

    /// One record of the open batch, of `bytes` bytes, was handed to the producer.
    mutating func produced(bytes: Int) {
        assert(isOpen)
        let newest = (head + count - 1) & (ring.count - 1)
        ring[newest].outstanding += 1
        ring[newest].produced += 1
        ring[newest].bytes += bytes
        inFlight += 1
        unsettledBytes += bytes
    }

    /// Ends the open batch before `nextOffset`: everything below was processed. Settles it when nothing is outstanding.
    mutating func close(nextOffset: Int64) {
        assert(isOpen && nextOffset >= readPosition)
        isOpen = false
        ring[(head + count - 1) & (ring.count - 1)].nextOffset = nextOffset
        readPosition = nextOffset
        _ = settle()
    }

    /// The partition ends at `position` (an EOF event): offsets up to there that were never seen do not exist.
    mutating func skip(to position: Int64) {
        assert(!isOpen)
        guard position > readPosition else { return }
        if count > 0 {
            ring[(head + count - 1) & (ring.count - 1)].nextOffset = position
        } else {
            deliveredPosition = position
        }
        readPosition = position
    }

    /// `count` records from `token` on were acknowledged. Returns when the newest batch that this settled was opened; `nil` when
    /// it settled none.
    mutating func delivered(_ token: DeliveryToken, count delivered: Int) -> Int64? {
        let distance = DeliveryToken.distance(from: headSequence, to: token.batch)
        precondition(distance < UInt64(count), "a delivery report of a batch that is not in the ledger")
        let slot = (head + Int(distance)) & (ring.count - 1)
        precondition(ring[slot].outstanding >= delivered, "more deliveries than records")
        ring[slot].outstanding -= delivered
        inFlight -= delivered
        return settle()
    }

    /// The offset of the record that `token` was given for.
    func offset(of token: DeliveryToken) -> Int64 {
        let distance = DeliveryToken.distance(from: headSequence, to: token.batch)
        precondition(distance < UInt64(count), "a delivery report of a batch that is not in the ledger")
        return ring[(head + Int(distance)) & (ring.count - 1)].firstOffset + token.index
    }

    /// Forgets everything outstanding: the task goes on from ``deliveredPosition``, under a new incarnation.
    mutating func rewind() {
        head = 0
        count = 0
        headSequence = 0
        inFlight = 0
        unsettledBytes = 0
        isOpen = false
        readPosition = deliveredPosition
    }

    private mutating func settle() -> Int64? {
        var openedAt: Int64?
        while count > 0, ring[head].outstanding == 0, !(isOpen && count == 1) {
            deliveredPosition = ring[head].nextOffset
            openedAt = ring[head].openedAt
            unsettledBytes -= ring[head].bytes
            head = (head + 1) & (ring.count - 1)
            headSequence &+= 1
            count -= 1
        }
        return openedAt
    }

    private mutating func grow() {
        var larger: [Batch] = []
        larger.reserveCapacity(ring.count * 2)
        for index in 0..<count { larger.append(ring[(head + index) & (ring.count - 1)]) }
        larger.append(contentsOf: repeatElement(.empty, count: ring.count * 2 - count))
        ring = larger
        head = 0
    }
}
