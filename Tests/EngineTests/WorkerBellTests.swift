// Goal: no ring is lost: one ends the sleep of the thread that waits, and what a worker does not hear while reports may wait, it
// looks for before it sleeps long. Method: rings before and during a rest, and what the rest says.
import Foundation
import Testing

@testable import Engine

@Suite(.serialized) struct WorkerBellTests {
    private let bell = WorkerBell()

    @Test func aRingIsHeardOnce() {
        bell.ring()
        #expect(bell.rest(letsReportsWait: false))
        bell.ring()
        bell.ringForReports()
        #expect(bell.rest(letsReportsWait: false))
        #expect(!bell.rest(letsReportsWait: false))
    }

    @Test func reportsThatMayWaitDoNotRing() {
        bell.rest(letsReportsWait: true)
        bell.ringForReports()
        #expect(!bell.rest(letsReportsWait: true))
        bell.ring()
        #expect(bell.rest(letsReportsWait: true), "everything else does")
    }

    @Test func afterThemTheWorkerLooksBeforeItSleeps() {
        bell.rest(letsReportsWait: true)
        bell.ringForReports()
        #expect(bell.rest(letsReportsWait: false), "one turn to look for what was not heard")
        bell.ringForReports()
        #expect(bell.rest(letsReportsWait: false), "from then on they ring")
        #expect(!bell.rest(letsReportsWait: false))
    }

    /// Each waits for the other's ring, many times: where a ring did not end the wait, each round would last a second.
    @Test func aRingWakesWhoeverWaits() {
        let rounds = 5_000
        let second: Int64 = 1_000_000_000
        let (there, back) = (Doorbell(), Doorbell())
        let end = ContinuousClock.now + .seconds(9)
        Thread.detachNewThread {
            while .now < end, there.wait(nanoseconds: second) { back.ring() }
        }
        var heard = 0
        while heard < rounds, .now < end {
            there.ring()
            guard back.wait(nanoseconds: second) else { break }
            heard += 1
        }
        #expect(heard == rounds)
    }
}
