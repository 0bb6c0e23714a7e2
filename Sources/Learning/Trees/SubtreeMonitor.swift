/// Watches the errors below one split node, and grows what may take the place of the subtree.
@safe final class SubtreeMonitor<Tree: WatchedTree> {
    let detector: ADWIN
    let core: UnsafeMutablePointer<Core>

    struct Core {
        /// All errors of the subtree, by which they are brought to one scale.
        var errors = TargetStatistics()
        /// A tree that grows since the errors became more; nil without one.
        var alternate: Tree?
        /// Events since the alternate began, and the sums of scaled errors of both on them.
        var count = 0.0
        var error = 0.0
        var alternateError = 0.0
    }

    /// What is to be done with an alternate.
    enum Verdict { case wait, replace, drop }

    /// The probability of a difference by chance of which River's implementation, too, makes use.
    private static var significance: Double { 0.05 }

    init(_ parameters: ADWIN.Parameters) {
        detector = ADWIN(parameters)
        unsafe core = .allocate(capacity: 1)
        unsafe core.initialize(to: Core())
    }

    deinit {
        unsafe core.deinitialize(count: 1)
        unsafe core.deallocate()
    }

    var memoryByteCount: Int {
        unsafe detector.memoryByteCount + MemoryLayout<Core>.stride + (core.pointee.alternate?.memoryByteCount ?? 0)
    }

    /// Takes in an error of the subtree; true when the errors became more.
    @inline(__always)
    func notices(_ error: Double) -> Bool {
        unsafe core.pointee.errors.add(error, weight: 1)
        let scaled = unsafe Tree.scaled(error, by: core.pointee.errors)
        let before = detector.estimation
        return detector.update(scaled) && detector.estimation > before
    }

    /// Another tree, or none, grows from here on.
    func begin(_ alternate: Tree?) {
        unsafe core.pointee.alternate = alternate
        unsafe (core.pointee.count, core.pointee.error, core.pointee.alternateError) = (0, 0, 0)
    }

    /// Takes in what both trees erred on one event and compares their error rates e and a after `window` events: the better
    /// one stays when they differ by more than √(2·e·(1 − e)·ln(2/significance)·(1/n + 1/n)).
    @inline(__always)
    func judge(_ error: Double, _ alternateError: Double, window: Double) -> Verdict {
        let errors = unsafe core.pointee.errors
        unsafe core.pointee.count += 1
        unsafe core.pointee.error += Tree.scaled(error, by: errors)
        unsafe core.pointee.alternateError += Tree.scaled(alternateError, by: errors)
        let count = unsafe core.pointee.count
        guard count > window else { return .wait }
        let rate = unsafe core.pointee.error / count
        let difference = unsafe rate - core.pointee.alternateError / count
        let bound = (4 * rate * max(0, 1 - rate) * logarithm(2 / Self.significance) / count).squareRoot()
        if difference > bound { return .replace }
        return -difference > bound ? .drop : .wait
    }

    func encode(into encoder: inout StateEncoder) {
        detector.encode(into: &encoder)
        let core = unsafe core.pointee
        for number in [core.errors.count, core.errors.mean, core.errors.squares] { encoder.append(number) }
        encoder.append(core.alternate != nil)
        guard let alternate = core.alternate else { return }
        for number in [core.count, core.error, core.alternateError] { encoder.append(number) }
        alternate.encode(into: &encoder)
    }

    /// Reads a monitor; `example` is a tree of the settings and shape that alternates have.
    init(from decoder: inout StateDecoder, _ parameters: ADWIN.Parameters, example: Tree) throws(StateError) {
        let window = try ADWIN.Decoded(from: &decoder, parameters: parameters)
        var read = Core()
        read.errors = TargetStatistics(
            count: try decoder.double(), mean: try decoder.double(), squares: try decoder.double())
        guard read.errors.isPlausible else { throw .corrupt }
        if try decoder.flag() {
            (read.count, read.error) = (try decoder.double(), try decoder.double())
            read.alternateError = try decoder.double()
            guard read.count >= 0, read.count < 0x1p60 else { throw .corrupt }
            for error in [read.error, read.alternateError] {
                guard error >= 0, error <= read.count else { throw .corrupt }
            }
            read.alternate = try example.decoded(from: &decoder)
        }
        detector = ADWIN(parameters)
        detector.replace(by: window)
        unsafe core = .allocate(capacity: 1)
        unsafe core.initialize(to: read)
    }
}
