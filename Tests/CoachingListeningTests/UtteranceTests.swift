// SPDX-License-Identifier: Apache-2.0
import CoachingListening
import Testing

@Suite struct UtteranceTests {
    private func kinds(_ text: String, after heard: String = "") -> [UtteranceKind] {
        let words = Set(Sentence.all(in: heard).flatMap(\.words))
        return Sentence.all(in: text).map { Utterance.kind(of: $0, after: words) }
    }

    @Test(arguments: [
        ("What would you like instead?", UtteranceKind.question),
        ("what would you like instead", .question), ("Why?", .question), ("?", .question),
        ("Tell me more about the board.", .question), ("so how do you know", .question),
        ("Could you say that again", .question), ("Okay, and what else", .question),
        ("It sounds like you are tired.", .reflection), ("So you feel alone with it.", .reflection),
        ("You want to be asked before it is decided.", .reflection),
        ("You should talk to Tom.", .advice), ("Why don't you call her?", .advice),
        ("Have you tried writing it down?", .advice), ("If I were you I'd wait.", .advice),
        ("Make sure that you sleep.", .advice), ("Talk to her first.", .advice),
        ("The board meets on the first Monday of the month and decides it there.", .information),
        ("2 * 14 = 28", .information), ("Thanks.", .other), ("Well done!", .other), ("mm", .other),
        ("Hello", .other), ("What happened is that they left.", .information),
    ])
    func `a sentence is taken for what it does`(_ text: String, _ kind: UtteranceKind) {
        #expect(kinds(text) == [kind], "\(text)")
    }

    @Test func `what takes up the other's own words to them is said back`() {
        let heard = "I say yes to every project, then work nights until it is finished"
        #expect(kinds("every project brings you nights", after: heard) == [.reflection])
        #expect(kinds("every project brings you nights") != [.reflection])
    }

    @Test func `several sentences are looked at each for itself`() {
        #expect(
            kinds("It sounds like a lot. What would help? You should sleep.")
                == [.reflection, .question, .advice]
        )
        #expect(kinds("It was 3.5 times as much??") == [.question])
    }

    @Test func `of another language only the marks of questions are seen`() {
        let german = Sentence.all(in: "Du solltest mit ihm reden. Was hindert dich daran?")
        #expect(!Utterance.isEnglish(german.flatMap(\.words) + german.flatMap(\.words)))
        let kinds = german.map { Utterance.kind(of: $0, english: false) }
        #expect(kinds == [.other, .question])
        for text in ["何がありましたか？", "ماذا حدث؟", "Τι έγινε\u{037E}"] {
            #expect(
                Sentence.all(in: text).map { Utterance.kind(of: $0, english: false) } == [.question]
            )
        }
    }

    @Test func `words are counted in any script`() {
        #expect(Sentence.words(in: "") == 0)
        #expect(Sentence.words(in: "don't – stop, it's 3 o'clock") == 5)
        #expect(Sentence.words(in: "日本語") == 3)
        #expect(Sentence.words(in: "שלום עולם") == 2)
        #expect(Sentence.words(in: "naïve cafe\u{301}") == 2)
        #expect(Sentence.words(in: "👩‍👩‍👧 …!? ") == 0)
    }

    @Test func `any text ends, says the same twice, and nothing but its words are counted`() {
        var generator = Seeded(seed: 7)
        let alphabet = Array("ab? .!'’=3\u{0}\u{202E}日ا\u{301}👍\n;you should what ".unicodeScalars)
        for _ in 0..<5_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...40, using: &generator) {
                text.unicodeScalars.append(alphabet.randomElement(using: &generator) ?? "?")
            }
            let sentences = Sentence.all(in: text)
            #expect(sentences == Sentence.all(in: text))
            #expect(sentences.allSatisfy { !$0.words.isEmpty || $0.isMarked })
            #expect(sentences.flatMap(\.words).allSatisfy { !$0.isEmpty && !$0.contains(" ") })
            for sentence in sentences {
                let kind = Utterance.kind(of: sentence)
                #expect((Utterance.form(of: sentence) != nil) == (kind == .question))
            }
        }
        let endless = String(repeating: "a ", count: 1_000_000)
        #expect(Sentence.words(in: endless) == Sentence.bytesMax / 2)
    }
}

/// Numbers that can be drawn again.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
