import Foundation

/// A CSV file of numbers, read whole; `.gz` through the system's gzip.
struct NumberTable {
    let columns: [String]
    let rows: [[Double]]

    init(_ path: String, leavingOut skipped: Set<String> = []) throws {
        let text = try String(decoding: DataFiles.bytes(of: path), as: UTF8.self)
        var lines = text.split(separator: "\n").makeIterator()
        let header = (lines.next() ?? "").split(separator: ",").map(String.init)
        let kept = header.indices.filter { !skipped.contains(header[$0]) }
        columns = kept.map { header[$0] }
        var rows: [[Double]] = []
        while let line = lines.next() {
            let cells = line.split(separator: ",")
            rows.append(try kept.map { try DataFiles.number(cells[$0]) })
        }
        self.rows = rows
    }

    func column(_ name: String) throws -> [Double] {
        guard let index = columns.firstIndex(of: name) else { throw DataFiles.Failure(what: "no column \(name)") }
        return rows.map { $0[index] }
    }
}

/// One example stream: features and label in file order.
struct LabelledStream {
    let features: [String]
    let rows: [[Double]]
    let labels: [Double]

    /// The streams by the names of the reference, each with its file under `examples/`.
    static let files = [
        "elec2": "examples/electricity/elec2.csv.gz", "phishing": "examples/phishing/phishing.csv",
        "sea_drift": "examples/sea/sea_drift.csv.gz", "shuttle": "examples/shuttle/shuttle.csv.gz",
        "trump_approval": "examples/approval/trump_approval.csv",
        "friedman_drift": "examples/friedman/friedman_drift.csv.gz",
    ]

    init(_ name: String) throws {
        guard let file = Self.files[name] else { throw DataFiles.Failure(what: "no stream \(name)") }
        let table = try NumberTable(DataFiles.packageRoot + file, leavingOut: ["ts"])
        features = table.columns.filter { $0 != "label" }
        rows = table.rows.map { Array($0.dropLast()) }
        labels = table.rows.map { $0[$0.count - 1] }
    }
}

enum DataFiles {
    struct Failure: Error {
        let what: String
    }

    static let packageRoot = String(#filePath.dropLast("Tests/LearningTests/Support/DataFiles.swift".count))
    static let reference = packageRoot + "Tests/LearningTests/Reference/"

    static func bytes(of path: String) throws -> Data {
        guard path.hasSuffix(".gz") else { return try Data(contentsOf: URL(fileURLWithPath: path)) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(what: "gzip refused \(path)") }
        return data
    }

    static func number(_ cell: Substring) throws -> Double {
        guard let number = Double(cell) else { throw Failure(what: "not a number: \(cell)") }
        return number
    }

    static func json<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: reference + name)))
    }
}
