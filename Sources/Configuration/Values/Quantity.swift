/// Numbers with a unit: durations and sizes.
enum Quantity {
    /// Nanoseconds in each unit of a duration.
    private static let durationUnits: [String: Int64] = [
        "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000, "d": 86_400_000_000_000,
    ]
    /// Bytes in each unit of a size: SI units are powers of 1,000, IEC units powers of 1,024.
    private static let sizeUnits: [String: Int64] = [
        "": 1, "B": 1, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
        "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
    ]

    /// `250ms`, `1s`, `1.5h`, `7d`: exact to the nanosecond. `nil` without a unit, below zero or beyond 292 years.
    static func duration(_ text: String) -> Duration? {
        scaled(text, units: durationUnits).map { .nanoseconds($0) }
    }

    /// `128MiB`, `64KB`, `1.5GiB`, or plain bytes. `nil` below zero or beyond 2⁶³ bytes.
    static func bytes(_ text: String) -> Int? {
        scaled(text, units: sizeUnits).flatMap { Int(exactly: $0) }
    }

    /// The shortest way to write `duration`, for messages.
    static func text(_ duration: Duration) -> String {
        let units: [(name: String, length: Duration)] = [
            ("d", .seconds(86_400)), ("h", .seconds(3_600)), ("m", .seconds(60)), ("s", .seconds(1)),
            ("ms", .milliseconds(1)),
        ]
        for unit in units where duration >= unit.length {
            let count = Int(duration / unit.length)
            if unit.length * count == duration { return "\(count)\(unit.name)" }
        }
        return "\(duration / .milliseconds(1))ms"
    }

    /// The shortest way to write a size, for messages.
    static func text(bytes: Int) -> String {
        for (name, shift) in [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)]
        where bytes >= 1 << shift && bytes % (1 << shift) == 0 {
            return "\(bytes >> shift)\(name)"
        }
        return "\(bytes)"
    }

    /// A decimal number times its unit, fractions of the smallest step cut off.
    private static func scaled(_ text: String, units: [String: Int64]) -> Int64? {
        let isDigit: (UInt8) -> Bool = { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let bytes = Array(text.utf8)
        let whole = bytes.prefix(while: isDigit)
        var rest = bytes.dropFirst(whole.count)
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: isDigit)
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(fraction.count + 1)
        }
        guard !whole.isEmpty, let unit = units[String(decoding: rest, as: UTF8.self)],
            let count = Int64(String(decoding: whole, as: UTF8.self))
        else { return nil }
        var (total, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        // In whole numbers, so that 0.1s is 100,000,000 ns and not what the double nearest to 0.1 gives.
        var numerator: UInt64 = 0
        var denominator: UInt64 = 1
        for digit in fraction.prefix(18) {
            numerator = numerator * 10 + UInt64(digit - UInt8(ascii: "0"))
            denominator *= 10
        }
        let product = numerator.multipliedFullWidth(by: UInt64(unit))
        let part = Int64(clamping: denominator.dividingFullWidth(product).quotient)
        (total, overflow) = total.addingReportingOverflow(part)
        guard !overflow else { return nil }
        return total
    }
}
