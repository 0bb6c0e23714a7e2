import Foundation

/// The streams of `drift_detections.json` with what the reference detectors find in them.
struct DriftStream: Sendable {
    struct Detections: Decodable, Sendable, Equatable {
        var drift: [Int]
        var warning_start: [Int]?
    }

    private struct Entry: Decodable {
        var file: String
        var detections: [String: Detections]
    }

    private struct File: Decodable {
        var numeric: Entry
        var sea_drift_logreg: Entry
        var sea_drift_gnb: Entry
        var elec2_logreg: Entry
    }

    let name: String
    /// What ADWIN, Page-Hinkley and KSWIN are fed.
    let values: [Double]
    /// What DDM, EDDM and HDDM are fed.
    let bits: [Double]
    let detections: [String: Detections]

    static func all() throws -> [DriftStream] {
        let file = try DataFiles.json("drift_detections.json", as: File.self)
        return try [
            DriftStream("numeric", file.numeric, value: "value", bit: "bit"),
            DriftStream("sea_drift_logreg", file.sea_drift_logreg, value: "error", bit: "error"),
            DriftStream("sea_drift_gnb", file.sea_drift_gnb, value: "error", bit: "error"),
            DriftStream("elec2_logreg", file.elec2_logreg, value: "error", bit: "error"),
        ]
    }

    private init(_ name: String, _ entry: Entry, value: String, bit: String) throws {
        self.name = name
        let table = try NumberTable(DataFiles.reference + entry.file)
        values = try table.column(value)
        bits = try table.column(bit)
        detections = entry.detections
    }
}
