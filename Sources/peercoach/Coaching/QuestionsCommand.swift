// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingFormats

struct QuestionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "questions",
        abstract: "Questions that a coach can ask, by aim and by when they fit.",
        discussion: """
            In the room: /q [AIM]. Your own, or your programme's, stand in questions.yaml in the
            profile's folder or in ~/.config/peercoach:
              customers:
                - What would your customer say to that?
              perspective:
                middle:
                  - Who would be glad if it stayed as it is?
            """
    )

    @Argument(
        help: "What for: \(QuestionBank.builtIn.aims.joined(separator: ", ")), or your own.",
        completion: .list(QuestionBank.builtIn.aims)
    )
    var aim: String?
    @Option(help: "Only for the begin, the middle or the end.", completion: .list(phases))
    var phase: String?
    @Option(help: "A file with questions, to look at it before others use it.", completion: .file())
    var file: String?
    @OptionGroup var options: GlobalOptions

    private static let phases = QuestionPhase.allCases.map(\.rawValue)

    func run() async throws {
        try await options.reporting { output in
            let paths = QuestionChoice.paths(options) + (file.map { [$0] } ?? [])
            let (bank, mistakes) = QuestionChoice.bank(paths)
            guard mistakes.isEmpty else {
                for text in mistakes {
                    output.put(text, indent: 2, ["type": "mistake", "sentence": .string(text)])
                }
                throw ClientError(
                    .file,
                    "Questions cannot be read: \(Words.count(mistakes.count, "mistake"))."
                )
            }
            let phase = try phase.map { typed throws(ClientError) in
                try NameMatch.find(typed, among: QuestionPhase.allCases, what: "phase") {
                    $0.rawValue
                }
            }
            if let aim {
                let found = try NameMatch.find(aim, among: bank.aims, what: "aim") { $0 }
                show(bank.questions(aim: found, phase: phase), output)
            } else if phase != nil {
                show(bank.questions(aim: nil, phase: phase), output)
            } else {
                for aim in bank.aims {
                    let count = bank.questions(aim: aim, phase: nil).count
                    output.put(
                        "\(Words.padded(aim, 14))  \(Words.count(count, "question"))",
                        ["type": "aim", "aim": .string(aim), "questions": JSON(count)]
                    )
                }
                output.line("To read them: peercoach questions AIM. In the room: /q [AIM]")
            }
        }
    }

    private func show(_ questions: [BankQuestion], _ output: Output) {
        var head = ""
        for question in questions {
            let next = "\(question.aim)\(question.phase.map { ", \(Self.words($0))" } ?? "")"
            if next != head { output.line(next) }
            head = next
            output.put(
                "  \(question.text)",
                indent: 4,
                [
                    "type": "question", "aim": .string(question.aim),
                    "phase": JSON(question.phase?.rawValue), "text": .string(question.text),
                    "own": .bool(question.isOwn),
                ]
            )
        }
        if questions.isEmpty { output.line("There are none for that.") }
    }

    private static func words(_ phase: QuestionPhase) -> String {
        switch phase {
        case .begin: "to begin with"
        case .middle: "in the midst"
        case .end: "towards the end"
        }
    }
}
