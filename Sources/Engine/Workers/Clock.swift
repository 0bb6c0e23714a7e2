internal import CLinux

/// The monotonic clock, in nanoseconds: for latencies, deadlines and ages, never for event time.
enum MonotonicClock {
    /// Now.
    static var now: Int64 { millrace_monotonic_nanoseconds() }
    /// Nanoseconds since the process was started.
    static var processAge: Int64 { millrace_process_age_nanoseconds() }
}

/// The wall clock: only for the timestamps a broker checks.
enum WallClock {
    /// Milliseconds since 1970.
    static var milliseconds: Int64 { millrace_wall_nanoseconds() / 1_000_000 }
}
