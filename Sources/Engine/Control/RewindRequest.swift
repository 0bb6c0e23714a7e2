/// A task that stands asks for the consumer to be set to `position`, not before `after` (monotonic nanoseconds).
struct RewindRequest: Sendable {
    let handle: PartitionHandle
    /// Which request of the task this is; the answer carries it, see ``ReadingState``.
    let serial: UInt64
    let position: Int64
    var after: Int64
}

/// Requests that wait for their time: of each task the newest only, since a newer one voids what was asked before.
struct PendingRewinds {
    private var requests: [RewindRequest] = []

    /// Adds a request, unless a newer one of the same task is there, in the place of an older one.
    mutating func add(_ request: RewindRequest) {
        guard let index = requests.firstIndex(where: { $0.handle === request.handle }) else {
            return requests.append(request)
        }
        if request.serial >= requests[index].serial { requests[index] = request }
    }

    /// Takes out what is due at `now`.
    mutating func takeDue(_ now: Int64) -> [RewindRequest] {
        guard !requests.isEmpty else { return [] }
        let due = requests.filter { $0.after <= now }
        requests.removeAll { $0.after <= now }
        return due
    }

    /// Forgets the request of a task that is gone.
    mutating func remove(_ handle: PartitionHandle) { requests.removeAll { $0.handle === handle } }
}
