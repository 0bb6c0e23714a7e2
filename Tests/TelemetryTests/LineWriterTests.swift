// Goal: the log never stops the service. Method: pipes and sockets that nobody reads, filled to the brim, then drained;
// every line that arrives is whole, and what is missing is exactly what was counted and reported.

import Foundation
import Telemetry
import Testing

/// The two ends of a pipe or a socket pair; closed with the value.
private struct Ends: ~Copyable {
    let reader: Int32
    let writer: Int32

    init(socket: Bool) {
        var pair: [Int32] = [-1, -1]
        if socket {
            unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair)
        } else {
            unsafe pipe(&pair)
        }
        (reader, writer) = (pair[0], pair[1])
    }

    deinit {
        close(reader)
        close(writer)
    }

    /// Everything readable now.
    func drain() -> [String] {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        _ = fcntl(reader, F_SETFL, O_NONBLOCK)
        while true {
            let count = unsafe read(reader, &buffer, buffer.count)
            guard count > 0 else { break }
            text += buffer[..<count]
        }
        return String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)
    }
}

@Suite struct LineWriterTests {
    @Test(arguments: [false, true])
    func aFullPipeDropsAndCounts(socket: Bool) {
        let ends = Ends(socket: socket)
        let writer = LineWriter(descriptor: ends.writer) { "dropped \($0)" }
        let line = String(repeating: "x", count: 1000)
        let clock = ContinuousClock()
        let elapsed = clock.measure { for _ in 0..<5000 { writer.write(line) } }
        // One wait of 20 ms in all; the bound leaves room for a loaded machine, but not for 20 ms a line (100 s).
        #expect(elapsed < .seconds(10))
        let dropped = writer.linesDropped
        #expect(dropped > 4000)

        let first = ends.drain()
        #expect(first.dropLast().filter { $0 == line }.count == 5000 - Int(dropped))

        writer.write("after")
        let second = ends.drain()
        // A short notice may still fit where a line does not, so there can be several.
        let reported = (first + second).compactMap { $0.wholeMatch(of: /dropped (\d+)/).flatMap { UInt64($0.1) } }
        #expect(reported.reduce(0, +) == dropped)
        #expect(second.contains("after"))
        #expect(writer.linesDropped == dropped)
    }

    @Test func theSharedDescriptorKeepsItsMode() {
        let ends = Ends(socket: false)
        let writer = LineWriter(descriptor: ends.writer) { "dropped \($0)" }
        writer.write("line")
        #expect(fcntl(ends.writer, F_GETFL) & O_NONBLOCK == 0)
        #expect(ends.drain().first == "line")
    }

    @Test func threadsDoNotMixTheirLines() async {
        let ends = Ends(socket: false)
        let log = Log.standardError(descriptor: ends.writer)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for index in 0..<100 { log.info("entry", ["task": "\(task)", "index": "\(index)"]) }
                }
            }
        }
        let lines = ends.drain().dropLast()
        #expect(lines.count == 400)
        #expect(lines.allSatisfy { $0.wholeMatch(of: /\S+Z info entry task=\d index=\d+/) != nil })
        #expect(Set(lines.map { $0.drop { $0 != "t" } }).count == 400)
    }

    @Test func aClosedDescriptorOnlyCounts() {
        let writer = LineWriter(descriptor: -1) { "dropped \($0)" }
        writer.write("line")
        #expect(writer.linesDropped == 1)
    }
}
