/// Least value, quartiles and largest value of a stream in constant memory: five markers that move as values come (P²).
///
/// Up to five values they are exact (linear between neighbours); each of those counts once, whatever its weight.
///
/// Source: Jain and Chlamtac, The P² algorithm for dynamic calculation of quantiles and histograms without storing
/// observations, Communications of the ACM 28, 1985, for the median, whose two helping markers are the other quartiles.
/// Beyond it: a later value can weigh more or less than 1, which moves the markers' positions by that much.
struct RunningQuartiles {
    /// How many of the first five values have come, 0...5.
    private(set) var seen = 0
    /// The values so far, ascending, while there are fewer than five; then the heights of the markers, ascending.
    private(set) var heights: InlineArray<5, Double> = [0, 0, 0, 0, 0]
    /// How many values (weighted) lie up to each marker.
    private(set) var positions: InlineArray<5, Double> = [1, 2, 3, 4, 5]

    /// Quartile 1, 2 (the median) or 3; 0 before the first value.
    func quartile(_ number: Int) -> Double {
        guard seen < 5 else { return heights[number] }
        guard seen > 0 else { return 0 }
        let place = Double(number) / 4 * Double(seen - 1)
        let lower = Int(place)
        let upper = min(lower + 1, seen - 1)
        return heights[lower] + (place - Double(lower)) * (heights[upper] - heights[lower])
    }

    /// Takes in `value` (finite), which counts `weight` (above 0) times.
    mutating func add(_ value: Double, weight: Double) {
        guard seen == 5 else { return addFirst(value) }
        var cell = 0
        if value < heights[0] {
            heights[0] = value
        } else if value >= heights[4] {
            heights[4] = value
            cell = 3
        } else {
            while cell < 3, value >= heights[cell + 1] { cell += 1 }
        }
        for marker in (cell + 1)..<5 { positions[marker] += weight }
        let span = positions[4] - 1
        for marker in 1..<4 { adjust(marker, desired: 1 + span * (Double(marker) / 4)) }
    }

    private mutating func addFirst(_ value: Double) {
        var place = seen
        while place > 0, heights[place - 1] > value {
            heights[place] = heights[place - 1]
            place -= 1
        }
        heights[place] = value
        seen += 1
    }

    /// Moves a marker one place towards where it should be, if it is a place off and has room.
    private mutating func adjust(_ marker: Int, desired: Double) {
        let distance = desired - positions[marker]
        let below = positions[marker] - positions[marker - 1]
        let above = positions[marker + 1] - positions[marker]
        guard distance >= 1 && above > 1 || distance <= -1 && below > 1 else { return }
        let step: Double = distance > 0 ? 1 : -1
        let (rise, fall) = (
            heights[marker + 1] - heights[marker], heights[marker] - heights[marker - 1]
        )
        let parabolic =
            heights[marker] + step / (above + below)
            * ((below + step) * rise / above + (above - step) * fall / below)
        if heights[marker - 1] < parabolic && parabolic < heights[marker + 1] {
            heights[marker] = parabolic
        } else {
            heights[marker] += step > 0 ? rise / above : -(fall / below)
        }
        positions[marker] += step
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt8(seen))
        for marker in 0..<5 { encoder.append(heights[marker]) }
        for marker in 0..<5 { encoder.append(positions[marker]) }
    }

    /// Any numbers will do, and none can trap.
    init(from decoder: inout StateDecoder) throws(StateError) {
        seen = Int(try decoder.byte())
        guard seen <= 5 else { throw .corrupt }
        for marker in 0..<5 { heights[marker] = try decoder.double() }
        for marker in 0..<5 { positions[marker] = try decoder.double() }
    }

    init() {}
}
