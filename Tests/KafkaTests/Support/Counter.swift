import Synchronization

/// Counts wake-up calls, from any thread.
final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    func ring() { number.add(1, ordering: .relaxed) }

    var count: Int { number.load(ordering: .relaxed) }
}
