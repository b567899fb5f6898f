// SPDX-License-Identifier: Apache-2.0

/// Makes text from other people safe to print.
///
/// What it gives holds no control character, nothing that changes the direction of text, nothing
/// invisible and no line break, so nobody's words can drive a terminal, begin a line of their own
/// or hide other words. Controls stay visible as U+FFFD; a line break becomes " / ".
///
/// - Limits: ``marksMax`` marks on a base, ``joinersMax`` joiners in an emoji.
public enum TextFilter {
    /// The marks that a base may carry; further ones are dropped.
    public static let marksMax = 4
    /// The joiners that one emoji may hold; further ones are dropped.
    public static let joinersMax = 9
    /// The bytes that a name may have in UTF-8.
    public static let nameBytesMax = 64

    /// Gives the text as it may be printed.
    ///
    /// Cleaning twice gives the same as cleaning once.
    ///
    /// - Complexity: linear in the text.
    public static func clean(_ text: some StringProtocol) -> String {
        var cleaning = Cleaning()
        let scalars = text.unicodeScalars
        cleaning.kept.reserveCapacity(text.utf8.count)
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let scalar = scalars[index]
            index = scalars.index(after: index)
            cleaning.take(scalar, before: index < scalars.endIndex ? scalars[index] : nil)
        }
        return String(cleaning.kept)
    }

    /// Gives the name back when it can stand in front of anybody's line.
    ///
    /// - Throws: the first ``NameFault`` found.
    public static func name(_ name: String) throws(NameFault) -> String {
        if name.isEmpty { throw .empty }
        let bytes = name.utf8.count
        if bytes > nameBytesMax { throw .tooLong(bytes: bytes, bytesMax: nameBytesMax) }
        for scalar in name.unicodeScalars {
            switch ScalarKind(scalar) {
            case .control, .lineBreak, .tab: throw .control
            case .direction: throw .direction
            case .base, .space, .mark, .emojiStyle, .joiner, .invisible, .unprintable: break
            }
        }
        let scalars = name.unicodeScalars
        if let first = scalars.first, let last = scalars.last, isBlank(first) || isBlank(last) {
            throw .edgeSpace
        }
        if !clean(name).unicodeScalars.elementsEqual(scalars) { throw .unprintable }
        return name
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        // U+2800 is a Braille cell without dots.
        scalar.properties.isWhitespace || scalar.value == 0x2800
    }
}

/// Why a name cannot be used.
public enum NameFault: Error, Hashable, Sendable {
    /// There is nothing in it.
    case empty
    /// It has more bytes in UTF-8 than a name may have.
    case tooLong(bytes: Int, bytesMax: Int)
    /// It holds a control character, a tab or a line break.
    case control
    /// It holds a character that changes the direction of text.
    case direction
    /// It begins or ends with a space.
    case edgeSpace
    /// It holds something invisible, unassigned, or too many marks.
    case unprintable
}

/// What the filter makes of a scalar.
private enum ScalarKind {
    case base
    case space
    case tab
    case lineBreak
    case control
    case direction
    case mark
    case emojiStyle
    case joiner
    case invisible
    case unprintable

    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x20: self = .space
        case 0x21...0x7E: self = .base
        case 0x09: self = .tab
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: self = .lineBreak
        case 0x00...0x1F, 0x7F...0x9F: self = .control
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: self = .direction
        case 0x200D: self = .joiner
        case 0xFE0E, 0xFE0F: self = .emojiStyle
        // Vowels and finals of Hangul take no column of their own.
        case 0x1161...0x11FF, 0xD7B0...0xD7FB: self = .mark
        default: self = ScalarKind(unlisted: scalar.properties)
        }
    }

    private init(unlisted properties: Unicode.Scalar.Properties) {
        if properties.isDefaultIgnorableCodePoint {
            self = .invisible
            return
        }
        if properties.isEmojiModifier {
            self = .mark
            return
        }
        switch properties.generalCategory {
        case .format: self = .invisible
        case .nonspacingMark, .enclosingMark, .spacingMark: self = .mark
        case .control, .surrogate, .privateUse, .unassigned: self = .unprintable
        case .lineSeparator, .paragraphSeparator: self = .lineBreak
        default: self = .base
        }
    }
}

/// What was kept so far, and what may follow it.
private struct Cleaning {
    var kept = String.UnicodeScalarView()
    private var last: Unicode.Scalar?
    private var base: Unicode.Scalar?
    private var marks = 0
    private var joiners = 0
    private var breakWaits = false

    mutating func take(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?) {
        switch ScalarKind(scalar) {
        case .base, .space: begin(scalar)
        case .tab: begin(" ")
        case .lineBreak: breakWaits = last != nil
        case .control, .unprintable: begin("\u{FFFD}")
        case .direction, .invisible: break
        case .mark: mark(scalar)
        case .emojiStyle:
            // Directly after an emoji and once only.
            if !breakWaits, let last, last == base, last.properties.isEmoji { keep(scalar) }
        case .joiner:
            if !breakWaits, joiners < TextFilter.joinersMax, let base, isPicture(base),
                let last, last.value != 0x200D, let next, isPicture(next)
            {
                joiners += 1
                keep(scalar)
            }
        }
    }

    private mutating func begin(_ scalar: Unicode.Scalar) {
        if breakWaits {
            breakWaits = false
            for separator in " / ".unicodeScalars { begin(separator) }
        }
        if last?.value != 0x200D { joiners = 0 }
        marks = 0
        base = scalar
        keep(scalar)
    }

    private mutating func mark(_ scalar: Unicode.Scalar) {
        // Without a base it would sit on what was printed before the text.
        if last == nil || breakWaits { begin("\u{25CC}") }
        guard marks < TextFilter.marksMax else { return }
        marks += 1
        keep(scalar)
    }

    private mutating func keep(_ scalar: Unicode.Scalar) {
        kept.append(scalar)
        last = scalar
    }

    private func isPicture(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x7F && scalar.properties.isEmoji && !scalar.properties.isEmojiModifier
            && !(0x1F1E6...0x1F1FF).contains(scalar.value)
    }
}
