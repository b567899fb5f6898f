// SPDX-License-Identifier: Apache-2.0

/// Why a text cannot be a name.
public enum NameMistake: Hashable, Sendable {
    /// There is nothing in it.
    case empty
    /// It has more bytes of UTF-8 than a name may.
    case tooLong(bytes: Int, bytesMax: Int)
    /// A space stands at its beginning or end, or beside another one.
    case spaceMisplaced
    /// It holds something that cannot be seen or that changes how the rest is seen: a control,
    /// a direction mark, a zero-width or unassigned character, a space other than U+0020.
    case invisible(scalar: UInt32)
    /// Its first character is one that no name of this kind begins with.
    case beginning
    /// It is no mail address.
    case notAnAddress
}

/// The rules for names of people.
///
/// A name stands in prompts beside what people say, so nothing in it may be invisible, reorder
/// its surroundings, or make two names look alike by blanks.
public enum PersonName {
    /// The most bytes of UTF-8.
    public static let bytesMax = 64

    /// Says why a text cannot be a person's name, or gives `nil` where it can.
    public static func mistake(_ name: String) -> NameMistake? {
        if let mistake = visibleTextMistake(name, bytesMax: bytesMax) { return mistake }
        guard let first = name.unicodeScalars.first else { return .empty }
        switch first.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return .beginning
        default: return nil
        }
    }

    /// Gives the form in which names are compared: letter case does not count.
    public static func key(_ name: String) -> String { name.uppercased().lowercased() }
}

/// The rules for names of rooms, which people also type as arguments of commands.
public enum RoomName {
    /// The most bytes of UTF-8.
    public static let bytesMax = 40

    /// Says why a text cannot be a room's name, or gives `nil` where it can.
    public static func mistake(_ name: String) -> NameMistake? {
        if let mistake = visibleTextMistake(name, bytesMax: bytesMax) { return mistake }
        guard let first = name.first, first.isLetter || first.isNumber else { return .beginning }
        return nil
    }

    /// Gives the form in which names are compared: letter case does not count.
    public static func key(_ name: String) -> String { PersonName.key(name) }
}

/// The rules for the mail addresses that invites are sent to by hand.
public enum MailAddress {
    /// The most bytes of UTF-8.
    public static let bytesMax = 254

    /// Says why a text cannot be a mail address, or gives `nil` where it can.
    ///
    /// Only what could harm where the address is printed or put into a mail's head is refused;
    /// whether mail arrives there nobody can tell from the text.
    public static func mistake(_ address: String) -> NameMistake? {
        if let mistake = visibleTextMistake(address, bytesMax: bytesMax) { return mistake }
        let harmful: Set<Unicode.Scalar> = [" ", "<", ">", ",", ";", "\"", "\\", "(", ")"]
        let parts = address.unicodeScalars.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
            !address.unicodeScalars.contains(where: harmful.contains)
        else { return .notAnAddress }
        return nil
    }
}

func visibleTextMistake(_ text: String, bytesMax: Int) -> NameMistake? {
    let bytes = text.utf8.count
    if bytes == 0 { return .empty }
    if bytes > bytesMax { return .tooLong(bytes: bytes, bytesMax: bytesMax) }
    var afterSpace = true
    for scalar in text.unicodeScalars {
        if !isVisible(scalar) { return .invisible(scalar: scalar.value) }
        let isSpace = scalar == " "
        if isSpace && afterSpace { return .spaceMisplaced }
        afterSpace = isSpace
    }
    return afterSpace ? .spaceMisplaced : nil
}

private func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    // The blank Braille pattern is a symbol to Unicode and a gap to the eye.
    if scalar == "\u{2800}" { return false }
    if scalar.properties.isDefaultIgnorableCodePoint { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
        .unassigned:
        return false
    case .spaceSeparator: return scalar == " "
    default: return true
    }
}
