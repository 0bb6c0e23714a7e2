/// One tree of an ensemble with what watches over it.
@safe final class EnsembleMember {
    let tree: ClassificationTree
    /// The tree that grows since a warning; empty without one.
    let background: ClassificationTree
    let warning: ADWIN
    let drift: ADWIN
    let numbers: UnsafeMutablePointer<Numbers>

    struct Numbers {
        /// Weight of the events that the tree foretold, since it began.
        var right = 0.0
        /// Weight of those it did not.
        var wrong = 0.0
        var isWarned = false
    }

    init(_ settings: EnsembleSettings, shape: LearnerShape, seed: UInt64) {
        tree = ClassificationTree(settings.tree, shape: shape, seed: seed)
        background = ClassificationTree(settings.tree, shape: shape)
        warning = ADWIN(settings.warning)
        drift = ADWIN(settings.drift)
        unsafe numbers = .allocate(capacity: 1)
        unsafe numbers.initialize(to: Numbers())
    }

    deinit { unsafe numbers.deallocate() }

    var memoryByteCount: Int {
        tree.memoryByteCount + background.memoryByteCount + warning.memoryByteCount + drift.memoryByteCount
            + MemoryLayout<Numbers>.stride
    }
    var nodeCount: Int { tree.nodeCount + background.nodeCount }

    /// The share of events that the tree foretold, 0 before the first.
    @inline(__always)
    var accuracy: Double {
        let (right, wrong) = unsafe (numbers.pointee.right, numbers.pointee.wrong)
        return right + wrong > 0 ? right / (right + wrong) : 0
    }

    /// Counts whether the tree foretold an event.
    @inline(__always)
    func count(_ isRight: Bool, weight: Double) {
        if isRight { unsafe numbers.pointee.right += weight } else { unsafe numbers.pointee.wrong += weight }
    }

    /// A tree grows in the background from here on, which draws from `seed`.
    func beginBackground(seed: UInt64) {
        background.reset(seed: seed)
        unsafe numbers.pointee.isWarned = true
        warning.reset()
    }

    /// The background tree, or an empty one that draws from `seed`, takes the tree's place.
    func startOver(seed: UInt64) {
        if unsafe numbers.pointee.isWarned {
            tree.takeOver(background)
            background.reset(seed: seed)
            warning.reset()
        } else {
            tree.reset(seed: seed)
        }
        drift.reset()
        unsafe numbers.pointee = Numbers()
    }

    func encode(into encoder: inout StateEncoder) {
        unsafe encoder.append(numbers.pointee.right)
        unsafe encoder.append(numbers.pointee.wrong)
        unsafe encoder.append(numbers.pointee.isWarned)
        warning.encode(into: &encoder)
        drift.encode(into: &encoder)
        tree.encode(into: &encoder)
        background.encode(into: &encoder)
    }

    /// A member that was read and checked.
    struct Decoded {
        var numbers: Numbers
        var warning: ADWIN.Decoded
        var drift: ADWIN.Decoded
        var tree: ClassificationTree
        var background: ClassificationTree
    }

    func decoded(from decoder: inout StateDecoder) throws(StateError) -> Decoded {
        let numbers = Numbers(
            right: try decoder.double(), wrong: try decoder.double(), isWarned: try decoder.flag())
        guard numbers.right >= 0, numbers.wrong >= 0, (numbers.right + numbers.wrong).isFinite else { throw .corrupt }
        return Decoded(
            numbers: numbers, warning: try ADWIN.Decoded(from: &decoder, parameters: warning.parameters),
            drift: try ADWIN.Decoded(from: &decoder, parameters: drift.parameters),
            tree: try tree.decoded(from: &decoder), background: try background.decoded(from: &decoder))
    }

    func takeOver(_ decoded: Decoded) {
        unsafe numbers.pointee = decoded.numbers
        warning.replace(by: decoded.warning)
        drift.replace(by: decoded.drift)
        tree.takeOver(decoded.tree)
        background.takeOver(decoded.background)
    }
}
