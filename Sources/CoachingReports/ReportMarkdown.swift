// SPDX-License-Identifier: Apache-2.0

extension Report {
    /// Gives the report as Markdown with tables.
    public var markdown: String {
        var lines = ["# \(Self.escaped(title))", "", Self.escaped(subtitle)]
        for section in sections {
            lines += ["", "## \(Self.escaped(section.title))"]
            if !section.figures.isEmpty {
                lines.append("")
                lines += section.figures.map {
                    "- \(Self.escaped($0.label)): **\(Self.escaped($0.value))**"
                }
            }
            for chart in section.charts { lines += Self.table(chart) }
            if !section.notes.isEmpty {
                lines.append("")
                lines += section.notes.map { "- \(Self.escaped($0))" }
            }
            if !section.explanation.isEmpty {
                lines += ["", "_\(Self.escaped(section.explanation))_"]
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func table(_ chart: ReportChart) -> [String] {
        var head = [chart.rowTitle] + chart.columns
        if chart.hasRemarks { head.append("words") }
        let rows = chart.rows.map { row in
            var cells = [row.label]
            cells += chart.columns.indices.map { index in
                chart.text(row.values.indices.contains(index) ? row.values[index] : nil)
            }
            if chart.hasRemarks { cells.append(row.remark) }
            return cells
        }
        func line(_ cells: [String]) -> String {
            "| " + cells.map { escaped($0) }.joined(separator: " | ") + " |"
        }
        let rule = [":--"] + chart.columns.map { _ in "--:" } + (chart.hasRemarks ? [":--"] : [])
        return ["", "### \(escaped(chart.title))", "", escaped(chart.summary), ""]
            + [line(head), "| " + rule.joined(separator: " | ") + " |"] + rows.map(line)
    }

    /// A text in which nothing is markup.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in ReportText.plain(text) {
            if "\\`*_{}[]<>#|!~&".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }
}
