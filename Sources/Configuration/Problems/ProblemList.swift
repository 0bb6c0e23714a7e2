/// Collects problems while a file is read: each once, ordered by place, and no more than a person would read.
struct ProblemList {
    /// Problems beyond this many are counted, not kept, so that a file of a million typos costs no more than a short
    /// one.
    static let countMax = 200

    private struct Finding: Hashable {
        var position: Position
        var message: String
        var isNotYet: Bool
    }

    private var findings: [Finding] = []
    private var seen: Set<Finding> = []
    private(set) var isOverflowing = false

    var isEmpty: Bool { findings.isEmpty }
    /// Whether another problem would still be kept; a search for suggestions is not worth its time otherwise.
    var isFull: Bool { findings.count >= Self.countMax }

    /// Adds a problem unless the very same one is there (an alias can lead to one place twice).
    mutating func add(_ message: String, at position: Position, isNotYet: Bool = false) {
        let finding = Finding(position: position, message: message, isNotYet: isNotYet)
        guard !isFull else {
            isOverflowing = isOverflowing || !seen.contains(finding)
            return
        }
        if seen.insert(finding).inserted { findings.append(finding) }
    }

    /// The problems of `file` in the order of their places; at one place, in the order in which they were found.
    func problems(in file: String) -> [Problem] {
        var problems = findings.enumerated()
            .sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
            .map { _, finding in
                Problem(
                    file: file, line: finding.position.line, column: finding.position.column,
                    message: finding.message, isNotYet: finding.isNotYet)
            }
        if isOverflowing, let last = problems.last {
            problems.append(
                Problem(
                    file: file, line: last.line, column: last.column,
                    message: "more than \(Self.countMax) problems; the others are left out"))
        }
        return problems
    }
}
