// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// Names of files as people send them: data, and never a path.
public enum FileName {
    /// The longest name under which a file is stored, in bytes.
    public static let bytesMax = 200

    /// Makes a name under which a file may be stored, whatever somebody called it.
    ///
    /// Nothing that leads elsewhere (what stands before a separator goes), that hides it (points in
    /// front), or that a terminal or a file manager would show as something else (control
    /// characters, marks that turn the direction of writing, space at the ends) is left. It is
    /// what is shown, too.
    public static func safe(_ name: String) -> String {
        let last = name.unicodeScalars.split(omittingEmptySubsequences: true) {
            $0 == "/" || $0 == "\\"
        }.last
        var kept = String.UnicodeScalarView()
        if let last { kept.append(contentsOf: last.filter(isPlain)) }
        var text = String(kept)
        while let first = text.first, first == "." || first == "-" || first.isWhitespace {
            text.removeFirst()
        }
        while let last = text.last, last == "." || last.isWhitespace { text.removeLast() }
        text = shortened(text)
        return text.isEmpty ? "file" : text
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            false
        default: !scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// Cuts a long name in front of its ending.
    private static func shortened(_ name: String) -> String {
        guard name.utf8.count > bytesMax else { return name }
        var ending = ""
        if let point = name.lastIndex(of: "."), name[point...].utf8.count <= 16 {
            ending = String(name[point...])
        }
        var text = String(name.dropLast(ending.count))
        while !text.isEmpty, text.utf8.count + ending.utf8.count > bytesMax { text.removeLast() }
        return text + ending
    }
}
