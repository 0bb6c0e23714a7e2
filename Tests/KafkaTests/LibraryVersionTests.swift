// Goal: a run that means to test another librdkafka really has it. `make test-newest` says which one it put in front.

import Foundation
import Kafka
import Testing

@Suite struct LibraryVersionTests {
    @Test func theLibraryIsTheOneAskedFor() {
        let expected = ProcessInfo.processInfo.environment["MILLRACE_EXPECT_RDKAFKA"]
        #expect(LibraryVersion.number >= 0x0200_0200, "the floor is 2.0.2")
        if let expected { #expect(LibraryVersion.text.hasPrefix(expected)) }
    }
}
