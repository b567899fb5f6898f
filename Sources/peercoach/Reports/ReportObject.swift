// SPDX-License-Identifier: Apache-2.0
import CoachingReports

/// A report for programs: the numbers as numbers.
///
/// - Shape: `{type: "report", title, subtitle, parts: [{part, title, explanation, figures, charts,
///   notes}]}`; a chart is `{title, unit, rowTitle, columns, rows: [{label, values, words}]}`, a
///   value that there is not is `null`.
struct ReportObject {
    let report: Report

    init(_ report: Report) { self.report = report }

    var object: JSON {
        [
            "type": "report", "title": .string(report.title),
            "subtitle": .string(report.subtitle),
            "parts": .array(report.sections.map(Self.part)),
        ]
    }

    private static func part(_ section: ReportSection) -> JSON {
        [
            "part": .string(section.id), "title": .string(section.title),
            "explanation": .string(section.explanation),
            "figures": .array(
                section.figures.map {
                    ["label": .string($0.label), "value": .string($0.value)]
                }
            ),
            "charts": .array(section.charts.map(chart)),
            "notes": JSON(section.notes),
        ]
    }

    private static func chart(_ chart: ReportChart) -> JSON {
        [
            "title": .string(chart.title), "unit": .string(chart.unit),
            "rowTitle": .string(chart.rowTitle), "columns": JSON(chart.columns),
            "rows": .array(
                chart.rows.map { row in
                    [
                        "label": .string(row.label),
                        "values": .array(row.values.map { $0.map(number) ?? .null }),
                        "words": .string(row.remark),
                    ]
                }
            ),
        ]
    }

    private static func number(_ value: Double) -> JSON {
        value.magnitude < 1e15 ? .tenths(Int64((value * 10).rounded())) : .null
    }
}
