/// One tree of an ensemble with what watches over it.
@safe final class EnsembleMember<Tree: MemberTree> {
    let tree: Tree
    /// The tree that grows since a warning; empty without one.
    let background: Tree
    let warning: ADWIN
    let drift: ADWIN
    let numbers: UnsafeMutablePointer<Numbers>

    struct Numbers {
        var standing = Tree.Standing()
        var isWarned = false
    }

    init(_ settings: EnsembleSettings, shape: LearnerShape, seed: UInt64) {
        tree = Tree(settings.tree, shape: shape, seed: seed)
        background = Tree(settings.tree, shape: shape, seed: 0)
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
        unsafe numbers.pointee.standing.startOver()
    }

    func encode(into encoder: inout StateEncoder) {
        unsafe numbers.pointee.standing.encode(into: &encoder)
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
        var tree: Tree
        var background: Tree
    }

    func decoded(from decoder: inout StateDecoder) throws(StateError) -> Decoded {
        let numbers = Numbers(standing: try Tree.Standing(from: &decoder), isWarned: try decoder.flag())
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
