/// What one batch amounted to; added to the metrics once, after the batch.
struct BatchCounts {
    var predicted: UInt64 = 0
    var learned: UInt64 = 0
    /// Events without a label.
    var unlabelled: UInt64 = 0
    /// Events whose class no classifier can take any more.
    var classesRefused: UInt64 = 0
    var absentFeatures: UInt64 = 0
    var bad: UInt64 = 0
    var backwardSteps: UInt64 = 0
    var restampedRecords: UInt64 = 0
    var unknownCategories: UInt64 = 0
}
