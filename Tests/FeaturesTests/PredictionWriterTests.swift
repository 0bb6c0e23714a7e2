// Goal: prediction records are exactly the JSON of the design, byte by byte, whatever ids, names and numbers they carry.

import Features
import Foundation
import Learning
import Testing

@Suite struct PredictionRecords {
    @Test func binaryWithAndWithoutIdAndTime() throws {
        var bench = try Bench(schema())
        var writer = PredictionWriter(topic: "power-market", partition: 11, model: "champion", version: 3)
        _ = bench.decode("{}")
        writer.writeBinary(of: bench.row, offset: 9, timestamp: 1_700_000_000_000, prediction: false, score: 0.25)
        #expect(
            text(writer.bytes) == #"{"event_id":"power-market/11/9","event_time":1700000000000,"#
                + #""source":"power-market/11/9","model":"champion","version":3,"prediction":false,"score":0.25}"#)
        _ = bench.decode(#"{"id":"a\"b","ts":-1}"#)
        writer.writeBinary(of: bench.row, offset: 1_000_000_000_000, timestamp: 5, prediction: true, score: 1)
        #expect(
            text(writer.bytes) == #"{"event_id":"a\"b","event_time":-1,"source":"power-market/11/1000000000000","#
                + #""model":"champion","version":3,"prediction":true,"score":1}"#)
        _ = bench.decode(#"{"id":true}"#)
        writer.writeBinary(of: bench.row, offset: 0, timestamp: -1, prediction: true, score: .nan)
        #expect(text(writer.bytes).hasPrefix(#"{"event_id":true,"event_time":null,"#))
        #expect(text(writer.bytes).hasSuffix(#""prediction":true,"score":null}"#))
    }

    @Test func regressionHasNoScore() throws {
        let row = EventRow(schema: schema())
        var writer = PredictionWriter(topic: "t", partition: 0, model: "m")
        writer.writeRegression(of: row, offset: 0, timestamp: 0, value: -1.5e-7)
        #expect(
            text(writer.bytes) == #"{"event_id":"t/0/0","event_time":0,"source":"t/0/0","model":"m","version":0,"#
                + #""prediction":-1.5e-07}"#)
    }

    @Test func multiclassNamesItsClasses() throws {
        let row = EventRow(schema: schema())
        var classes = CategoryTable()
        for name in ["ham", "sp\"am"] {
            let bytes = Array(name.utf8)
            _ = unsafe classes.admit(bytes.span.bytes)
        }
        var prediction = Prediction()
        var writer = PredictionWriter(topic: "t", partition: 0, model: "m")
        writer.writeMulticlass(of: row, offset: 0, timestamp: 0, prediction: prediction, classes: classes)
        #expect(text(writer.bytes).hasSuffix(#""prediction":null,"scores":{}}"#))
        prediction.reserveClasses(2)
        prediction.value = 1
        prediction[0] = 0.25
        prediction[1] = 0.75
        writer.writeMulticlass(of: row, offset: 0, timestamp: 0, prediction: prediction, classes: classes)
        #expect(text(writer.bytes).hasSuffix(#""prediction":"sp\"am","scores":{"ham":0.25,"sp\"am":0.75}}"#))
    }

    @Test func everyWholeNumberOfDigits() throws {
        let row = EventRow(schema: schema())
        var writer = PredictionWriter(topic: "t", partition: 0, model: "m")
        var values: [Int64] = [0, 1, 9, .max, .max - 1]
        var power: Int64 = 10
        while power < .max / 10 {
            values += [power - 1, power, power + 1]
            power *= 10
        }
        values += [power - 1, power, power + 1]
        var random = SplitMix(seed: 11)
        for _ in 0..<20_000 { values.append(Int64(random.next() >> UInt64(1 + random.below(62)))) }
        for value in values {
            writer.writeRegression(of: row, offset: value, timestamp: value, value: 0)
            #expect(
                text(writer.bytes).hasPrefix(
                    #"{"event_id":"t/0/\#(value)","event_time":\#(value),"source":"t/0/\#(value)","#))
        }
    }

    @Test func recordsAreJSONWhateverTheyCarry() throws {
        var bench = try Bench(schema())
        let long = String(repeating: "long \\\" ", count: 5000)
        for name in ["m", "mo\"del\\\n\u{1}", "ünïcode", String(repeating: "\u{2}", count: 3000)] {
            var writer = PredictionWriter(topic: name, partition: .max, model: name, version: .max)
            for id in [
                #""\u0000""#, "-1e5", "false", "null",
                #""\#(long.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))""#,
            ] {
                #expect(bench.decode(#"{"id":\#(id)}"#).outcome == .good)
                writer.writeBinary(
                    of: bench.row, offset: .max, timestamp: .max, prediction: true, score: .leastNonzeroMagnitude)
                let bytes = unsafe writer.bytes.withUnsafeBytes { unsafe Data($0) }
                let object = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
                #expect(
                    object.keys.sorted() == [
                        "event_id", "event_time", "model", "prediction", "score", "source", "version",
                    ])
                #expect(object["model"] as? String == name)
                #expect(object["source"] as? String == "\(name)/\(Int32.max)/\(Int64.max)")
            }
        }
    }
}
