import Glibc

/// What the kernel says about this process, read anew at each call from `/proc/self`.
///
/// Readings answer `nil` where `/proc` is not there or not as expected. Each is a few system calls: for scrapes and
/// summaries, not for batches.
public enum ProcessStatus {
    /// Memory in RAM, in bytes.
    public static var residentMemoryBytes: UInt64? {
        guard let pages = fields(of: "/proc/self/statm").dropFirst().first.flatMap({ UInt64($0) }) else { return nil }
        return pages * UInt64(clamping: sysconf(Int32(_SC_PAGESIZE)))
    }

    /// User and system time of all threads, in seconds, in steps of a clock tick or finer.
    public static var processorSeconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// How long ago the process was started, to a hundredth of a second (the kernel's clock tick); counts from `exec`'s
    /// process creation, so it includes loading the program.
    public static var age: Duration? {
        // Field 22 counts from 1; the second one, the name in parentheses, may hold spaces.
        guard let text = contents(of: "/proc/self/stat"), let nameEnd = text.lastIndex(of: ")") else { return nil }
        let rest = text[nameEnd...].split(separator: " ")
        guard rest.count > 20, let ticks = Int64(rest[20]) else { return nil }
        let ticksPerSecond = Int64(sysconf(Int32(_SC_CLK_TCK)))
        guard ticksPerSecond > 0 else { return nil }
        var now = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &now)
        let started = Duration.milliseconds(ticks * 1000 / ticksPerSecond)
        return .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec) - started
    }

    /// Descriptors in use.
    public static var openDescriptors: Int? {
        guard let directory = unsafe opendir("/proc/self/fd") else { return nil }
        defer { unsafe closedir(directory) }
        var count = 0
        while unsafe readdir(directory) != nil { count += 1 }
        return count - 3  // ".", ".." and the directory's own descriptor.
    }

    /// The soft limit of descriptors.
    public static var descriptorsMax: UInt64? {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return UInt64(limit.rlim_cur)
    }

    private static func fields(of path: String) -> [Substring] {
        contents(of: path)?.split(whereSeparator: { $0 == " " || $0 == "\n" }) ?? []
    }

    /// At most 4 KiB of a file.
    private static func contents(of path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
