// Layout: fingerprint, learned count, level, trend; the values of the first seasons, then of the season; the ring of forecasts
// from its start. Both places in the rings follow from the learned count.
extension HoltWinters {
    private static let tag = StateTag("HOLT")

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(state.learnedCount)
            encoder.append(state.level)
            encoder.append(state.trend)
            for index in 0..<valueCount { encoder.append(unsafe values[index]) }
            for index in 0..<parameters.horizon { encoder.append(unsafe forecasts[index]) }
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let decoded = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            var state = State(
                learnedCount: try decoder.uint64(), level: try decoder.double(), trend: try decoder.double())
            state.phase = Int(state.learnedCount % UInt64(parameters.season))
            state.ringPlace = Int(state.learnedCount % UInt64(parameters.horizon))
            var numbers: [Double] = []
            for _ in 0..<valueCount + parameters.horizon {
                let number = try decoder.double()
                guard number.isFinite else { throw .corrupt }
                numbers.append(number)
            }
            guard state.level.isFinite, state.trend.isFinite else { throw .corrupt }
            return (state: state, numbers: numbers)
        }
        state = decoded.state
        for index in 0..<valueCount { unsafe values[index] = decoded.numbers[index] }
        for index in 0..<parameters.horizon { unsafe forecasts[index] = decoded.numbers[valueCount + index] }
    }
}
