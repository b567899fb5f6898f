// SPDX-License-Identifier: Apache-2.0

public import CoachingModel

/// The formats that come with the program, as the YAML that anyone can copy and change.
public enum BuiltInFormats {
    /// The names in the order in which they are listed.
    public static let names = texts.map(\.name)

    private static let texts: [(name: String, yaml: String)] = [
        ("triad", triadYAML),
        ("reciprocal-pair", reciprocalPairYAML),
        ("grow", growYAML),
        ("troika-consulting", troikaConsultingYAML),
        ("wise-crowds", wiseCrowdsYAML),
        ("hot-seat", hotSeatYAML),
        ("action-learning", actionLearningYAML),
        ("questions-first", questionsFirstYAML),
        ("codevelopment", codevelopmentYAML),
        ("case-clinic", caseClinicYAML),
        ("peer-supervision", peerSupervisionYAML),
        ("feedback-round", feedbackRoundYAML),
        ("observation-before", observationBeforeYAML),
        ("observation-work", observationWorkYAML),
        ("observation-after", observationAfterYAML),
        ("retro", retroYAML),
    ]

    /// Gives a format's YAML, or `nil` where none has this name.
    public static func yaml(named name: String) -> String? {
        texts.first { $0.name == name }?.yaml
    }

    /// Gives a format, or `nil` where none has this name.
    ///
    /// - Throws: ``FormatError`` never for a released program: a test parses them all.
    public static func format(named name: String) throws(FormatError) -> SessionFormat? {
        guard let yaml = yaml(named: name) else { return nil }
        return try FormatParser.parse(yaml: yaml)
    }
}
