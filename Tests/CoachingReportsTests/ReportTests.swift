// SPDX-License-Identifier: Apache-2.0
import CoachingReports
import Foundation
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

/// A report with every kind of part, and words that try to be more than words.
enum Sample {
    static let hostile = [
        "<script>alert(1)</script>", "a \"b\" 'c' & d", "x\u{202e}txt.exe\u{2066}",
        "nul\u{0}\u{1b}[31m",
        "line one\nline two", "]]></style>", "| a | b |", "# not a title", "\u{fffe}\u{ffff}end",
        "<svg onload=x>", "javascript:alert(1)", "e\u{301}\u{1f469}\u{200d}\u{1f52c}", "",
    ]

    static func report(rows: Int, _ words: String = "tired but curious") -> Report {
        Report(
            title: "Lena in north \(words)",
            subtitle: "Until 26 Jan 2027.",
            sections: [
                ReportSection(
                    id: "time",
                    title: "Time",
                    explanation: "The length of the turns.",
                    figures: [ReportFigure("sessions", "\(rows)"), ReportFigure(words, "12 min")],
                    charts: [
                        ReportChart(
                            .bars,
                            title: "Minutes in each role",
                            summary: "Twelve minutes as client. \(words)",
                            rowTitle: "session",
                            columns: ["as client", "as coach", "as observer"],
                            unit: "min",
                            rows: (0..<rows).map {
                                ReportChart.Row("\($0 + 1): 5 Jan", [12.5, Double($0), nil])
                            }
                        )
                    ],
                    notes: [words]
                ),
                ReportSection(
                    id: "check-ins",
                    title: "How you were",
                    explanation: "Your own check-ins.",
                    charts: [
                        ReportChart(
                            .lines,
                            title: "Check-ins",
                            summary: "Three on average.",
                            rowTitle: "day",
                            columns: ["from 1 to 5", "others"],
                            scale: 1...5,
                            rows: (0..<rows).map {
                                ReportChart.Row(
                                    "\($0 + 1) Jan",
                                    [$0 % 4 == 3 ? nil : Double($0 % 5 + 1), .nan],
                                    remark: words
                                )
                            }
                        )
                    ]
                ),
            ]
        )
    }
}

struct ReportTests {
    @Test(arguments: [0, 1, 2, 7, 100])
    func `a page is well-formed, needs nothing from elsewhere, and says its numbers twice`(
        _ rows: Int
    ) throws {
        let html = ReportPage(Sample.report(rows: rows)).html
        try check(html)
        #expect(html.contains("default-src 'none'"))
        for wrong in ["http://", "https://", "src=", "href=", "url(", "@import", "<script", "<a "] {
            let rest = html.replacing("http://www.w3.org/1999/xhtml", with: "")
            #expect(!rest.contains(wrong), "\(wrong)")
        }
        #expect(html.contains("prefers-color-scheme:dark"))
        #expect(html.contains("@media print"))
        guard rows > 0 else { return }
        #expect(html.components(separatedBy: "role=\"img\"").count == 3)
        #expect(html.contains("<desc id=\"c0-0d\">Twelve minutes as client."))
        #expect(html.contains("<td class=\"n\">12.5 min</td>"))
        #expect(html.contains("<td class=\"n\">-</td>"))
    }

    @Test(arguments: Sample.hostile)
    func `what people typed stays words`(_ words: String) throws {
        let report = Sample.report(rows: 3, words)
        let html = ReportPage(report).html
        try check(html)
        #expect(!html.contains("<script"))
        #expect(!html.contains("<svg onload"))
        #expect(!html.contains("</style>]"))
        let lines = ReportDrawing(report).lines
        for text in [html, report.markdown] + lines {
            #expect(!text.unicodeScalars.contains { (0x202a...0x202e).contains($0.value) })
            #expect(!text.unicodeScalars.contains { (0x2066...0x2069).contains($0.value) })
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0.value != 0x0a })
        }
        for line in lines { #expect(!line.contains("\n")) }
        // No word of a person begins a heading, a row or a tag in Markdown.
        let own = report.markdown.split(separator: "\n").filter { $0.hasPrefix("#") }
        #expect(own.count == 5)
        #expect(!report.markdown.replacing("\\<", with: "").contains("<"))
    }

    @Test(arguments: [24, 40, 60, 80, 200], [true, false])
    func `a drawing stays within its columns`(_ columns: Int, _ isPlain: Bool) {
        for rows in [0, 1, 12] {
            let drawing = ReportDrawing(
                Sample.report(rows: rows),
                columns: columns,
                isPlain: isPlain
            )
            for line in drawing.lines.dropFirst(2) where columns >= 60 {
                #expect(line.count <= columns, "\(line)")
            }
            if isPlain {
                #expect(drawing.lines.allSatisfy { $0.unicodeScalars.allSatisfy(\.isASCII) })
            }
        }
    }

    @Test func `a bar is as long as its number says`() {
        func bar(_ value: Double) -> Int {
            let chart = ReportChart(
                .bars,
                title: "t",
                summary: "s",
                rowTitle: "r",
                columns: ["c"],
                rows: [ReportChart.Row("a", [value]), ReportChart.Row("b", [100])]
            )
            let section = ReportSection(id: "x", title: "x", explanation: "", charts: [chart])
            let report = Report(title: "", subtitle: "", sections: [section])
            return ReportDrawing(report, isPlain: true).lines[5].count { $0 == "#" }
        }
        #expect((bar(100), bar(50), bar(25)) == (40, 20, 10))
        #expect((bar(0.01), bar(0), bar(-5)) == (1, 0, 0))
    }

    @Test func `a table of Markdown has as many cells in each row as in its head`() {
        for words in Sample.hostile {
            let rows = Sample.report(rows: 4, words).markdown.split(separator: "\n")
                .filter { $0.hasPrefix("|") }
            #expect(rows.count == 12)
            for row in rows {
                let cells = row.replacing("\\|", with: "").filter { $0 == "|" }.count
                #expect(cells == 5 || words.isEmpty && cells == 4, "\(row)")
            }
        }
    }

    @Test func `numbers are short, and what is none is said so`() {
        let chart = ReportChart(
            .bars,
            title: "",
            summary: "",
            rowTitle: "",
            columns: [],
            unit: "min",
            rows: []
        )
        #expect(chart.text(12) == "12 min")
        #expect(chart.text(0.04) == "0 min")
        #expect(chart.text(-2.25) == "-2.3 min" || chart.text(-2.25) == "-2.2 min")
        #expect(chart.text(nil) == "-")
        #expect(chart.text(.infinity) == "-")
        #expect(chart.bounds == 0...1)
    }

    @Test func `of many bars the last ones are drawn, and all stand in the table`() throws {
        let html = ReportPage(Sample.report(rows: 100)).html
        try check(html)
        // One of the first two columns is zero in the first row alone.
        #expect(html.components(separatedBy: "<rect").count == 1 + 2 * 24)
        #expect(html.contains("Drawn are the last 24 of 100"))
        #expect(html.components(separatedBy: "<th scope=\"row\">").count == 201)
        #expect(!ReportPage(Sample.report(rows: 24)).html.contains("Drawn are"))
    }

    @Test(arguments: [
        (0.4, 1.0), (0.9, 1), (1, 1), (4, 4), (7, 8), (12, 15), (41, 50), (130, 150),
    ])
    func `an axis ends with a mark`(_ highest: Double, _ end: Double) {
        #expect(Self.lines([0, highest]).bounds == 0...end)
    }

    @Test(arguments: [1, 2, 3, 8, 16, 41, 100])
    func `names below a line stand apart, the first and the last among them`(_ count: Int) throws {
        let svg = ReportPage(Self.page(Self.lines((0..<count).map { Double($0 % 7) }))).html
        let places = svg.components(separatedBy: "y=\"170\"").dropLast().compactMap { part in
            part.components(separatedBy: "x=\"").last?.split(separator: "\"").first
                .flatMap { Double(String($0)) }
        }
        #expect(svg.contains(">1: 5 Jan</text>"))
        #expect(svg.contains(">\(count): 5 Jan</text>"))
        #expect(places.count == min(count, 2) || places.count > 2)
        for (one, other) in zip(places, places.dropFirst()) {
            #expect(other - one >= 6.9 * 9 * 1.5 || count < 3, "\(one) and \(other)")
        }
        // The last value stands at its end.
        #expect(svg.contains("class=\"v\">\((count - 1) % 7)%</text>"))
        #expect(svg.contains("<circle") == (count <= 40))
    }

    private static func lines(_ values: [Double]) -> ReportChart {
        ReportChart(
            .lines,
            title: "Your share",
            summary: "",
            rowTitle: "session",
            columns: ["percent"],
            unit: "%",
            rows: values.enumerated().map {
                ReportChart.Row("\($0.offset + 1): 5 Jan", [$0.element])
            }
        )
    }

    private static func page(_ chart: ReportChart) -> Report {
        let part = ReportSection(id: "x", title: "X", explanation: "", charts: [chart])
        return Report(title: "Lena", subtitle: "", sections: [part])
    }

    /// Reads it as XML, which is stricter than any browser.
    private func check(_ html: String) throws {
        let xml = html.replacing("<!DOCTYPE html>", with: "")
        let parser = XMLParser(data: Data(xml.utf8))
        let isRead = parser.parse()
        #expect(isRead, "line \(parser.lineNumber): \(String(describing: parser.parserError))")
    }
}

struct ReportPaletteTests {
    @Test func `the contrast of two colours is that of WCAG`() throws {
        let known: [(String, String, Double)] = [
            ("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#767676", "#ffffff", 4.54),
            ("#ff0000", "#ffffff", 4.0), ("#123456", "#123456", 1),
        ]
        for (one, other, wanted) in known {
            let found = try #require(ReportPalette.contrast(one, other))
            #expect(abs(found - wanted) < 0.01, "\(one) on \(other): \(found)")
        }
        #expect(ReportPalette.contrast("red", "#ffffff") == nil)
    }

    @Test(arguments: [ReportPalette.light, ReportPalette.dark])
    func `words and drawings stand out by day and by night`(_ theme: ReportPalette.Theme) throws {
        for behind in [theme.background, theme.card] {
            for words in [theme.text, theme.muted] {
                #expect(try #require(ReportPalette.contrast(words, behind)) >= 4.5, "\(words)")
            }
        }
        for column in theme.columns {
            #expect(try #require(ReportPalette.contrast(column, theme.card)) >= 3, "\(column)")
        }
        #expect(Set(theme.columns).count == theme.columns.count)
    }
}
