// Goal: event times: ISO 8601 in its usual shapes and epoch numbers in both units, to milliseconds. Days are checked
// against a count of their own, year by year.

import Features
import Testing

@Suite struct Times {
    private func time(_ written: String, unit: Schema.TimeUnit = .milliseconds) throws -> Int64? {
        var bench = try Bench(schema(unit: unit))
        return bench.decode(#"{"ts":\#(written)}"#).time
    }

    @Test func shapes() throws {
        let cases: [(String, Int64)] = [
            ("1996-05-07T00:00:00Z", 831_427_200_000), ("1996-05-07", 831_427_200_000),
            ("1996-05-07T00:00Z", 831_427_200_000),
            ("1996-05-07T00:00:00", 831_427_200_000), ("1996-05-07 00:00:00z", 831_427_200_000),
            ("1996-05-07t02:00:00+02:00", 831_427_200_000), ("1996-05-06T19:00:00-0500", 831_427_200_000),
            ("1996-05-07T05:30:00+05:30", 831_427_200_000), ("1996-05-06T23:00:00-01", 831_427_200_000),
            ("1996-05-07T00:00:00.5Z", 831_427_200_500), ("1996-05-07T00:00:00,123456789Z", 831_427_200_123),
            ("1996-05-07T00:00:00.1239+00:00", 831_427_200_123), ("1969-12-31T23:59:59.999Z", -1),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000), ("2000-02-29T12:34:56Z", 951_827_696_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999), ("0001-01-01T00:00:00Z", -62_135_596_800_000),
        ]
        for (written, milliseconds) in cases {
            #expect(try time("\"\(written)\"") == milliseconds, "\(written)")
        }
        #expect(try time(#""1996\u002d05-07""#) == 831_427_200_000)
    }

    @Test func shapesThatAreNone() throws {
        for written in [
            "1996-5-07", "1996-05-07T", "1996-05-07T0", "1996-05-07T00", "1996-05-07T00:00:00.Z",
            "1996-05-07T00:00:00ZZ",
            "1996-05-07T00:00:00+24:00", "1996-05-07T00:00:00+1", "1996-05-07T00:00:00+01:60", "1996-05-07Z",
            "1900-02-29", "1996-00-01", "1996-01-00", "1996-04-31", "96-05-07", "1996/05/07", "-996-05-07",
            "1996-05-07T00:00:61Z",
            "831427200000", "0000-00-00T00:00:00Z", "1996-0a-07T00:00:00Z", "1996-05-07T0x:00:00Z",
            "\u{E9}996-05-07T00:00:0Z",
        ] {
            #expect(try time("\"\(written)\"") == nil, "\(written)")
        }
    }

    @Test func epochs() throws {
        #expect(try time("831427200000") == 831_427_200_000)
        #expect(try time("831427200", unit: .seconds) == 831_427_200_000)
        #expect(try time("-1") == -1)
        #expect(try time("1.001", unit: .seconds) == 1001)
        #expect(try time("1600000000.123", unit: .seconds) == 1_600_000_000_123)
        #expect(try time("-0.5", unit: .seconds) == -500)
        #expect(try time("1.6e12") == 1_600_000_000_000)
        #expect(try time("253402300799", unit: .seconds) == 253_402_300_799_000)
        #expect(try time("253402300800", unit: .seconds) == nil)
        #expect(try time("-62135596800", unit: .seconds) == -62_135_596_800_000)
        #expect(try time("1e300") == nil)
    }

    @Test func everyDayOfEveryYear() throws {
        var bench = try Bench(schema())
        var day: Int64 = -719_162
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var wrong = 0
        for year in 1...9999 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let sampled = year < 12 || year % 97 == 0 || (1995...2030).contains(year) || year > 9990
            for month in 1...12 {
                let length = lengths[month - 1] + (month == 2 && isLeap ? 1 : 0)
                if sampled {
                    for date in 1...length {
                        let text = "\(pad(year, 4))-\(pad(month, 2))-\(pad(date, 2))T01:02:03Z"
                        let expected = (day + Int64(date - 1)) * 86_400_000 + 3_723_000
                        if bench.decode(#"{"ts":"\#(text)"}"#).time != expected { wrong += 1 }
                    }
                    let over = "\(pad(year, 4))-\(pad(month, 2))-\(pad(length + 1, 2))T01:02:03Z"
                    if bench.decode(#"{"ts":"\#(over)"}"#).reason != .badTime { wrong += 1 }
                }
                day += Int64(length)
            }
        }
        #expect(wrong == 0)
        #expect(day == 2_932_897)
    }

    private func pad(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
