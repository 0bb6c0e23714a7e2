import Glibc

/// The counter of the preloaded library `Allocations/count.c`; absent without it.
struct AllocationCount {
    private let read: @convention(c) () -> UInt64

    init?() {
        guard let symbol = unsafe dlsym(nil, "millrace_bench_allocations") else { return nil }
        unsafe read = unsafeBitCast(symbol, to: (@convention(c) () -> UInt64).self)
    }

    /// Allocations of this process so far that count as ours.
    var value: UInt64 { read() }
}
