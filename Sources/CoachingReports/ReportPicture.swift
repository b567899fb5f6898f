// SPDX-License-Identifier: Apache-2.0

/// A chart as SVG, for the page around it to colour.
///
/// - Units: a column of the drawing is one unit of its `viewBox`, which is ``width`` wide.
struct ReportPicture {
    let chart: ReportChart
    /// What is its own among the page's ids.
    let id: String

    /// How wide the drawing is.
    static let width = 380.0
    /// How many values have a dot at most; more are a line alone.
    static let dotsMost = 40

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
        let rows = chart.drawn
        let labels = rows.map { clipped(ReportText.plain($0.label), 16) }
        let left = min(120, 10 + 6.9 * Double(labels.map(\.count).max() ?? 0))
        let room = Self.width - left - 58
        var body: [String] = []
        for (index, row) in rows.enumerated() {
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
        return (Double(rows.count) * pitch + 4, body)
    }

    private func style(_ column: Int) -> Int { column % ReportPalette.light.columns.count }

    // MARK: Lines

    private var lines: (height: Double, body: [String]) {
        let (left, right, top, low) = (38.0, 14.0, 22.0, 150.0)
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
            let text = ReportText.number(value) + (chart.unit == "%" ? "%" : "")
            body.append(word(text, left - 8, y(value) + 4, "end"))
        }
        for column in chart.columns.indices {
            var path = ""
            var isDown = false
            var dots: [String] = []
            var last: (x: Double, y: Double, value: Double)?
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
                last = (x(index), y(value), value)
            }
            if !path.isEmpty { body.append("<path d=\"\(path)\" class=\"l l\(style(column))\"/>") }
            if chart.rows.count <= Self.dotsMost { body += dots }
            if let last {
                // The last one is what is asked for first.
                let isFarRight = last.x > Self.width / 2
                let text = chart.text(last.value)
                let place = last.x + (isFarRight ? 4 : -4)
                body.append(word(text, place, last.y - 9, isFarRight ? "end" : "start", "v"))
            }
        }
        for index in labelled(step) {
            let anchor =
                chart.rows.count == 1
                ? "middle" : index == 0 ? "start" : index == chart.rows.count - 1 ? "end" : "middle"
            let label = clipped(ReportText.plain(chart.rows[index].label), 11)
            body.append(word(label, x(index), low + 20, anchor))
        }
        return (low + 28, body)
    }

    /// The rows that are labelled: the first, the last, and as many between as have the room.
    private func labelled(_ step: Double) -> [Int] {
        let last = chart.rows.count - 1
        guard last > 0 else { return last == 0 ? [0] : [] }
        let longest = chart.rows.map { min(11, ReportText.plain($0.label).count) }.max() ?? 0
        // The outer ones stand within the drawing, so that half a label more is between.
        let apart = max(1, Int((6.9 * 1.6 * Double(longest) / step).rounded(.up)))
        let inner = stride(from: apart, to: last, by: apart).filter { last - $0 >= apart }
        return [0] + inner + [last]
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
        let step = ReportChart.step(bounds.upperBound - bounds.lowerBound)
        return Array(stride(from: bounds.lowerBound, through: bounds.upperBound, by: step))
    }
}
