import Foundation

/// The librdkafka that this process runs on.
public enum LoadedLibrary {
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
