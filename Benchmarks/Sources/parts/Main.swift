import Glibc

/// Times decode, predict and learn, and encode, each alone and together; with the counter preloaded, counts allocations.
///
///     parts [--events N] [--plant]     --plant allocates once an event, to see that the counter sees it
@main
enum Main {
    private static let rounds = 9

    static func main() throws {
        let arguments = CommandLine.arguments
        var count = 200_000
        if let index = arguments.firstIndex(of: "--events"), index + 1 < arguments.count,
            let wanted = Int(arguments[index + 1]), wanted > 0
        {
            count = wanted
        }
        let events = makeEvents()
        if let counter = AllocationCount() {
            try countAllocations(counter, events, plants: arguments.contains("--plant"))
        } else {
            try measure(events, count)
        }
    }

    private static func makeEvents() -> [[UInt8]] {
        var state: UInt64 = 42
        return (0..<10_000).map { index in
            let numbers = (0..<6).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Double(state >> 44) / Double(1 << 20)
            }
            return Job.event(index, numbers)
        }
    }

    /// The least of several rounds, in nanoseconds an event: what disturbs a round only makes it longer.
    private static func measure(_ events: [[UInt8]], _ count: Int) throws {
        var job = try Job()
        var least = [Double](repeating: .infinity, count: 4)
        for _ in 0..<rounds {
            least[0] = min(least[0], nanoseconds(count) { job.decode(events[$0 % events.count]) })
            least[1] = min(least[1], nanoseconds(count) { _ in job.predictAndLearn() })
            least[2] = min(least[2], nanoseconds(count) { job.encode(Int64($0)) })
            least[3] = min(least[3], nanoseconds(count) { run(&job, events, $0) })
        }
        for (name, value) in zip(["decode", "predict and learn", "encode", "all three"], least) {
            print("\(name): \(Int(value.rounded())) ns an event")
        }
        print("digest of the results: \(String(job.digest, radix: 16))")
    }

    private static func countAllocations(_ counter: AllocationCount, _ events: [[UInt8]], plants: Bool) throws {
        var job = try Job()
        var planted: [Int] = []
        for index in 0..<100_000 { run(&job, events, index) }
        let before = counter.value
        let count = 1_000_000
        for index in 0..<count {
            run(&job, events, index)
            if plants { planted = allocate(index) }
        }
        let allocations = counter.value - before
        print("\(allocations) allocations in \(count) events: \(Double(allocations) / Double(count)) an event")
        let limit = 0.001
        if plants {
            guard planted.count == 3, Double(allocations) >= 0.999 * Double(count) else {
                print("The planted allocation was not seen.")
                exit(1)
            }
        } else if Double(allocations) / Double(count) >= limit {
            print("More than \(limit) an event.")
            exit(1)
        }
    }

    @inline(never)
    private static func allocate(_ index: Int) -> [Int] { [index, index, index] }

    @inline(__always)
    private static func run(_ job: inout Job, _ events: [[UInt8]], _ index: Int) {
        job.decode(events[index % events.count])
        job.predictAndLearn()
        job.encode(Int64(index))
    }

    @inline(__always)
    private static func nanoseconds(_ count: Int, _ body: (Int) -> Void) -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        for index in 0..<count { body(index) }
        let elapsed = (clock.now - start).components
        return (Double(elapsed.seconds) * 1e9 + Double(elapsed.attoseconds) / 1e9) / Double(count)
    }
}
