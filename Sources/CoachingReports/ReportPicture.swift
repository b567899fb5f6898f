// SPDX-License-Identifier: Apache-2.0

/// A chart as SVG, for the page around it to colour.
///
/// - Units: a column of the drawing is one unit of its `viewBox`, which is ``width`` wide.
struct ReportPicture {
    let chart: ReportChart
    /// What is its own among the page's ids.
    let id: String

    /// How wide the drawing is.
    static let width = 440.0
    /// How many rows are labelled at most where they follow each other in time.
    static let labelsMost = 6

    var svg: String {
        let (height, body) = chart.form == .bars ? bars : lines
        let size = "0 0 \(ReportText.number(Self.width)) \(ReportText.number(height))"
        return "<svg viewBox=\"\(size)\" role=\"img\" aria-labelledby=\"\(id)t \(id)d\">"
            + "<title id=\"\(id)t\">\(ReportMarkup.text(chart.title))</title>"
            + "<desc id=\"\(id)d\">\(ReportMarkup.text(chart.summary))</desc>"
            + body.joined() + "</svg>"
    }

    private static func place(_ value: Double) -> String { ReportText.number(value) }

    private func word(
        _ text: String,
        _ x: Double,
        _ y: Double,
        _ anchor: String = "start",
        _ kind: String = "w"
    ) -> String {
        "<text x=\"\(Self.place(x))\" y=\"\(Self.place(y))\" text-anchor=\"\(anchor)\" "
            + "class=\"\(kind)\">\(ReportMarkup.text(text))</text>"
    }

    private func clipped(_ text: String, _ most: Int) -> String {
        text.count > most ? text.prefix(most - 1) + "\u{2026}" : text
    }

    // MARK: Bars

    private var bars: (height: Double, body: [String]) {
        let pitch = 26.0
        let labels = chart.rows.map { clipped(ReportText.plain($0.label), 18) }
        let left = min(130, 12 + 7.4 * Double(labels.map(\.count).max() ?? 0))
        let room = Self.width - left - 64
        var body: [String] = []
        for (index, row) in chart.rows.enumerated() {
            let top = Double(index) * pitch + 4
            body.append(word(labels[index], left - 8, top + 13, "end"))
            var x = left
            for (column, value) in row.values.enumerated() {
                guard let value, value.isFinite, value > 0 else { continue }
                let length = min(value / chart.bounds.upperBound, 1) * room
                // A hair stands between two, so that they are told apart without their colours.
                let shown = max(length - 1.5, 1)
                body.append(
                    "<rect x=\"\(Self.place(x))\" y=\"\(Self.place(top))\" width=\""
                        + "\(Self.place(shown))\" height=\"18\" rx=\"2\" class=\"f\(style(column))\"/>"
                )
                x += length
            }
            let sum = row.values.compactMap { $0 }.reduce(0, +)
            body.append(word(chart.text(sum), x + 5, top + 13.5, "start", "v"))
        }
        return (Double(chart.rows.count) * pitch + 4, body)
    }

    private func style(_ column: Int) -> Int { column % ReportPalette.light.columns.count }

    // MARK: Lines

    private var lines: (height: Double, body: [String]) {
        let (left, right, top, low) = (34.0, 14.0, 12.0, 148.0)
        let bounds = chart.bounds
        let span = bounds.upperBound - bounds.lowerBound
        let step = (Self.width - left - right) / Double(max(1, chart.rows.count - 1))
        func x(_ index: Int) -> Double {
            chart.rows.count == 1 ? (Self.width + left) / 2 : left + Double(index) * step
        }
        func y(_ value: Double) -> Double {
            low - (min(max(value, bounds.lowerBound), bounds.upperBound) - bounds.lowerBound)
                / span * (low - top)
        }
        var body: [String] = []
        for value in ticks(bounds) {
            let place = Self.place(y(value))
            body.append(
                "<path d=\"M\(Self.place(left)) \(place)H\(Self.place(Self.width - right))\" "
                    + "class=\"a\"/>"
            )
            body.append(word(ReportText.number(value), left - 8, y(value) + 4, "end"))
        }
        for column in chart.columns.indices {
            var path = ""
            var isDown = false
            var dots: [String] = []
            for (index, row) in chart.rows.enumerated() {
                guard row.values.indices.contains(column), let value = row.values[column],
                    value.isFinite
                else {
                    isDown = false
                    continue
                }
                let place = "\(Self.place(x(index))) \(Self.place(y(value)))"
                path += (isDown ? "L" : "M") + place
                isDown = true
                dots.append(dot(column, x(index), y(value)))
            }
            if !path.isEmpty { body.append("<path d=\"\(path)\" class=\"l l\(style(column))\"/>") }
            body += dots
        }
        let every = max(1, (chart.rows.count + Self.labelsMost - 1) / Self.labelsMost)
        for (index, row) in chart.rows.enumerated() where index % every == 0 {
            let isLast = index + every >= chart.rows.count && chart.rows.count > 1
            let anchor = index == 0 && chart.rows.count > 1 ? "start" : isLast ? "end" : "middle"
            let place = isLast ? max(x(index), x(index)) : x(index)
            body.append(word(clipped(ReportText.plain(row.label), 12), place, low + 18, anchor))
        }
        return (low + 26, body)
    }

    /// Each column has a dot of its own shape.
    private func dot(_ column: Int, _ x: Double, _ y: Double) -> String {
        let (x, y) = (Self.place(x), Self.place(y))
        return switch style(column) {
        case 0: "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"3.5\" class=\"f0\"/>"
        case 1:
            "<path d=\"M\(x) \(y)m-4 -4h8v8h-8z\" class=\"f1\"/>"
        case 2: "<path d=\"M\(x) \(y)m0 -5l5 9h-10z\" class=\"f2\"/>"
        case 3: "<path d=\"M\(x) \(y)m0 -5l5 5l-5 5l-5 -5z\" class=\"f3\"/>"
        default: "<path d=\"M\(x) \(y)m0 5l5 -9h-10z\" class=\"f4\"/>"
        }
    }

    private func ticks(_ bounds: ClosedRange<Double>) -> [Double] {
        let span = bounds.upperBound - bounds.lowerBound
        if span <= 6, bounds.lowerBound == bounds.lowerBound.rounded(),
            bounds.upperBound == bounds.upperBound.rounded()
        {
            return Array(stride(from: bounds.lowerBound, through: bounds.upperBound, by: 1))
        }
        return (0...4).map { bounds.lowerBound + span * Double($0) / 4 }
    }
}
