// SPDX-License-Identifier: Apache-2.0

/// The colours of a page, light and dark; a test holds their contrast against the background.
public enum ReportPalette {
    /// The colours of one of the two.
    public struct Theme: Hashable, Sendable {
        /// Behind everything.
        public var background: String
        /// Behind a part.
        public var card: String
        /// Words.
        public var text: String
        /// Words that explain.
        public var muted: String
        /// Lines of tables and axes.
        public var rule: String
        /// The columns of a chart, in their order.
        public var columns: [String]
    }

    /// By day, and on paper.
    public static let light = Theme(
        background: "#f7f6f3",
        card: "#ffffff",
        text: "#1d2126",
        muted: "#555e68",
        rule: "#d9dadc",
        columns: ["#14708a", "#b4501b", "#66589a", "#4d7a2c", "#8a6d1f"]
    )
    /// By night.
    public static let dark = Theme(
        background: "#14171a",
        card: "#1c2024",
        text: "#e9ebee",
        muted: "#a6aeb8",
        rule: "#363c43",
        columns: ["#5cb6d2", "#ea985f", "#aea0de", "#98c771", "#d6ba62"]
    )

    /// Gives the contrast of two colours after WCAG 2.2, from 1 to 21; `nil` for what is no colour.
    ///
    /// - Source: WCAG 2.2, relative luminance and contrast ratio.
    public static func contrast(_ one: String, _ other: String) -> Double? {
        guard let first = luminance(one), let second = luminance(other) else { return nil }
        return (max(first, second) + 0.05) / (min(first, second) + 0.05)
    }

    private static func luminance(_ colour: String) -> Double? {
        guard colour.utf8.count == 7, colour.first == "#",
            let value = UInt32(colour.dropFirst(), radix: 16)
        else { return nil }
        let parts = [value >> 16, value >> 8, value].map { part -> Double in
            let share = Double(part & 0xff) / 255
            return share <= 0.04045 ? share / 12.92 : power((share + 0.055) / 1.055)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    /// A number from 0 to 1 to the power of 2.4.
    private static func power(_ base: Double) -> Double {
        // x^2.4 = x^2 * (x^2)^(1/5), the root by Newton's steps.
        let square = base * base
        guard square > 0 else { return 0 }
        var root = 0.5
        for _ in 0..<60 { root = (4 * root + square / (root * root * root * root)) / 5 }
        return square * root
    }
}
