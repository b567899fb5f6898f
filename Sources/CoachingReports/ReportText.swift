// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// Numbers and texts as all renderers show them.
public enum ReportText {
    /// Gives a number as people read it: whole, or with one decimal; `-` for what is none.
    public static func number(_ value: Double) -> String {
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
            if scalar.properties.isWhitespace {
                plain.append(" ")
            } else if !scalar.hidesOrSteersText, !(0xfff9...0xfffb).contains(scalar.value) {
                plain.append(scalar)
            }
        }
        return String(plain)
    }
}
