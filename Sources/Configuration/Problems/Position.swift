/// A place in a pipeline file, both numbers from 1; a column counts characters (Unicode scalars), a tab as one.
struct Position: Sendable, Hashable, Comparable {
    var line: Int
    var column: Int

    static let start = Position(line: 1, column: 1)

    /// Moves behind one byte of UTF-8; only a character's first byte counts.
    mutating func advance(over byte: UInt8) {
        if byte == UInt8(ascii: "\n") {
            self = Position(line: line + 1, column: 1)
        } else if byte & 0b1100_0000 != 0b1000_0000 {
            column += 1
        }
    }

    static func < (left: Position, right: Position) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
