// Layout: fingerprint, learned count; values, series, errors, the oldest first; room for horizon − 1 waiting events, the oldest
// first, each label, weight, features; the regression.
extension SNARIMAX {
    private static let tag = StateTag("SNAR")

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(learnedCount)
            values.encode(into: &encoder)
            series.encode(into: &encoder)
            errors.encode(into: &encoder)
            for position in 0..<horizon - 1 {
                let event = unsafe pendingEvent(position)
                for index in 0..<pendingWidth { encoder.append(position < pendingCount ? unsafe event[index] : 0) }
            }
            regression.encode(into: &encoder)
        }
    }

    private struct Decoded {
        var learnedCount: UInt64
        var values: [Double]
        var series: [Double]
        var errors: [Double]
        var pending: [Double]
    }

    /// The regression decodes last; should anything fail after it, it is put back as it was.
    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let decoded = try decoder.section(
            Self.tag, newest: 1, saving: regression.encode, restoring: regression.decode
        ) { decoder, _ throws(StateError) in
            let own = try decodeOwn(from: &decoder)
            try regression.decode(from: &decoder)
            return own
        }
        learnedCount = decoded.learnedCount
        values.replace(by: decoded.values)
        series.replace(by: decoded.series)
        errors.replace(by: decoded.errors)
        for position in 0..<pendingCount {
            let event = unsafe pendingEvent(position)
            for index in 0..<pendingWidth { unsafe event[index] = decoded.pending[position * pendingWidth + index] }
        }
    }

    private func decodeOwn(from decoder: inout StateDecoder) throws(StateError) -> Decoded {
        guard try decoder.uint64() == fingerprint else { throw .mismatch }
        var decoded = Decoded(
            learnedCount: try decoder.uint64(), values: try decoder.history(capacity: values.capacity),
            series: try decoder.history(capacity: series.capacity),
            errors: try decoder.history(capacity: errors.capacity), pending: [])
        guard decoded.values.allSatisfy(\.isFinite) else { throw .corrupt }
        for place in 0..<(horizon - 1) * pendingWidth {
            let number = try decoder.double()
            // Labels are known; features may be absent.
            guard place % pendingWidth == 0 ? LearnableRange.accepts(number, task: task) : !number.isInfinite else {
                throw .corrupt
            }
            decoded.pending.append(number)
        }
        return decoded
    }
}
