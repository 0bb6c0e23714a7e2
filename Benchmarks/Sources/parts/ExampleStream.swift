import Features
import Learning

/// One of the committed example streams, decoded once and held in memory as numbers.
struct ExampleStream {
    let name: String
    let task: LearningTask
    let denseCount: Int
    private(set) var labels: [Double] = []
    /// `denseCount` numbers a row, one row behind the other, filled up to whole pairs by NaN.
    private var numbers: [Double] = []
    private let pairCount: Int

    static let files: [(file: String, task: LearningTask)] = [
        ("phishing/phishing.csv", .binary), ("electricity/elec2.csv.gz", .binary), ("sea/sea_drift.csv.gz", .binary),
        ("shuttle/shuttle.csv.gz", .binary), ("approval/trump_approval.csv", .regression),
        ("friedman/friedman_drift.csv.gz", .regression),
    ]

    /// Reads `examples`/`file`; a column `ts` is no feature.
    init(examples: String, file: String, task: LearningTask) throws {
        var source = try DataFile(path: "\(examples)/\(file)")
        let names = source.columns.filter { $0 != "ts" && $0 != "label" }
        let label = Schema.Label(field: "label", kind: task == .regression ? .regression : .binary(positive: "1"))
        let schema = try source.schema(
            adapting: Schema(fields: names.map { .init(name: $0, kind: .number) }, label: label))
        var decoder = try EventDecoder(schema)
        var row = EventRow(schema: schema)
        name = String(file.split(separator: "/")[1].prefix { $0 != "." })
        self.task = task
        denseCount = names.count
        pairCount = (names.count + 1) / 2
        while try source.advance() {
            guard decoder.decode(source.record, into: &row) == .good else { continue }
            for index in 0..<denseCount { numbers.append(row.number(index)) }
            if denseCount % 2 == 1 { numbers.append(.nan) }
            labels.append(row.label)
        }
    }

    var count: Int { labels.count }

    func makeVector() -> FeatureVector { FeatureVector(denseCount: denseCount, sparseCapacity: 0) }

    @inline(__always)
    func fill(_ vector: inout FeatureVector, row: Int) {
        var slot = row * pairCount * 2
        for pair in 0..<pairCount {
            vector.setPair(pair, numbers[slot], numbers[slot + 1])
            slot += 2
        }
    }
}
