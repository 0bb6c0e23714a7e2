// Goal: the way of one event through this module, from bytes to a prediction record, with the public API alone.

import Features
import Learning
import Testing

@Suite struct EventPath {
    static let record =
        #"{"id":5,"ts":"1996-05-07T00:00:00Z","period":0,"nswprice":0.056443,"nswdemand":0.439155,"#
        + #""vicprice":0.003467,"vicdemand":0.422915,"transfer":0.414912,"label":1}"#
    static let schema = Schema(
        fields: ["period", "nswprice", "nswdemand", "vicprice", "vicdemand", "transfer"].map {
            Schema.Field(name: $0, kind: .number)
        } + [Schema.Field(name: "label", kind: .category)],
        idField: "id", eventTimeField: "ts", label: Schema.Label(field: "label", kind: .binary(positive: "1")))

    @Test func recordBecomesVectorAndPrediction() throws {
        var decoder = try EventDecoder(Self.schema)
        var row = EventRow(schema: Self.schema)
        let bytes = Array(Self.record.utf8)
        let outcome = unsafe decoder.decode(bytes.span.bytes, into: &row)
        #expect(outcome == .good)
        #expect(decoder.detail(of: row) == "")
        let numbers = (0..<row.numberCount).map { row.number($0) }
        #expect(numbers == [0, 0.056443, 0.439155, 0.003467, 0.422915, 0.414912])
        #expect(row.label == 1)
        #expect(row.hasEventTime && row.eventTimeMilliseconds == 831_427_200_000)
        #expect(row.absentCount == 0)

        let plan = try FeaturePlan(schema: Self.schema, features: [.allNumbers])
        var vector = plan.makeVector()
        plan.fill(&vector, from: row)
        #expect((0..<vector.denseCount).map { vector[$0] } == numbers)

        var writer = PredictionWriter(topic: "power-market", partition: 3, model: "champion")
        writer.writeBinary(of: row, offset: 42, timestamp: 7, prediction: true, score: 0.75)
        let text = unsafe writer.bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        #expect(
            text == #"{"event_id":5,"event_time":831427200000,"source":"power-market/3/42","model":"champion","#
                + #""version":0,"prediction":true,"score":0.75}"#)
    }
}
