// SPDX-License-Identifier: Apache-2.0

public import CoachingModel

/// The formats that come with the program, as the YAML that anyone can copy and change.
public enum BuiltInFormats {
    /// The names in the order in which they are listed.
    public static let names = ["triad", "reciprocal-pair"]

    /// Gives a format's YAML, or `nil` where none has this name.
    public static func yaml(named name: String) -> String? {
        switch name {
        case "triad": triadYAML
        case "reciprocal-pair": reciprocalPairYAML
        default: nil
        }
    }

    /// Gives a format, or `nil` where none has this name.
    ///
    /// - Throws: ``FormatError`` never for a released program: a test parses them all.
    public static func format(named name: String) throws(FormatError) -> SessionFormat? {
        guard let yaml = yaml(named: name) else { return nil }
        return try FormatParser.parse(yaml: yaml)
    }
}
