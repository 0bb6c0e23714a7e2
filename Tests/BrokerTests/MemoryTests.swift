import Foundation
import TestSupport
import Testing

extension BrokerTests {
    /// Goal (I10): a service that works off a backlog has the memory it will ever need from the start of that on.
    @Suite(.enabled(if: BrokerAccess.isDistribution, "\(BrokerAccess.missingDistribution)"))
    struct Memory {
        private static let count = 1_500_000

        @Test(.timeLimit(.minutes(5)))
        func `a broker that pauses under a backlog does not make the service grow`() throws {
            let cluster = try KafkaCluster()
            let kcat = Kcat(cluster.bootstrapServers)
            var options = Service.Options()
            // Threads that are there before the engine's must not have heaps of their own.
            options.lines = ["http: {host: 127.0.0.1, port: 0}"]
            for name in ["MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES"] {
                options.environment[name] = ""
            }
            let service = try Service(cluster.bootstrapServers, options)
            func outputs() throws -> Int64 {
                try kcat.ends(service.output, partitions: service.partitions).reduce(0, +)
            }
            try service.createTopics(on: cluster)
            let events = service.folder.url.appending(path: "events")
            try Events.write(Memory.count, to: events)
            try kcat.write(service.input, lines: events.path, within: .seconds(120))

            let process = try service.start(onCPU: try Memory.firstUsableCPU())
            try eventually("50,000 outputs", within: .seconds(60), every: .milliseconds(20)) {
                try outputs() >= 50_000
            }
            let resident = Service.residentBytes(of: process)
            // In the pause all that may wait for the broker does: outputs up to their quota of 74,564, if their input was fetched.
            try cluster.pause(1)
            try eventually("50,000 outputs in flight", within: .seconds(30)) {
                try process.metric("millrace_outputs_in_flight") ?? 0 >= 50_000
            }
            let paused = Service.residentBytes(of: process)
            // Asked while the service cannot go on.
            process.send(signal: SIGSTOP)
            try cluster.resume(1)
            let atResume = try outputs()
            process.send(signal: SIGCONT)
            try eventually("all outputs", within: .seconds(90)) { try outputs() >= Memory.count }
            let after = Service.residentBytes(of: process)
            try service.terminate(process)
            print("resident before, in and after the pause: \([resident, paused, after].map { $0 / 1_000_000 }) MB")
            #expect(atResume < Memory.count - 100_000, "the pause came before the end of the backlog")
            for later in [paused, after] { #expect(abs(later - resident) <= resident / 20) }
        }

        /// On one CPU all memory is reserved; with several, what other threads than workers take comes as it is needed.
        private static func firstUsableCPU() throws -> String {
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let list = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
            let numbers = list?.split { !$0.isNumber } ?? []
            return try #require(numbers.first.map(String.init), "the kernel lists the CPUs")
        }
    }
}
