import Glibc

/// Lets the calling thread sleep until `instant`; returns at once when that has passed.
func pause(until instant: ContinuousClock.Instant) {
    let time = instant - .now
    guard time > .zero else { return }
    let (seconds, attoseconds) = time.components
    var wanted = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    var left = timespec()
    while unsafe nanosleep(&wanted, &left) != 0, errno == EINTR { wanted = left }
}
