import Foundation

/// What an output topic holds, read with `kcat`, reduced to what the guarantees are about.
public struct Predictions: Sendable {
    /// One output record.
    public struct Record: Sendable {
        /// The output's partition.
        public let partition: Int
        /// The record's timestamp in milliseconds.
        public let time: Int64
        /// The number at the end of its key (`k12`).
        public let key: Int
        /// The event's `source` partition.
        public let sourcePartition: Int
        /// The event's `source` offset.
        public let sourceOffset: Int64
        /// The event's id, a whole number.
        public let eventID: Int64
    }

    /// In the order of each partition, one partition after another.
    public let partitions: [[Record]]

    /// Reads everything in a topic.
    ///
    /// - Parameter input: the input topic, which each `source` has to name.
    /// - Throws: when a record lacks one of the parts.
    public init(_ kcat: Kcat, topic: String, input: String, partitions count: Int) throws {
        let data = try kcat.read(topic, format: "%p\\t%T\\t%k\\t%s\\n", within: .seconds(600))
        var partitions = [[Record]](repeating: [], count: count)
        var lines = Lines(bytes: [UInt8](data), source: Array("\"source\":\"\(input)/".utf8))
        while let record = try lines.next() {
            guard partitions.indices.contains(record.partition) else {
                throw TestFailure("an output in partition \(record.partition)")
            }
            partitions[record.partition].append(record)
        }
        self.partitions = partitions
    }

    /// How many records there are.
    public var count: Int { partitions.reduce(0) { $0 + $1.count } }

    /// How many different sources there are.
    public var distinctCount: Int {
        partitions.reduce(0) { sum, records in sum + Set(records.map(\.sourceOffset)).count }
    }

    /// Checks that each record is in the partition of its event and carries the event's key.
    public func checkPlaces() throws {
        for record in partitions.joined() {
            guard record.partition == record.sourcePartition else {
                throw TestFailure("\(record) is in another partition than its event")
            }
            guard record.key == Int(record.eventID) % Events.keyCount else {
                throw TestFailure("\(record) does not carry its event's key")
            }
        }
    }

    /// Checks that every partition's sources are 0, 1, 2 … in this order, so nothing is missing, repeated or moved.
    public func checkExactOrder() throws {
        for (partition, records) in partitions.enumerated() {
            for (index, record) in records.enumerated() where record.sourceOffset != Int64(index) {
                throw TestFailure("partition \(partition): output \(index) is of source \(record.sourceOffset)")
            }
        }
    }

    /// Checks that nothing below `ends` is missing and that the sequence goes on by one or steps back (I3).
    ///
    /// - Returns: how many repeats there are.
    @discardableResult
    public func checkStepsBackOnly(ends: [Int64]) throws -> Int {
        var repeats = 0
        for (partition, records) in partitions.enumerated() {
            var next: Int64 = 0
            var highest: Int64 = -1
            for record in records {
                guard record.sourceOffset <= next else {
                    throw TestFailure("partition \(partition): \(record.sourceOffset) follows \(next - 1)")
                }
                if record.sourceOffset <= highest { repeats += 1 }
                highest = max(highest, record.sourceOffset)
                next = record.sourceOffset + 1
            }
            guard highest + 1 == ends[partition] else {
                throw TestFailure("partition \(partition) ends with \(highest), the input at \(ends[partition])")
            }
        }
        return repeats
    }
}

/// Takes the lines of `%p\t%T\t%k\t%s` apart without building strings: there can be millions.
private struct Lines {
    let bytes: [UInt8]
    let source: [UInt8]
    let identifier = Array("\"event_id\":".utf8)
    var position = 0

    mutating func next() throws -> Predictions.Record? {
        guard position < bytes.count else { return nil }
        let partition = try number()
        let time = try number()
        skip(over: UInt8(ascii: "k"))
        let key = try number()
        let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        let line = position..<end
        try find(identifier, in: line)
        if bytes[position] == UInt8(ascii: "\"") { position += 1 }
        let eventID = try number()
        position = line.lowerBound
        try find(source, in: line)
        let sourcePartition = try number()
        let sourceOffset = try number()
        position = end + 1
        return Predictions.Record(
            partition: Int(partition), time: time, key: Int(key), sourcePartition: Int(sourcePartition),
            sourceOffset: sourceOffset, eventID: eventID)
    }

    private mutating func skip(over byte: UInt8) {
        if position < bytes.count, bytes[position] == byte { position += 1 }
    }

    /// A number and the one byte after it.
    private mutating func number() throws -> Int64 {
        var value: Int64 = 0
        let start = position
        while position < bytes.count, bytes[position] >= 48, bytes[position] <= 57 {
            value = value * 10 + Int64(bytes[position] - 48)
            position += 1
        }
        guard position > start else {
            let around = bytes[max(0, start - 100)..<min(bytes.count, start + 100)]
            throw TestFailure("no number in: \(String(decoding: around, as: UTF8.self))")
        }
        position += 1
        return value
    }

    private mutating func find(_ pattern: [UInt8], in line: Range<Int>) throws {
        var index = line.lowerBound
        while index + pattern.count <= line.upperBound {
            if bytes[index] == pattern[0], bytes[index..<index + pattern.count].elementsEqual(pattern) {
                position = index + pattern.count
                return
            }
            index += 1
        }
        throw TestFailure("an output without its source or id: \(String(decoding: bytes[line], as: UTF8.self))")
    }
}
