/// ADWIN as a detector for people: a detection ends the whole window.
struct AdwinRule: DriftRule, ~Copyable {
    static let tag = StateTag("ADWN")
    static let acceptedValues = ClosedRange<Double>.learnable
    private let window: ADWIN

    init(_ parameters: ADWIN.Parameters) { window = ADWIN(parameters) }

    var heapByteCount: Int { window.memoryByteCount }
    mutating func update(_ value: Double) -> DriftLevel { window.update(value) ? .drift : .stable }
    mutating func reset() { window.reset() }
    func encode(into encoder: inout StateEncoder) { window.encode(into: &encoder) }
    func read(from decoder: inout StateDecoder) throws(StateError) -> ADWIN.Decoded {
        try ADWIN.Decoded(from: &decoder, parameters: window.parameters)
    }
    mutating func take(_ saved: ADWIN.Decoded) { window.replace(by: saved) }
}
