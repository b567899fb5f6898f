// SPDX-License-Identifier: Apache-2.0

/// What is told about a time: to one person about themselves, or to a group about itself.
///
/// The words and numbers only; how it looks is up to a renderer. Texts may be anything that a person
/// typed: each renderer makes them harmless for its own form.
public struct Report: Hashable, Sendable {
    /// What it is, such as "Lena in north".
    public var title: String
    /// The time that it is about, and for whom it is.
    public var subtitle: String
    /// The parts in their order.
    public var sections: [ReportSection]

    /// Makes a report.
    public init(title: String, subtitle: String, sections: [ReportSection]) {
        self.title = title
        self.subtitle = subtitle
        self.sections = sections
    }
}

/// A part of a report.
public struct ReportSection: Hashable, Sendable, Identifiable {
    /// A short name in small letters, which stays the same: for leaving it out, and for programs.
    public var id: String
    /// What people see.
    public var title: String
    /// What the numbers are, where they are from, and what they are not.
    public var explanation: String
    /// Numbers that stand for themselves.
    public var figures: [ReportFigure]
    /// What is drawn.
    public var charts: [ReportChart]
    /// Sentences.
    public var notes: [String]

    /// Makes a part.
    public init(
        id: String,
        title: String,
        explanation: String,
        figures: [ReportFigure] = [],
        charts: [ReportChart] = [],
        notes: [String] = []
    ) {
        self.id = id
        self.title = title
        self.explanation = explanation
        self.figures = figures
        self.charts = charts
        self.notes = notes
    }
}

/// A number that stands for itself, with what it is.
public struct ReportFigure: Hashable, Sendable {
    /// What it is.
    public var label: String
    /// The number with its unit.
    public var value: String

    /// Makes a figure.
    public init(_ label: String, _ value: String) {
        self.label = label
        self.value = value
    }
}

/// Numbers that are drawn, and stand in a table as well.
public struct ReportChart: Hashable, Sendable {
    /// How they are drawn.
    public enum Form: String, Hashable, Sendable, CaseIterable {
        /// A bar for each row; several numbers of a row stand end to end.
        case bars
        /// A line for each column over the rows, which follow each other in time.
        case lines
    }

    /// A row: what it is of, and a number for each column; `nil` where there is none.
    public struct Row: Hashable, Sendable {
        /// What the numbers are of, such as a day.
        public var label: String
        /// The numbers, one for each column.
        public var values: [Double?]
        /// What a person said about it; may be empty.
        public var remark: String

        /// Makes a row.
        public init(_ label: String, _ values: [Double?], remark: String = "") {
            self.label = label
            self.values = values
            self.remark = remark
        }
    }

    /// How it is drawn.
    public var form: Form
    /// What it shows.
    public var title: String
    /// The same in one or two sentences, for who does not see it.
    public var summary: String
    /// What the rows are of, such as "session".
    public var rowTitle: String
    /// What the columns are, such as "as client".
    public var columns: [String]
    /// What the numbers are in, such as "min"; empty for counts.
    public var unit: String
    /// The scale from end to end; `nil` for from zero to the highest number.
    public var scale: ClosedRange<Double>?
    /// The rows in their order.
    public var rows: [Row]

    /// Makes a chart.
    public init(
        _ form: Form,
        title: String,
        summary: String,
        rowTitle: String,
        columns: [String],
        unit: String = "",
        scale: ClosedRange<Double>? = nil,
        rows: [Row]
    ) {
        self.form = form
        self.title = title
        self.summary = summary
        self.rowTitle = rowTitle
        self.columns = columns
        self.unit = unit
        self.scale = scale
        self.rows = rows
    }

    /// Where the drawing begins and ends: within the scale, or from zero; never empty.
    public var bounds: ClosedRange<Double> {
        if let scale, scale.lowerBound < scale.upperBound { return scale }
        let sums = rows.map { row in
            let values = row.values.compactMap { $0 }.filter { $0.isFinite && $0 > 0 }
            return form == .bars ? values.reduce(0, +) : values.max() ?? 0
        }
        let highest = max(sums.max() ?? 0, 1)
        guard form == .lines else { return 0...highest }
        let step = Self.step(highest)
        return 0...((highest / step).rounded(.up) * step)
    }

    /// How far apart the marks of an axis of so much are: at most five steps.
    static func step(_ span: Double) -> Double {
        var tenfold = 0.1
        while tenfold < span, tenfold.isFinite {
            for step in [tenfold, tenfold * 2, tenfold * 2.5, tenfold * 5] where span / step <= 5 {
                // Values have one decimal; finer marks would be said wrongly.
                if step >= 1 ? step == step.rounded() : step != 0.25 { return step }
            }
            tenfold *= 10
        }
        return max(span, 0.1)
    }

    /// The rows of which a bar is drawn: the last ones, where there are many.
    var drawn: ArraySlice<Row> { form == .bars ? rows.suffix(Self.barsMost) : rows[...] }

    /// How many bars are drawn at most.
    static let barsMost = 24

    /// Tells whether any row has a remark.
    public var hasRemarks: Bool { rows.contains { !$0.remark.isEmpty } }

    /// Gives a number as people read it: whole, or with one decimal; with the unit.
    public func text(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "-" }
        let number = ReportText.number(value)
        if unit.isEmpty { return number }
        return unit == "%" ? number + unit : "\(number) \(unit)"
    }
}
