// Layout: fingerprint, learned count, weight in the window, whether there is a reference; the two masses of each node. The
// cuts follow from the seed, which the fingerprint stands for.
extension HalfSpaceTrees {
    private static let tag = StateTag("HSTR")

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(state.learnedCount)
            encoder.append(state.filled)
            encoder.append(state.hasReference)
            for index in 0..<nodeCount {
                encoder.append(unsafe nodes[index].reference.bitPattern)
                encoder.append(unsafe nodes[index].latest.bitPattern)
            }
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let decoded = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let state = State(
                learnedCount: try decoder.uint64(), filled: try decoder.double(), hasReference: try decoder.flag())
            guard state.filled >= 0, state.filled < .infinity else { throw .corrupt }
            var masses: [SIMD2<Float>] = []
            masses.reserveCapacity(nodeCount)
            for _ in 0..<nodeCount {
                let pair = SIMD2(
                    Float(bitPattern: try decoder.uint32()), Float(bitPattern: try decoder.uint32()))
                guard all((pair .>= 0) .& (pair .<= Self.massMax)) else { throw .corrupt }
                masses.append(pair)
            }
            return (state: state, masses: masses)
        }
        state = decoded.state
        for (index, pair) in decoded.masses.enumerated() {
            unsafe nodes[index].reference = pair.x
            unsafe nodes[index].latest = pair.y
        }
    }
}
