/// Finds the valid key or word that somebody probably meant.
public enum Suggestion {
    /// Longer words are not compared: no key is that long, and the cost grows with the product of the lengths.
    private static let lengthMax = 64
    /// Further candidates are not looked at: a file may declare any number of fields.
    private static let candidatesMax = 500

    /// The candidate nearest to `word`, or `nil` when none is near: at most one edit in a word of up to four letters,
    /// two in one of up to eight, three in a longer one. Letters' case does not count. On a tie the first candidate
    /// wins.
    ///
    /// Complexity: O(candidates · length²).
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let letters = Array(word.lowercased().unicodeScalars)
        guard !letters.isEmpty, letters.count <= lengthMax else { return nil }
        let distanceMax = letters.count <= 4 ? 1 : letters.count <= 8 ? 2 : 3
        var best: (candidate: String, distance: Int)?
        for candidate in candidates.prefix(candidatesMax) where candidate != word {
            let other = Array(candidate.lowercased().unicodeScalars)
            guard other.count <= lengthMax, abs(other.count - letters.count) <= distanceMax else { continue }
            let distance = distance(letters, other)
            // A distance as long as the word means that nothing of it was kept.
            if distance <= distanceMax, distance < letters.count, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.candidate
    }

    /// `; did you mean 'x'?`, or nothing when no candidate is near.
    static func phrase(for word: String, among candidates: some Sequence<String>) -> String {
        nearest(to: word, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// Damerau–Levenshtein distance in its optimal-string-alignment form: insertions, deletions, substitutions and
    /// swaps of neighbours, no part edited twice.
    static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for column in right.indices {
                let substitution = previous[column] + (left[row] == right[column] ? 0 : 1)
                var cost = min(previous[column + 1] + 1, current[column] + 1, substitution)
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
}
