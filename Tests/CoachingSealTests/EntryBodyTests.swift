// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingFeedback
import CoachingGoals
import CoachingModel
import CoachingSeal
import Testing

@Suite struct `Bodies of entries` {
    @Test func `the text alone is a map of two keys`() throws {
        #expect(try EntryBody(text: "Hm").encoded() == [0xa2, 0, 1, 1, 0x62, 0x48, 0x6d])
    }

    @Test func `every field comes back`() throws {
        let full = EntryBody(
            text: "Schreib bis Freitag \u{1F4DD}",
            subkind: "action",
            title: "Draft",
            due: Timestamp(milliseconds: -1),
            paper: .link,
            paperVersion: 3,
            undertaking: UndertakingNote(
                id: UndertakingID(Bytes16(high: 3, low: 4)),
                step: .made,
                kind: .action
            ),
            scale: 4,
            saidBefore: SaidBefore(
                at: Timestamp(milliseconds: 5),
                key: KeyID(Bytes16(high: 1, low: 2)),
                counter: 9
            )
        )
        #expect(try EntryBody.decoded(full.encoded()) == full)
        for change in [
            { $0.subkind = nil }, { $0.title = nil }, { $0.due = nil }, { $0.paper = nil },
            { $0.paperVersion = nil }, { $0.saidBefore = nil }, { $0.undertaking = nil },
            { $0.scale = nil },
        ] as [(inout EntryBody) -> Void] {
            var part = full
            change(&part)
            #expect(try EntryBody.decoded(part.encoded()) == part)
            #expect(part != full)
        }
    }

    @Test func `feedback comes back in its parts, with and without each other`() throws {
        var full = EntryBody(text: "What helped: you waited")
        full.feedback = FeedbackParts()
        full.feedback?[.strengths] = "you waited"
        full.feedbackNote = FeedbackNote(
            id: FeedbackID(Bytes16(high: 5, low: 6)),
            step: .sent,
            form: .feedback,
            person: PersonID(Bytes16(high: 1, low: 2))
        )
        var assessment = Assessment(on: .icf, by: .client)
        assessment.rate(Rating(competency: "Listens Actively", level: 3), in: .icf)
        full.assessment = assessment
        full.feedbackRequest = FeedbackRequest(about: "my questions")
        #expect(try EntryBody.decoded(full.encoded()) == full)
        for change in [
            { $0.feedback = nil }, { $0.feedbackNote = nil }, { $0.assessment = nil },
            { $0.feedbackRequest = nil }, { $0.title = "t" },
        ] as [(inout EntryBody) -> Void] {
            var part = full
            change(&part)
            #expect(try EntryBody.decoded(part.encoded()) == part)
            #expect(part != full)
        }
        full.assessment?.ratings[0].level = 5
        #expect(throws: SealError.tooLong) { try full.encoded() }
        #expect(throws: SealError.cannotOpen) { try EntryBody.decoded(full.cborBytes()) }
    }

    @Test func `unknown keys and papers are skipped`() throws {
        let plain = try EntryBody(text: "Hm").encoded()
        let more: [UInt8] =
            [0xa4] + plain.dropFirst() + [0x05, 0x18, 0x63, 0x18, 0x60, 0x82, 0x01, 0xf6]
        #expect(try EntryBody.decoded(more) == EntryBody(text: "Hm"))
    }

    @Test func `limits hold when writing and when reading`() throws {
        let longest = EntryBody(text: String(repeating: "a", count: EntryBody.textBytesMax))
        #expect(try EntryBody.decoded(longest.encoded()) == longest)
        for body in [
            EntryBody(text: longest.text + "a"),
            EntryBody(text: "", subkind: String(repeating: "a", count: 33)),
            EntryBody(text: "", title: String(repeating: "a", count: 257)),
        ] {
            #expect(throws: SealError.tooLong) { try body.encoded() }
            #expect(throws: SealError.cannotOpen) { try EntryBody.decoded(body.cborBytes()) }
        }
    }

    @Test func `another version and broken bodies cannot be opened`() throws {
        var bytes = try EntryBody(text: "Hm", title: "a").encoded()
        for count in bytes.indices {
            #expect(throws: SealError.cannotOpen) { try EntryBody.decoded(Array(bytes[..<count])) }
        }
        #expect(throws: SealError.cannotOpen) { try EntryBody.decoded(bytes + [0]) }
        bytes[2] = 2
        #expect(throws: SealError.cannotOpen) { try EntryBody.decoded(bytes) }
        #expect(throws: SealError.cannotOpen) { try EntryBody.decoded([0xa1, 0, 1]) }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `garbage never stops the program`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let good = try EntryBody(text: "Hm", subkind: "goal", paper: .purpose).encoded()
        for _ in 0..<2_000 {
            var bytes = good
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
                in: .min ... .max,
                using: &generator
            )
            if let body = try? EntryBody.decoded(bytes) {
                #expect(body.isWithinLimits, "seed \(seed)")
            }
        }
    }
}
