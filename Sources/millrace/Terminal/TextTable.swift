/// Rows in aligned columns: the first column to the left, the others to the right, as numbers read best.
struct TextTable {
    let header: [String]
    var rows: [[String]] = []

    /// The table with a line end after each row. Rows may be shorter than the header.
    var text: String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        return all.map { row in
            var line = ""
            for (column, cell) in row.enumerated() where column < widths.count {
                line +=
                    column == 0
                    ? NumberText.left(cell, widths[0]) : "  " + NumberText.right(cell, widths[column])
            }
            return line + "\n"
        }.joined()
    }
}
