/// What the state of a learner of one tree consists of.
struct SingleTreeState<Tree: WatchedTree> {
    let fingerprint: UInt64
    let counter: EventCounter
    let tree: Tree
    let watch: SubtreeWatch<Tree>?

    func encode(_ tag: StateTag, into encoder: inout StateEncoder) {
        encoder.section(tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(counter.value)
            tree.encode(into: &encoder)
            watch?.encode(tree, into: &encoder)
        }
    }

    /// On an error nothing is changed.
    func decode(_ tag: StateTag, from decoder: inout StateDecoder) throws(StateError) {
        let (count, decoded, watched) = try decoder.section(tag, newest: 1) {
            decoder, _ throws(StateError) -> (UInt64, Tree, SubtreeWatch<Tree>.Decoded?) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let count = try decoder.uint64()
            let decoded = try tree.decoded(from: &decoder)
            return (count, decoded, try watch?.decoded(decoded, from: &decoder))
        }
        counter.value = count
        tree.takeOver(decoded)
        if let watched { watch?.takeOver(watched) }
    }
}
