/// Repeats the label learned last, of the whole stream or of the event's key; ignores the features.
///
/// Binary: 1 or 0, and 0.5 before the first label. Regression: that value, 0 before. Multiclass: that class with
/// probability 1. With `by: key` an event without a key, or of a key not remembered (``LabelTable``), gets the stream's.
final class LastLabelLearner: Learner {
    let task: LearningTask
    private let isByKey: Bool
    private let fingerprint: UInt64
    private var learned: UInt64 = 0
    private var last: Double
    private var classCount = 0
    private var table: LabelTable?

    init(task: LearningTask, isByKey: Bool, fingerprint: UInt64) {
        self.task = task
        self.isByKey = isByKey
        self.fingerprint = fingerprint
        last = Self.untaught(task)
    }

    private static func untaught(_ task: LearningTask) -> Double { task == .binary ? 0.5 : 0 }

    var learnedCount: UInt64 { learned }
    var usesKey: Bool { isByKey }
    var memoryByteCount: Int { MemoryLayout<Double>.size * 3 + (table?.memoryByteCount ?? 0) }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        var label = last
        if isByKey, features.keyHash != 0, let ofKey = table?.label(of: features.keyHash) { label = ofKey }
        prediction.value = label
        guard task == .multiclass else { return }
        prediction.reserveClasses(classCount)
        if let index = Int(exactly: label), index < classCount { prediction[index] = 1 }
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, weight <= LearnableRange.magnitudeMax, LearnableRange.accepts(label, task: task) else {
            return
        }
        learned &+= 1
        last = task == .binary ? (label > 0.5 ? 1 : 0) : label
        if task == .multiclass {
            last = label.rounded(.down)
            classCount = max(classCount, Int(last) + 1)
        }
        guard isByKey, features.keyHash != 0 else { return }
        if table == nil { table = LabelTable() }
        table?.set(last, of: features.keyHash, now: learned)
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(learned)
            encoder.append(last)
            encoder.append(UInt32(truncatingIfNeeded: classCount))
            encoder.append(table != nil)
            table?.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        var decoded: LabelTable?
        try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let learned = try decoder.uint64()
            let last = try decoder.double()
            let classCount = Int(try decoder.uint32())
            guard classCount <= LearnableRange.classCountMax,
                isAnswer(last, classCount) || last == Self.untaught(task)
            else { throw .corrupt }
            if try decoder.flag() {
                decoded = try LabelTable(from: &decoder) { isAnswer($0, classCount) }
            }
            guard decoder.isAtEnd else { throw .corrupt }
            (self.learned, self.last, self.classCount) = (learned, last, classCount)
        }
        table = decoded.take()
    }

    /// Whether `label` is one that is remembered while so many classes are known.
    private func isAnswer(_ label: Double, _ classCount: Int) -> Bool {
        switch task {
        case .binary: label == 0 || label == 1
        case .multiclass: label >= 0 && label < Double(classCount) && label == label.rounded(.down)
        case .regression, .anomaly: LearnableRange.accepts(label, task: .regression)
        }
    }

    private static let tag = StateTag("LAST")
}
