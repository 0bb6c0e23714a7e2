import Foundation
import TestSupport
import Testing

/// Goal: what users are promised holds on a real Apache Kafka, with `millrace` started as they start it.
/// Method: brokers of our own on loopback, a load written by `kcat`, the built program as a subprocess, and its outputs
/// read back by `kcat`. The suites run one after another: they measure times and end brokers.
///
/// The size of the runs is in the environment: `MILLRACE_EVENTS` (100,000), `MILLRACE_KILLS` (3; ten is the full run).
@Suite(.serialized, .enabled(if: BrokerAccess.isAvailable, "\(BrokerAccess.missing)"))
struct BrokerTests {
    /// A cluster of one broker that the suites without faults share; ended with the test process.
    static let cluster = Result { try KafkaCluster() }

    /// A whole number from the environment.
    static func setting(_ name: String, default value: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? value
    }
}

extension BrokerTests {
    /// The programs that this run is about.
    @Suite struct Programs {
        @Test func `librdkafka is the one that was asked for`() throws {
            let version = try #require(LoadedLibrary.librdkafkaVersion)
            print("librdkafka \(version), \(MillraceBinary.path)")
            if let expected = ProcessInfo.processInfo.environment["MILLRACE_EXPECT_RDKAFKA"] {
                #expect(version == expected)
            }
            #expect(FileManager.default.isExecutableFile(atPath: MillraceBinary.path))
        }
    }
}
