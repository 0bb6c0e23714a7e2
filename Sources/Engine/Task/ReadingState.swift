/// Whether a task reads, and which answer of the control thread it waits for when it does not.
///
/// Every request that the consumer be set to a position has a serial, and only the answer to the newest one lets the task read
/// on: after an older one the consumer stands at another position than the ledger. Decides only; its owner acts.
struct ReadingState {
    private enum Phase {
        case reading
        /// Records may have been skipped: the consumer is asked to read once more from where the task is. Outputs may still be
        /// outstanding.
        case checkingGap
        /// A delivery failed: the ledger is rewound, nothing is outstanding.
        case setBack
        /// Revoked or stopping: reads no more.
        case draining
    }

    /// What a failed delivery asks for.
    enum Setback: Equatable {
        /// Nothing: the task is set back already.
        case known
        /// Rewind the ledger only: whoever reads next starts at the delivered position anyway.
        case ledger
        /// Rewind the ledger and ask for the consumer to follow, with this serial.
        case ledgerAndConsumer(serial: UInt64)
    }

    private var phase = Phase.reading
    /// The serial of the newest request; 0 before the first.
    private var serial: UInt64 = 0

    /// Whether records may be taken.
    var isReading: Bool { phase == .reading }

    /// Stops reading until a gap is checked; the serial of the request. For a task that reads.
    mutating func checkGap() -> UInt64 {
        assert(isReading)
        phase = .checkingGap
        serial += 1
        return serial
    }

    /// A delivery failed. While a gap is checked this is news like any other: what was asked before is void from here on.
    mutating func deliveryFailed() -> Setback {
        switch phase {
        case .setBack:
            return .known
        case .draining:
            return .ledger
        case .reading, .checkingGap:
            phase = .setBack
            serial += 1
            return .ledgerAndConsumer(serial: serial)
        }
    }

    /// The consumer was set as the request `answered` said. True when the task reads on.
    mutating func resume(_ answered: UInt64) -> Bool {
        guard phase == .checkingGap || phase == .setBack, answered == serial else { return false }
        phase = .reading
        return true
    }

    /// Reads no more.
    mutating func drain() { phase = .draining }
}
