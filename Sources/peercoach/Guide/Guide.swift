// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient

struct Guide: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Short guides; without a topic, which there are.",
        discussion: """
            Each fits on a page. To print one: peercoach guide data | lp
            """
    )

    @Argument(
        help: "The topic: \(GuideTopic.allCases.map(\.rawValue).joined(separator: " or ")).",
        completion: .list(GuideTopic.allCases.map(\.rawValue))
    )
    var topic: String?
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await options.reporting { output in
            guard let topic else {
                for topic in GuideTopic.allCases {
                    output.put(
                        "\(Words.padded(topic.rawValue, 16))  \(topic.about)",
                        indent: 18,
                        [
                            "type": "guide", "topic": .string(topic.rawValue),
                            "about": .string(topic.about),
                        ]
                    )
                }
                output.line("To read one: peercoach guide TOPIC")
                return
            }
            let found = try NameMatch.find(topic, among: GuideTopic.allCases, what: "guide") {
                $0.rawValue
            }
            for line in found.lines { output.line(line) }
            output.object([
                "type": "guide", "topic": .string(found.rawValue),
                "text": .string(found.lines.joined(separator: "\n")),
            ])
        }
    }
}

/// What there is a guide about.
enum GuideTopic: String, CaseIterable, Hashable, Sendable {
    case confidentiality
    case data
    case breach
    case release
    case unnamed
    case methods
    case listening
    case questioning
    case emotions
    case mindset
    case feedback

    /// What it is, in one line.
    var about: String {
        switch self {
        case .confidentiality: "who can read what you write, how that is held, and what is not held"
        case .breach: "what one can do when trust was broken"
        case .release: "how more people come to read a line, and who has to say yes"
        case .unnamed: "answers without a name: how that is held, and what is not"
        case .methods: "how a method carries a session, who speaks when, and your own methods"
        case .listening: "what listening is in coaching, and how to come back to it"
        case .questioning: "questions that help somebody think, and some that do not"
        case .emotions: "noticing what is felt, theirs and yours, and what to do with it"
        case .mindset: "taking what went wrong as something to learn from"
        case .feedback: "how to write and to take it so that it can be used"
        case .data: "one page for a works council or a data protection officer"
        }
    }

    /// The guide, in lines of at most 78 columns.
    var lines: [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private var text: String {
        switch self {
        case .confidentiality: ConfidentialityGuide.text
        case .data: DataGuide.text
        case .breach: BreachGuide.text
        case .release: ReleaseGuide.text
        case .unnamed: UnnamedGuide.text
        case .methods: MethodsGuide.text
        case .listening: ListeningGuide.text
        case .questioning: QuestioningGuide.text
        case .emotions: EmotionsGuide.text
        case .mindset: MindsetGuide.text
        case .feedback: FeedbackGuide.text
        }
    }
}
