// Goal: the first signal asks once, a second one ends the process whatever it is doing, and doubled ones count as one.
// Method: exit tests, in which a child process signals itself.

import Dispatch
import Foundation
import Service
import Testing

@Suite struct ShutdownSignalsTests {
    @Test(arguments: [SIGTERM, SIGINT])
    func firstSignalCallsTheClosure(signal: Int32) async {
        // Exit tests capture nothing, hence the two bodies.
        if signal == SIGTERM {
            await #expect(processExitsWith: .exitCode(40 + 15)) {
                #expect(ShutdownSignals.install { exit(40 + $0) })
                kill(getpid(), SIGTERM)
                while true { pause() }
            }
        } else {
            await #expect(processExitsWith: .exitCode(40 + 2)) {
                #expect(ShutdownSignals.install { exit(40 + $0) })
                kill(getpid(), SIGINT)
                while true { pause() }
            }
        }
    }

    @Test func secondSignalEndsAtOnceWhileTheClosureHangs() async {
        await #expect(processExitsWith: .exitCode(128 + SIGTERM)) {
            let called = DispatchSemaphore(value: 0)
            #expect(
                ShutdownSignals.install { _ in
                    called.signal()
                    while true { pause() }
                })
            kill(getpid(), SIGINT)
            called.wait()
            let first = ContinuousClock.now
            while first.duration(to: .now) < .milliseconds(ShutdownSignals.repeatMilliseconds + 50) {}
            kill(getpid(), SIGTERM)
            while true { pause() }
        }
    }

    @Test func signalsThatComeTogetherCountAsOne() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let called = DispatchSemaphore(value: 0)
            #expect(ShutdownSignals.install { _ in called.signal() })
            kill(getpid(), SIGTERM)
            kill(getpid(), SIGTERM)
            kill(getpid(), SIGINT)
            guard called.wait(timeout: .now() + 20) == .success else { exit(8) }
            // Once only.
            exit(called.wait(timeout: .now() + 0.3) == .success ? 9 : 7)
        }
    }

    @Test func brokenPipesDoNotEndTheProcess() async {
        await #expect(processExitsWith: .exitCode(11)) {
            #expect(ShutdownSignals.install { _ in })
            var ends: [Int32] = [0, 0]
            unsafe pipe(&ends)
            close(ends[0])
            var byte: UInt8 = 1
            exit(unsafe write(ends[1], &byte, 1) == -1 && errno == EPIPE ? 11 : 12)
        }
    }

    @Test func installsOnce() async {
        await #expect(processExitsWith: .exitCode(3)) {
            let first = ShutdownSignals.install { _ in }
            let second = ShutdownSignals.install { _ in }
            exit(first && !second ? 3 : 4)
        }
    }
}
