import Configuration

/// The candidate that somebody who typed `word` probably meant, by the same rule as in pipeline files; failing that, the
/// first that begins with `word`. Complexity: O(candidates · length²), for short words.
func nearestWord(to word: String, among candidates: [String]) -> String? {
    Suggestion.nearest(to: word, among: candidates)
        ?? candidates.first { word.utf8.count > 2 && $0.hasPrefix(word) }
}
