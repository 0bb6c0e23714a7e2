import Configuration
import Engine
import Glibc
import Kafka
import Service
import Telemetry

/// One `millrace bench`: the pipeline and a bare pass-through in turns on the same brokers.
struct Bench {
    /// What one contender showed.
    struct Figures {
        var rates: [Double] = []
        var processorMicroseconds: [Double] = []
        /// Milliseconds from the scheduled send to the reading of the output, sorted.
        var latencies: [Double] = []
    }

    private let arguments: Arguments
    private let log: Log
    private let pipeline: Pipeline
    private let topics: BenchTopics
    private let eventCount: Int
    private let interruption = Cancellation()
    private static let partitionCount = 4
    private static let rounds = 3
    static let quietRate = 2_000.0
    private static let quietSeconds = 5.0
    /// A round in which nothing moves for so long has failed.
    private static let standstillMax = Duration.seconds(60)

    init(_ arguments: Arguments) throws(CommandFailure) {
        self.arguments = arguments
        log = arguments.log(.warning)
        pipeline = try PipelineFile.load(arguments.operands[0], for: .run)
        eventCount = arguments.integer(BenchFlags.events) ?? 1_000_000
        topics = BenchTopics(
            prefix: "millrace-bench-\(getpid())-\(UInt32.random(in: .min ... .max))",
            partitionCount: Self.partitionCount, properties: pipeline.kafka, log: log)
    }

    func run() throws(CommandFailure) -> ExitCode {
        let interruption = interruption
        _ = ShutdownSignals.install { _ in interruption.cancel() }
        guard try topics.create(timeout: .seconds(60), interruption) else { throw Self.interrupted }
        defer { topics.delete() }
        say("filling \(topics.input) with \(NumberText.grouped(eventCount)) events")
        try fill()
        var engine = Figures()
        var pass = Figures()
        for round in 1...Self.rounds {
            // Whoever goes first has the colder broker: they take turns.
            let engineFirst = round % 2 == 1
            for isEngine in [engineFirst, !engineFirst] {
                say("round \(round) of \(Self.rounds): \(isEngine ? "pipeline" : "pass-through")")
                let group = "\(topics.prefix)-\(isEngine ? "pipeline" : "pass")-\(round)"
                let contender = contender(isEngine, group: group, input: topics.input, output: output(isEngine))
                let (rate, processor) = try measure(contender)
                if isEngine {
                    engine.rates.append(rate)
                    engine.processorMicroseconds.append(processor)
                } else {
                    pass.rates.append(rate)
                    pass.processorMicroseconds.append(processor)
                }
            }
        }
        say("latency at \(NumberText.grouped(Self.quietRate)) events/s")
        engine.latencies = try latencies(isEngine: true)
        pass.latencies = try latencies(isEngine: false)
        StandardOutput.write(BenchReport(engine: engine, pass: pass, eventCount: eventCount).text)
        return .success
    }

    private func output(_ isEngine: Bool) -> String { isEngine ? topics.pipelineOutput : topics.passOutput }

    private func contender(_ isEngine: Bool, group: String, input: String, output: String) -> Contender {
        guard isEngine else {
            return Contender(
                PassThrough(
                    properties: pipeline.kafka, groupID: group, input: input, output: output,
                    partitionCount: topics.partitionCount, log: log))
        }
        var configuration = EngineConfiguration(pipeline)
        configuration.groupID = group
        configuration.inputTopic = input
        configuration.outputTopic = output
        configuration.onBadRecord = .deadLetter(topic: topics.deadLetters)
        configuration.start = .earliest
        return Contender(Engine(configuration, log: log, metrics: MetricRegistry()))
    }

    private func fill() throws(CommandFailure) {
        var producer = try EventProducer(properties: pipeline.kafka, topic: topics.input, log: log)
        defer { producer.close() }
        var events = EventGenerator(schema: pipeline.input.schema)
        var bar = ProgressBar()
        defer { bar.clear() }
        for index in 0..<eventCount {
            let value = events.next()
            try send(value, index, &producer)
            if index % 1_024 == 0 {
                producer.settle()
                bar.update(
                    fraction: Double(index) / Double(eventCount),
                    "\(NumberText.grouped(producer.deliveredCount)) events")
            }
        }
        try drain(&producer)
    }

    /// One event to the partition of its number, so that all have the same share.
    private func send(
        _ value: [UInt8], _ index: Int, _ producer: inout EventProducer
    ) throws(CommandFailure) {
        let partition = Int32(clamping: index % topics.partitionCount)
        while !(try producer.send(value: unsafe value.span.bytes, key: nil, partition: partition)) {
            try checkInterruption()
            if !producer.settle() { pause(until: .now + .milliseconds(1)) }
        }
    }

    private func drain(_ producer: inout EventProducer) throws(CommandFailure) {
        while producer.inFlightCount > 0 {
            try checkInterruption()
            if !producer.settle() { pause(until: .now + .milliseconds(1)) }
        }
        if let error = producer.firstFailure { throw CommandFailure(error, while: "filling \(topics.input)") }
    }

    /// Runs a contender over all of the input: events a second from its first sign of life on, and CPU per event.
    private func measure(_ contender: Contender) throws(CommandFailure) -> (rate: Double, microseconds: Double) {
        contender.start()
        defer { contender.end() }
        let clock = ContinuousClock()
        var first: (at: ContinuousClock.Instant, count: Int, processor: Double)?
        var last = (at: clock.now, count: 0)
        while last.count < eventCount {
            try checkInterruption()
            if let failure = contender.failure { throw failure }
            let count = contender.deliveredCount
            let now = clock.now
            if count != last.count { last = (now, count) }
            if first == nil, count > 0 { first = (now, count, processorSeconds) }
            guard now - last.at < Self.standstillMax else {
                throw CommandFailure(
                    .internalError, "nothing moved for \(Self.standstillMax): \(count) events are through")
            }
            pause(until: now + .milliseconds(2))
        }
        guard let first, last.count > first.count else {
            throw CommandFailure(.internalError, "too few events to measure: raise --events")
        }
        let seconds = (last.at - first.at) / .seconds(1)
        let events = Double(last.count - first.count)
        return (events / max(seconds, 1e-6), (processorSeconds - first.processor) / events * 1e6)
    }

    /// User and system time of this process, in seconds.
    private var processorSeconds: Double {
        var usage = rusage()
        guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }

    /// Sends events at a modest rate, open loop, and takes the time from each one's place in the plan to its output.
    private func latencies(isEngine: Bool) throws(CommandFailure) -> [Double] {
        let names = topics.quiet(isEngine ? "pipeline" : "pass-through")
        let group = "\(topics.prefix)-quiet-\(isEngine ? "pipeline" : "pass")"
        let contender = contender(isEngine, group: group, input: names.input, output: names.output)
        let arrivals = ArrivalTimes(partitionCount: topics.partitionCount)
        let reader = TopicReader(
            properties: pipeline.kafka, groupID: group + "-reader", topic: names.output,
            partitionCount: topics.partitionCount, log: log)
        contender.start()
        defer { contender.end() }
        reader.start { ({ arrivals.add(partition: Int($0.partition)) }, {}) }
        defer { reader.end() }
        let deadline = ContinuousClock.now + Self.standstillMax
        while !contender.isAssigned || !reader.isAssigned {
            try checkInterruption()
            if let failure = contender.failure { throw failure }
            guard .now < deadline else { throw CommandFailure(.internalError, "the group was not assigned in time") }
            pause(until: .now + .milliseconds(10))
        }
        let plan = try sendQuietly(to: names.input)
        let count = plan.reduce(0) { $0 + $1.count }
        let end = ContinuousClock.now + .seconds(15)
        while arrivals.count < count, .now < end {
            try checkInterruption()
            pause(until: .now + .milliseconds(10))
        }
        return arrivals.latencies(after: plan)
    }

    /// The scheduled times of what was sent to each partition. The first second warms up and does not count.
    private func sendQuietly(to topic: String) throws(CommandFailure) -> [[ContinuousClock.Instant]] {
        var producer = try EventProducer(properties: pipeline.kafka, topic: topic, log: log)
        defer { producer.close() }
        producer.sendsAtOnce = true
        var events = EventGenerator(schema: pipeline.input.schema)
        var plan = [[ContinuousClock.Instant]](repeating: [], count: topics.partitionCount)
        let pace = Pace(start: .now + .milliseconds(100), rate: Self.quietRate)
        for index in 0..<Int(Self.quietRate * Self.quietSeconds) {
            let value = events.next()
            pause(until: pace.time(of: index))
            try send(value, index, &producer)
            plan[index % topics.partitionCount].append(pace.time(of: index))
            // Unsettled reports count as unanswered, and many unanswered events make the next one wait.
            if index % 8 == 0 { producer.settle() }
        }
        try drain(&producer)
        return plan
    }

    private func checkInterruption() throws(CommandFailure) {
        if interruption.isCancelled { throw Self.interrupted }
    }

    /// Whoever stops it gets no figures, and no failure.
    private static var interrupted: CommandFailure { CommandFailure(.success, "interrupted: there are no figures") }

    private func say(_ text: String) { StandardError.write(text + "\n") }
}
