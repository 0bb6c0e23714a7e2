// Goal: a task that stands reads on after the answer to its newest request, and after no other; a failed delivery always sets
// it back, whatever it waits for. Method: the transitions one by one, then the requests as the control thread keeps them.

import Kafka
import Testing

@testable import Engine

@Suite struct ReadingStateTests {
    @Test func aFailedDeliveryStopsReadingUntilItsAnswer() {
        var state = ReadingState()
        #expect(state.isReading)
        #expect(state.deliveryFailed() == .ledgerAndConsumer(serial: 1))
        #expect(!state.isReading)
        #expect(state.deliveryFailed() == .known, "several reports of one failure ask once")
        #expect(state.resume(1) == true)
        #expect(state.isReading)
        #expect(state.deliveryFailed() == .ledgerAndConsumer(serial: 2))
    }

    @Test func aFailureWhileAGapIsCheckedSetsTheTaskBackAndVoidsTheCheck() {
        var state = ReadingState()
        let check = state.checkGap()
        #expect(!state.isReading)
        guard case .ledgerAndConsumer(let setback) = state.deliveryFailed() else {
            Issue.record("the failure was not noticed")
            return
        }
        #expect(state.resume(check) == false, "the consumer is where the gap is, the ledger is not")
        #expect(!state.isReading)
        #expect(state.resume(setback) == true)
        #expect(state.isReading)
    }

    @Test func aCheckedGapIsReadOn() {
        var state = ReadingState()
        let check = state.checkGap()
        #expect(state.resume(check) == true)
        #expect(state.isReading)
        #expect(state.resume(check) == false, "one answer is enough")
    }

    @Test func aDrainingTaskNeverReadsOn() {
        var state = ReadingState()
        let check = state.checkGap()
        state.drain()
        #expect(state.deliveryFailed() == .ledger)
        #expect(state.resume(check) == false)
        #expect(!state.isReading)
    }

    @Test func aNewerRequestTakesThePlaceOfTheOneBefore() {
        let one = PartitionHandle(partition: TopicPartition(topic: "in", partition: 0), now: 0)
        let other = PartitionHandle(partition: TopicPartition(topic: "in", partition: 1), now: 0)
        var pending = PendingRewinds()
        pending.add(RewindRequest(handle: one, serial: 1, position: 70, after: 10))
        pending.add(RewindRequest(handle: other, serial: 1, position: 5, after: 10))
        pending.add(RewindRequest(handle: one, serial: 2, position: 50, after: 20))
        #expect(pending.takeDue(10).map(\.position) == [5], "the older request is void, although it is due")
        pending.add(RewindRequest(handle: one, serial: 1, position: 70, after: 5))
        #expect(pending.takeDue(19).isEmpty, "an older one that is tried again changes nothing")
        #expect(pending.takeDue(20).map(\.position) == [50])
        #expect(pending.takeDue(30).isEmpty)
        pending.add(RewindRequest(handle: other, serial: 2, position: 6, after: 0))
        pending.remove(other)
        #expect(pending.takeDue(30).isEmpty)
    }
}
