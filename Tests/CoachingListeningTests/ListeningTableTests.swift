// SPDX-License-Identifier: Apache-2.0
import CoachingListening
import Foundation
import Testing

/// Compares the guesses with what people said of the same lines.
///
/// `make listening-table` prints the rows. Nothing is fitted: the rules were written by hand, so
/// there is no training part. The last columns are the least and the largest F1 of five parts of
/// whole dialogues, which say how far a row depends on the dialogues.
@Suite(
    .enabled(
        if: LabelledData.isThere,
        "the labelled dialogues are not in ../shared/data: the table is skipped"
    )
)
struct ListeningTableTests {
    static let parts = 5
    static let prints = ProcessInfo.processInfo.environment["PEERCOACH_LISTENING"] != nil

    /// One row of the table.
    struct Row {
        var source: String
        var title: String
        /// What two people come to, where it was measured; 0 where not.
        var people: Double
        var folds = [Agreement](repeating: Agreement(), count: parts)

        var whole: Agreement { folds.reduce(Agreement(), +) }

        mutating func take(_ dialogue: Int, guess: Bool, person: Bool) {
            folds[dialogue % parts].take(guess: guess, person: person)
        }

        var text: String {
            let all = whole
            let f1 = folds.map(\.f1)
            let spread = "\(two(f1.min() ?? 0)) to \(two(f1.max() ?? 0))"
            let labelled = all.both + all.personOnly
            return "| \(source) | \(title) | \(labelled) | \(two(all.precision)) | "
                + "\(two(all.recall)) | \(two(all.f1)) | \(spread) | "
                + "\(people > 0 ? two(people) : "–") |"
        }

        private func two(_ value: Double) -> String { String(format: "%.2f", value) }
    }

    private func finish(_ rows: [Row]) {
        guard Self.prints else { return }
        for row in rows { print(row.text) }
    }

    private static func acts(_ label: String) -> [String] {
        label.split { $0 == "|" || $0 == ":" }.map(String.init)
    }

    @Test func `questions, reflections and suggestions in meetings`() throws {
        var any = Row(source: "icsi", title: "any question", people: 0.91)
        var bare = Row(source: "icsi", title: "any question, marks taken away", people: 0.91)
        var open = Row(source: "icsi", title: "open question", people: 0.77)
        var closed = Row(source: "icsi", title: "closed question", people: 0.58)
        var back = Row(source: "icsi", title: "reflection (bs, m, bu)", people: 0.75)
        var advice = Row(source: "icsi", title: "advice (cs)", people: 0)
        for (number, dialogue) in try LabelledData.dialogues("icsi").enumerated() {
            var heard: Set<String> = []
            var speaker: String?
            var latest: Set<String> = []
            for line in dialogue {
                let sentences = Sentence.all(in: line.text)
                if line.speaker != speaker {
                    heard = latest
                    latest = []
                    speaker = line.speaker
                }
                latest.formUnion(sentences.flatMap(\.words))
                guard let label = line.label, label != "z", label != "x" else { continue }
                let acts = Self.acts(label)
                let tags = acts.flatMap { $0.split(separator: "^").map(String.init) }
                    .map { String($0.prefix { $0 != "." }) }
                let kinds = sentences.map { Utterance.kind(of: $0, after: heard) }
                let unmarked = sentences.map { sentence in
                    var sentence = sentence
                    sentence.isMarked = false
                    return Utterance.kind(of: sentence, after: heard)
                }
                let forms = sentences.compactMap { Utterance.form(of: $0) }
                // Rhetorical ones are questions by their form, which is all that can be seen.
                let asks = acts.contains { $0.hasPrefix("q") }
                let isOpen = tags.contains("qo") || tags.contains("qw")
                let isClosed = !Set(tags).isDisjoint(with: ["qy", "qr", "qrr"])
                let saysBack = !Set(tags).isDisjoint(with: ["bs", "m", "bu"])
                any.take(number, guess: kinds.contains(.question), person: asks)
                bare.take(number, guess: unmarked.contains(.question), person: asks)
                open.take(number, guess: forms.contains(.open), person: isOpen)
                closed.take(number, guess: forms.contains(.closed), person: isClosed)
                back.take(number, guess: kinds.contains(.reflection), person: saysBack)
                advice.take(number, guess: kinds.contains(.advice), person: tags.contains("cs"))
            }
        }
        finish([any, bare, open, closed, back, advice])
        #expect(any.whole.f1 >= 0.8)
        // No share of open questions is shown to anybody, because of this.
        #expect(open.whole.f1 < open.people)
    }

    @Test func `telling and probing in tutoring`() throws {
        var asks = Row(source: "mathdial", title: "question (focus, probing)", people: 0)
        var tells = Row(source: "mathdial", title: "telling (advice, information)", people: 0)
        for (number, dialogue) in try LabelledData.dialogues("mathdial").enumerated() {
            var heard: Set<String> = []
            for line in dialogue {
                let sentences = Sentence.all(in: line.text)
                guard line.role == "coach", let label = line.label else {
                    heard = Set(sentences.flatMap(\.words))
                    continue
                }
                let kinds = sentences.map { Utterance.kind(of: $0, after: heard) }
                let question = kinds.contains(.question)
                asks.take(number, guess: question, person: ["focus", "probing"].contains(label))
                tells.take(
                    number,
                    guess: !question && (kinds.contains(.advice) || kinds.contains(.information)),
                    person: label == "telling"
                )
            }
        }
        finish([asks, tells])
        #expect(asks.whole.f1 >= 0.6)
        #expect(tells.whole.f1 >= 0.4)
    }
}
