/// The candidate with the fewest single-character edits (insert, delete, replace, swap of neighbours) from `word`, if
/// it is near enough to be a slip of the finger: at most a third of the longer word, and at most 3. The first of equally
/// near ones. Complexity: O(candidates · length²), for short words.
func nearestWord(to word: String, among candidates: [String]) -> String? {
    var best: (distance: Int, word: String)?
    for candidate in candidates {
        let distance = editDistance(Array(word.utf8), Array(candidate.utf8))
        let allowed = min(3, max(word.utf8.count, candidate.utf8.count) / 3 + 1)
        guard distance <= allowed, distance < best?.distance ?? .max else { continue }
        best = (distance, candidate)
    }
    return best?.word ?? candidates.first { word.utf8.count > 2 && $0.hasPrefix(word) }
}

/// Optimal string alignment distance.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        for column in right.indices {
            var cost = previous[column] + (left[row] == right[column] ? 0 : 1)
            cost = min(cost, previous[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                cost = min(cost, beforePrevious[column - 1] + 1)
            }
            current.append(cost)
        }
        beforePrevious = previous
        previous = current
    }
    return previous[right.count]
}
