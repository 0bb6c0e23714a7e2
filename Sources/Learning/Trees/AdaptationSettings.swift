/// How a tree watches and replaces its subtrees, and the memory that takes.
struct AdaptationSettings: Sendable, Equatable {
    /// The detector of every split node.
    var detector = ADWIN.Parameters()
    /// Events after which an alternate tree is compared with the subtree.
    var window = 300.0
    var seed: UInt64 = 0
    /// Bytes for everything: half are the tree's, a quarter the alternates', an eighth the monitors', and
    /// an eighth is left for what lies about.
    var byteCountMax = 100 << 20

    var treeByteCountMax: Int { byteCountMax / 2 }
    /// How many alternates may grow at a time.
    var alternateCountMax: Int { byteCountMax < 1 << 20 ? 1 : 12 }
    var alternateByteCountMax: Int { byteCountMax / 4 / alternateCountMax }
    /// A detector is about two kilobytes when its window is long.
    var monitorCountMax: Int { max(1, byteCountMax / 8 / 2_048) }
}
