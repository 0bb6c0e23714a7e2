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
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// The table with no line longer than `width`, as far as one column beside the first has room: columns that have none go
    /// on in further tables below, each with the first column and with the rows that have something to say in it.
    func text(within width: Int) -> String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        var blocks: [[Int]] = []
        var used = 0
        for column in widths.indices.dropFirst() {
            if blocks.isEmpty || used + 2 + widths[column] > width {
                blocks.append([])
                used = widths[0]
            }
            blocks[blocks.count - 1].append(column)
            used += 2 + widths[column]
        }
        guard blocks.count > 1 else { return text }
        return blocks.enumerated().map { index, columns in
            part(columns, keepsEmptyRows: index == 0).text
        }.joined(separator: "\n")
    }

    private func part(_ columns: [Int], keepsEmptyRows: Bool) -> TextTable {
        let cut = { (row: [String]) in [row[0]] + columns.map { $0 < row.count ? row[$0] : "" } }
        var part = TextTable(header: cut(header))
        part.rows = rows.map(cut).filter { keepsEmptyRows || $0.dropFirst().contains { !$0.isEmpty } }
        return part
    }
}
