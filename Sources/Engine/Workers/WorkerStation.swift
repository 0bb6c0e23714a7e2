internal import Kafka

/// Where a worker lays out what its actors work with: the tools, the batch, and what the present call is about.
///
/// The worker enters an actor with a closure that captures nothing, and the actor finds its arguments here: a closure with
/// captures costs two allocations each time.
///
/// Unchecked sendable by this rule: only the worker's thread touches it, directly or inside an actor that it has entered.
final class WorkerStation: @unchecked Sendable {
    var tools: WorkerTools
    var batch: MessageBatch
    /// Where the prefetched records of many partitions have to be kept down.
    var ration: PrefetchRation?
    /// Records and bytes that the task at hand may have in flight.
    var recordsMax = 0
    var bytesMax = 0
    /// Monotonic time of the call.
    var now: Int64 = 0
    /// The deliveries that the task at hand should settle.
    var token = DeliveryToken(rawValue: 0)
    var count = 0

    init(tools: consuming WorkerTools, batchCapacity: Int, ration: PrefetchRation?) {
        self.tools = tools
        self.ration = ration
        batch = MessageBatch(capacity: batchCapacity)
    }
}
