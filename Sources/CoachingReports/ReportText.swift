// SPDX-License-Identifier: Apache-2.0

/// What all renderers do with texts.
enum ReportText {
    /// A number as people read it: whole, or with one decimal.
    static func number(_ value: Double) -> String {
        guard value.isFinite, value.magnitude < 1e12 else { return "-" }
        let tenths = Int64((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
        return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
    }

    /// A text without what steers a terminal or the direction of text, on one line.
    static func plain(_ text: String) -> String {
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x85, 0x2028, 0x2029: plain.append(" ")
            case 0..<0x20, 0x7f..<0xa0, 0x200e, 0x200f, 0x061c, 0x202a...0x202e, 0x2066...0x2069,
                0xfeff, 0xfff9...0xfffb:
                continue
            default: plain.append(scalar)
            }
        }
        return String(plain)
    }
}
