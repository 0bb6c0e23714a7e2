/// One tree of a regression forest with what watches over it.
@safe final class RegressionMember {
    let tree: RegressionTree
    /// The tree that grows since a warning; empty without one.
    let background: RegressionTree
    let warning: ADWIN
    let drift: ADWIN
    let numbers: UnsafeMutablePointer<Numbers>

    struct Numbers {
        /// The errors (with their sign) of the tree, by which they are brought to one scale.
        var errors = TargetStatistics()
        var isWarned = false
    }

    init(_ settings: EnsembleSettings, shape: LearnerShape, seed: UInt64) {
        tree = RegressionTree(settings.tree, shape: shape, seed: seed)
        background = RegressionTree(settings.tree, shape: shape)
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

    /// Takes an error in and gives it on a scale on which nearly all lie in 0...1: three standard deviations to either side
    /// of none.
    @inline(__always)
    func scaled(_ error: Double) -> Double {
        unsafe numbers.pointee.errors.add(error, weight: 1)
        let deviation = unsafe numbers.pointee.errors.variance.squareRoot()
        guard deviation > 0, deviation.isFinite else { return 0.5 }
        return (error + 3 * deviation) / (6 * deviation)
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
        unsafe numbers.pointee.isWarned = false
    }

    func encode(into encoder: inout StateEncoder) {
        let errors = unsafe numbers.pointee.errors
        for number in [errors.count, errors.mean, errors.squares] { encoder.append(number) }
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
        var tree: RegressionTree
        var background: RegressionTree
    }

    func decoded(from decoder: inout StateDecoder) throws(StateError) -> Decoded {
        let errors = TargetStatistics(
            count: try decoder.double(), mean: try decoder.double(), squares: try decoder.double())
        guard errors.isPlausible else { throw .corrupt }
        let numbers = Numbers(errors: errors, isWarned: try decoder.flag())
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
