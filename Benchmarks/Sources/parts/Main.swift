import Glibc

/// Times decode, predict and learn, and encode, each alone and together; with the counter preloaded, counts allocations.
///
///     parts [--events N] [--plant]     --plant allocates once an event, to see that the counter sees it
///     parts --learners EXAMPLES        nanoseconds an event of every learner on the streams in that folder; with the
///                                      counter preloaded its allocations, and those of detectors and metrics
///     parts --codec                    how fast forests of about 100,000 nodes are encoded and decoded
///     parts --csv FILE                 nanoseconds a row of the parts of `eval`; columns `ts`, numbers, `label`
@main
enum Main {
    private static let rounds = 9

    static func main() throws {
        let arguments = CommandLine.arguments
        if let examples = value(of: "--learners", in: arguments) {
            if let counter = AllocationCount() { return try AllocationTable.print(examples: examples, counter) }
            return try LearnerTable.print(examples: examples)
        }
        if arguments.contains("--codec") { return try CodecTable.print() }
        if let path = value(of: "--csv", in: arguments) { return try FileParts.print(path: path) }
        let count = value(of: "--events", in: arguments).flatMap { Int($0) }.map { max(1, $0) } ?? 200_000
        let events = makeEvents()
        if let counter = AllocationCount() {
            try countAllocations(counter, events, plants: arguments.contains("--plant"))
        } else {
            try measure(events, count)
        }
    }

    private static func value(of flag: String, in arguments: [String]) -> String? {
        guard let index = arguments.firstIndex(of: flag), index + 1 < arguments.count else { return nil }
        return arguments[index + 1]
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

    private static func measure(_ events: [[UInt8]], _ count: Int) throws {
        var job = try Job()
        func report(_ name: String, _ body: (Int) -> Void) {
            let time = least(of: rounds) { nanoseconds(count) { for index in 0..<count { body(index) } } }
            print("\(name): \(Int(time.rounded())) ns an event")
        }
        report("decode") { job.decode(events[$0 % events.count]) }
        report("predict and learn") { _ in job.predictAndLearn() }
        report("encode") { job.encode(Int64($0)) }
        report("all three") { run(&job, events, $0) }
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
}
