// SPDX-License-Identifier: Apache-2.0

/// A report as one file for a browser: no script, nothing from elsewhere.
///
/// Its drawings are SVG in the page; each has words that say the same, and its numbers in a table.
/// It follows the reader's choice of light or dark, and prints on white.
public struct ReportPage: Sendable {
    /// The report.
    public var report: Report

    /// Makes a page.
    public init(_ report: Report) { self.report = report }

    /// The whole file, well-formed as XML too.
    public var html: String {
        let title = ReportMarkup.text(report.title)
        var parts = [
            "<!DOCTYPE html>",
            "<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">",
            "<head>",
            "<meta charset=\"utf-8\"/>",
            "<meta http-equiv=\"Content-Security-Policy\" "
                + "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>",
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>",
            "<meta name=\"referrer\" content=\"no-referrer\"/>",
            "<meta name=\"color-scheme\" content=\"light dark\"/>",
            "<title>\(title)</title>",
            "<style>\(Self.style)</style>",
            "</head>",
            "<body>",
            "<header>",
            "<h1>\(title)</h1>",
            "<p>\(ReportMarkup.text(report.subtitle))</p>",
            "</header>",
            "<main>",
        ]
        for (index, section) in report.sections.enumerated() { parts += part(section, index) }
        parts += ["</main>", "</body>", "</html>", ""]
        return parts.joined(separator: "\n")
    }

    private func part(_ section: ReportSection, _ number: Int) -> [String] {
        var lines = [
            "<section aria-labelledby=\"h\(number)\">",
            "<h2 id=\"h\(number)\">\(ReportMarkup.text(section.title))</h2>",
        ]
        if !section.figures.isEmpty {
            lines.append("<dl>")
            lines += section.figures.map {
                "<div><dt>\(ReportMarkup.text($0.label))</dt>"
                    + "<dd>\(ReportMarkup.text($0.value))</dd></div>"
            }
            lines.append("</dl>")
        }
        for (index, chart) in section.charts.enumerated() where !chart.rows.isEmpty {
            lines += figure(chart, "c\(number)-\(index)")
        }
        if !section.notes.isEmpty {
            lines.append("<ul>")
            lines += section.notes.map { "<li>\(ReportMarkup.text($0))</li>" }
            lines.append("</ul>")
        }
        if !section.explanation.isEmpty {
            lines.append("<p class=\"why\">\(ReportMarkup.text(section.explanation))</p>")
        }
        lines.append("</section>")
        return lines
    }

    private func figure(_ chart: ReportChart, _ id: String) -> [String] {
        var lines = [
            "<figure>",
            "<figcaption>\(ReportMarkup.text(chart.title))</figcaption>",
            ReportPicture(chart: chart, id: id).svg,
        ]
        if chart.columns.count > 1 {
            lines.append("<p class=\"key\">")
            lines += chart.columns.enumerated().map { index, column in
                "<span><i class=\"k\(index % ReportPalette.light.columns.count)\"></i>"
                    + "\(ReportMarkup.text(column))</span>"
            }
            lines.append("</p>")
        }
        if chart.drawn.count < chart.rows.count {
            lines.append(
                "<p class=\"why\">Drawn are the last \(chart.drawn.count) of "
                    + "\(chart.rows.count); the numbers are of all.</p>"
            )
        }
        lines.append("<details><summary>The numbers</summary>")
        lines += table(chart)
        lines += ["</details>", "</figure>"]
        return lines
    }

    private func table(_ chart: ReportChart) -> [String] {
        var lines = ["<table>", "<thead><tr>"]
        lines.append("<th scope=\"col\">\(ReportMarkup.text(chart.rowTitle))</th>")
        lines += chart.columns.map { "<th scope=\"col\" class=\"n\">\(ReportMarkup.text($0))</th>" }
        if chart.hasRemarks { lines.append("<th scope=\"col\">words</th>") }
        lines.append("</tr></thead><tbody>")
        for row in chart.rows {
            lines.append("<tr><th scope=\"row\">\(ReportMarkup.text(row.label))</th>")
            lines += chart.columns.indices.map { index in
                let value = row.values.indices.contains(index) ? row.values[index] : nil
                return "<td class=\"n\">\(ReportMarkup.text(chart.text(value)))</td>"
            }
            if chart.hasRemarks { lines.append("<td>\(ReportMarkup.text(row.remark))</td>") }
            lines.append("</tr>")
        }
        return lines + ["</tbody></table>"]
    }
}

/// Texts in HTML.
enum ReportMarkup {
    /// A text in which nothing is markup and nothing steers.
    static func text(_ text: String) -> String {
        var escaped = ""
        for character in ReportText.plain(text).unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default:
                let value = character.value
                // What XML has no place for.
                if value & 0xfffe == 0xfffe || (0xfdd0...0xfdef).contains(value) { continue }
                escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
