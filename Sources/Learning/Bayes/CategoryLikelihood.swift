extension ClassTable {
    /// Multiplies the classes' products with the smoothed likelihoods of the event's categories.
    @inline(__always)
    func multiplyCategories(_ features: borrowing FeatureVector, _ counts: borrowing CategoryCounts, alpha: Double) {
        for position in 0..<features.sparseCount {
            guard let first = counts.firstCell(of: features.sparseEntry(position).index) else { continue }
            multiplyCategory(first, counts, alpha: alpha)
        }
    }

    @inline(never)
    private func multiplyCategory(_ first: Int, _ counts: borrowing CategoryCounts, alpha: Double) {
        let field = counts.cell(first).field
        let smoothing = alpha * counts.valueCount(of: field)
        for label in 0..<classCount where count(of: label) > 0 {
            multiply(label, by: alpha / (counts.total(label, field) + smoothing))
        }
        var index = first
        while index >= 0 {
            let cell = counts.cell(index)
            multiply(Int(cell.label), by: (cell.count + alpha) / alpha)
            index = Int(cell.next)
        }
    }
}
