import Foundation

/// The librdkafka that this process runs on.
public enum LoadedLibrary {
    /// Whether it can authenticate by SCRAM at a broker of 3.7.2 or later.
    ///
    /// librdkafka before 2.6.1 repeats its own nonce in the last message, and brokers refuse that since they check it
    /// (CVE-2024-56128): right credentials are answered like wrong ones.
    public static var canUseSCRAM: Bool { !isBefore([2, 6, 1]) }

    /// Before 2.10 a commit that arrives with an old generation makes a member give up all its partitions.
    public static var losesAssignmentByStaleCommit: Bool { isBefore([2, 10]) }

    private static func isBefore(_ version: [Int]) -> Bool {
        let parts = (librdkafkaVersion ?? "").split(separator: ".").compactMap { Int($0.prefix { $0.isNumber }) }
        return parts.lexicographicallyPrecedes(version)
    }

    /// Its version, for example `2.0.2`, as the library itself says it; `nil` when there is none.
    ///
    /// Asked through the dynamic linker, so it is the one that the programs under test get in the same environment.
    public static var librdkafkaVersion: String? {
        guard let handle = unsafe dlopen("librdkafka.so.1", RTLD_NOW),
            let symbol = unsafe dlsym(handle, "rd_kafka_version_str")
        else { return nil }
        typealias Version = @convention(c) () -> UnsafePointer<CChar>?
        guard let text = unsafe unsafeBitCast(symbol, to: Version.self)() else { return nil }
        return unsafe String(cString: text)
    }
}
