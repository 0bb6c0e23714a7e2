/// How often each class was predicted for each class, growing as classes appear.
///
/// Bounded: classes from number ``classCountMax`` − 1 on, and labels that are no class index, count as one class, the last.
struct ConfusionMatrix: Sendable, Equatable {
    /// Rows and columns at most: 128 KiB of sums.
    static let classCountMax = 128

    /// How many classes were met, as label or as prediction.
    private(set) var classCount = 0
    /// Cells between two rows: `cells[label * stride + predicted]`.
    private var stride = 0
    private var cells: [Double] = []

    init() {}

    /// The weight of events of class `label` for which `predicted` was said; both are below `classCount`.
    subscript(label: Int, predicted: Int) -> Double { cells[label * stride + predicted] }

    /// Allocates only when a class appears.
    @inline(__always)
    mutating func add(label: Double, predicted: Double, weight: Double) {
        let row = Self.index(label)
        let column = Self.index(predicted)
        if max(row, column) >= classCount { grow(to: max(row, column) + 1) }
        cells[row * stride + column] += weight
    }

    /// The row of a label: itself, or the last one.
    @inline(__always)
    static func index(_ label: Double) -> Int {
        label >= 0 && label < Double(classCountMax) ? Int(label) : classCountMax - 1
    }

    mutating func scale(by factor: Double) {
        for index in cells.indices { cells[index] *= factor }
    }

    mutating func merge(_ other: ConfusionMatrix, scale: Double) {
        if other.classCount > classCount { grow(to: other.classCount) }
        for label in 0..<other.classCount {
            for predicted in 0..<other.classCount {
                cells[label * stride + predicted] += other[label, predicted] * scale
            }
        }
    }

    @inline(never)
    private mutating func grow(to count: Int) {
        defer { classCount = count }
        guard count > stride else { return }
        let wider = min(max(4, 2 * stride, count), Self.classCountMax)
        var moved = Array(repeating: 0.0, count: wider * wider)
        for label in 0..<classCount {
            for predicted in 0..<classCount { moved[label * wider + predicted] = self[label, predicted] }
        }
        cells = moved
        stride = wider
    }

    static func == (left: ConfusionMatrix, right: ConfusionMatrix) -> Bool {
        guard left.classCount == right.classCount else { return false }
        return (0..<left.classCount).allSatisfy { label in
            (0..<left.classCount).allSatisfy { left[label, $0] == right[label, $0] }
        }
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt16(classCount))
        for label in 0..<classCount {
            for predicted in 0..<classCount { encoder.append(self[label, predicted]) }
        }
    }

    init(from decoder: inout StateDecoder) throws(StateError) {
        let count = Int(try decoder.uint16())
        guard count <= Self.classCountMax else { throw .corrupt }
        if count > 0 { grow(to: count) }
        for label in 0..<count {
            for predicted in 0..<count { cells[label * stride + predicted] = try decoder.weight() }
        }
    }
}
