// SPDX-License-Identifier: Apache-2.0

/// A report as lines of a terminal.
///
/// Colours say nothing here: each number of a bar has a sign of its own, and stands behind it.
public struct ReportDrawing: Sendable {
    /// The report.
    public var report: Report
    /// How many columns there are.
    public var columns: Int
    /// Whether there are only the signs of ASCII.
    public var isPlain: Bool

    /// Makes a drawing.
    public init(_ report: Report, columns: Int = 80, isPlain: Bool = false) {
        self.report = report
        self.columns = max(24, columns)
        self.isPlain = isPlain
    }

    private var signs: [Character] {
        isPlain
            ? ["#", "=", ":", "-", "."]
            : ["\u{2588}", "\u{2593}", "\u{2592}", "\u{2591}", "\u{00b7}"]
    }

    /// The lines, without ends of lines; sentences are longer than the columns, for whoever prints
    /// them to break.
    public var lines: [String] {
        var lines = [ReportText.plain(report.title), ReportText.plain(report.subtitle)]
        for section in report.sections {
            lines += ["", ReportText.plain(section.title).uppercased()]
            let width = section.figures.map { ReportText.plain($0.label).count }.max() ?? 0
            lines += section.figures.map {
                "  \(padded(ReportText.plain($0.label), width))  \(ReportText.plain($0.value))"
            }
            for chart in section.charts { lines += drawn(chart) }
            lines += section.notes.map { "  " + ReportText.plain($0) }
            lines.append("  " + ReportText.plain(section.explanation))
        }
        return lines
    }

    private func drawn(_ chart: ReportChart) -> [String] {
        guard !chart.rows.isEmpty else { return [] }
        var lines = ["  \(ReportText.plain(chart.title))"]
        let labels = chart.rows.map { clipped(ReportText.plain($0.label), columns / 3) }
        let width = labels.map(\.count).max() ?? 0
        let sign = chart.form == .bars ? " + " : ", "
        let values = chart.rows.map { row in
            let there = row.values.filter { $0 != nil }
            return there.isEmpty
                ? chart.text(nil) : there.map { chart.text($0) }.joined(separator: sign)
        }
        let tail = values.map(\.count).max() ?? 0
        let room = max(4, min(40, columns - width - tail - 6))
        for (index, row) in chart.rows.enumerated() {
            let bar = bar(row, chart, room)
            // Several on one day stand under one label.
            let isSame = index > 0 && chart.form != .bars && labels[index] == labels[index - 1]
            let label = padded(isSame ? "" : labels[index], width)
            let line = "  \(label)  \(padded(bar, room)) \(values[index])"
            let left = columns - line.count - 2
            let remark = ReportText.plain(row.remark)
            lines.append(
                left > 8 && !remark.isEmpty ? "\(line)  \(clipped(remark, left))" : line
            )
        }
        if chart.columns.count > 1 {
            let key = zip(signs, chart.columns).map { "\($0) \(ReportText.plain($1))" }
            lines.append("  " + key.joined(separator: "   "))
        }
        return lines
    }

    private func bar(_ row: ReportChart.Row, _ chart: ReportChart, _ room: Int) -> String {
        let bounds = chart.bounds
        let span = bounds.upperBound - bounds.lowerBound
        func columns(_ value: Double) -> Int {
            let low = chart.form == .bars ? 0 : bounds.lowerBound
            let share = (value - low) / (chart.form == .bars ? bounds.upperBound : span)
            guard share.isFinite, share > 0 else { return 0 }
            return max(1, Int((min(share, 1) * Double(room)).rounded()))
        }
        guard chart.form == .bars else {
            // A line of a terminal has one sign for each number, at its place.
            var signs = [Character](repeating: " ", count: room)
            for (column, value) in row.values.enumerated().reversed() {
                guard let value, value.isFinite else { continue }
                signs[min(room - 1, max(0, columns(value) - 1))] = sign(column)
            }
            return String(signs)
        }
        var bar = ""
        for (column, value) in row.values.enumerated() {
            guard let value, value > 0 else { continue }
            bar += String(repeating: String(sign(column)), count: columns(value))
        }
        return String(bar.prefix(room))
    }

    private func sign(_ column: Int) -> Character { signs[min(column, signs.count - 1)] }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private func clipped(_ text: String, _ width: Int) -> String {
        guard text.count > width else { return text }
        return String(text.prefix(max(1, width - 1))) + (isPlain ? "." : "\u{2026}")
    }
}
