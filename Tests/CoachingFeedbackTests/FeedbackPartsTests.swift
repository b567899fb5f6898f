// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingFeedback
import CoachingModel
import Testing

struct FeedbackPartsTests {
    private func whole() -> FeedbackParts {
        var parts = FeedbackParts()
        parts[.strengths] = "You let the silence be, and I found the word myself."
        parts[.observed] = "At 14:23 you said what you would do."
        parts[.effect] = "I leaned back and waited for more."
        parts[.instead] = "Say back what you heard, first."
        parts[.goal] = "You want to say less."
        return parts
    }

    @Test func `a part is kept without the blanks around it, and an empty one is not there`() {
        var parts = FeedbackParts()
        parts[.observed] = " \n you waited \n"
        #expect(parts[.observed] == "you waited" && parts.present == [.observed])
        parts[.observed] = "  \n "
        #expect(parts[.observed] == nil && parts.isEmpty && parts.text.isEmpty)
    }

    @Test func `people read a line for each part, in their order`() {
        var parts = FeedbackParts()
        parts[.instead] = "wait"
        parts[.strengths] = "you asked"
        #expect(parts.text == "What helped: you asked\nWhat you could try: wait")
    }

    @Test func `each part has its limit, and the whole fits into a line`() {
        var parts = FeedbackParts()
        for part in FeedbackPart.allCases {
            parts[part] = String(repeating: "x", count: FeedbackParts.partBytesMax)
        }
        #expect(parts.isWithinLimits && parts.tooLong == nil)
        #expect(parts.text.utf8.count <= 8_000)
        parts[.effect]?.append("x")
        #expect(!parts.isWithinLimits && parts.tooLong == .effect)
    }

    // MARK: Balance

    @Test func `whole feedback has nothing to look at again`() {
        #expect(FeedbackBalance(whole()).isBalanced)
    }

    @Test(arguments: FeedbackPart.allCases)
    func `a part that is missing is named, and what it is good for`(_ part: FeedbackPart) {
        var parts = whole()
        parts[part] = nil
        let balance = FeedbackBalance(parts)
        #expect(balance.remarks.contains(.missing(part)))
        #expect(balance.sentences.allSatisfy { !$0.isEmpty })
    }

    @Test func `where nothing is said all parts are missing`() {
        let remarks = FeedbackBalance(FeedbackParts()).remarks
        #expect(remarks == FeedbackPart.allCases.map { .missing($0) })
    }

    @Test func `more on what could be otherwise, advice without a moment, and verdicts are named`()
    {
        var parts = whole()
        parts[.strengths] = "Good."
        parts[.instead] = String(repeating: "ask before you tell, ", count: 6)
        #expect(FeedbackBalance(parts).remarks == [.lopsided])
        parts = whole()
        parts[.observed] = nil
        #expect(FeedbackBalance(parts).remarks == [.missing(.observed), .unseen])
        parts = whole()
        parts[.observed] = "You ALWAYS interrupt."
        #expect(FeedbackBalance(parts).remarks == [.general("always")])
        parts[.observed] = "You are impatient."
        #expect(FeedbackBalance(parts).remarks == [.judging("you are")])
    }

    @Test func `short words are not called out of balance`() {
        var parts = whole()
        parts[.strengths] = "ok"
        parts[.observed] = "you waited"
        parts[.instead] = "more of it"
        #expect(FeedbackBalance(parts).isBalanced)
    }

    // MARK: Competencies

    @Test func `the eight are found by number, name or the beginning of a word`() {
        let set = CompetencySet.icf
        #expect(set.competencies.count == 8 && set.isWithinLimits)
        #expect(set.competencies.allSatisfy { $0.meaning.count <= CompetencySet.meaningMax })
        #expect(set.competencies(called: "6").map(\.name) == ["Listens Actively"])
        #expect(set.competencies(called: "listens actively").count == 1)
        #expect(set.competencies(called: "presence").map(\.name) == ["Maintains Presence"])
        #expect(set.competencies(called: "maintains").count == 2)
        for wrong in ["", "0", "9", "-1", "juggling", "99999999999999999999"] {
            #expect(set.competencies(called: wrong).isEmpty, "\(wrong)")
        }
    }

    @Test func `a level is a number of the scale or its name`() {
        let set = CompetencySet.icf
        #expect(set.level("1") == 1 && set.level("4") == 4)
        #expect(set.level("Seen Mostly") == 3)
        for wrong in ["0", "5", "-1", "", "good", "9999999999999999999"] {
            #expect(set.level(wrong) == nil, "\(wrong)")
        }
    }

    @Test func `an assessment keeps the set's order, and the last word on each`() {
        var one = Assessment(on: .icf, by: .observer)
        #expect(one.isEmpty)
        one.rate(Rating(competency: "Evokes Awareness", level: 2), in: .icf)
        one.rate(Rating(competency: "Maintains Presence", level: 4, evidence: "14:20"), in: .icf)
        one.rate(Rating(competency: "Evokes Awareness", level: 3), in: .icf)
        one.words = "Thank you."
        #expect(one.ratings.map(\.level) == [4, 3])
        #expect(
            one.text == """
                Thank you.
                Maintains Presence: seen throughout (14:20)
                Evokes Awareness: seen mostly
                """
        )
        #expect(one["Evokes Awareness"]?.level == 3 && one["Juggles"] == nil)
        #expect(one.word(9) == "9" && one.isWithinLimits)
        one.ratings[0].level = 5
        #expect(!one.isWithinLimits)
        one.ratings[0].level = 0
        #expect(!one.isWithinLimits)
        one.ratings[0] = one.ratings[1]
        #expect(!one.isWithinLimits)
    }

    // MARK: Coding

    private func read<Value: CBORReadable & Sendable>(
        _ type: Value.Type,
        _ bytes: [UInt8]
    ) throws -> Value {
        try CBORReader.reading(bytes, limits: CBORLimits(items: 256)) {
            (reader) throws(CBORError) in
            let value = try Value(from: &reader)
            try reader.finish()
            return value
        }
    }

    private func comesBack<Value: CBORWritable & CBORReadable & Equatable & Sendable>(
        _ value: Value
    ) throws {
        let bytes = value.cborBytes()
        try CBORReader.validate(bytes, limits: CBORLimits(items: 256, profile: .wire))
        #expect(try read(Value.self, bytes) == value)
        for count in bytes.indices {
            #expect(throws: CBORError.self) { try read(Value.self, Array(bytes[..<count])) }
        }
    }

    @Test func `all that an entry holds about feedback comes back from its bytes`() throws {
        try comesBack(FeedbackParts())
        try comesBack(whole())
        let id = FeedbackID(Bytes16(high: 1, low: 2))
        let lena = PersonID(Bytes16(high: 3, low: 4))
        for step in FeedbackNote.Step.allCases {
            for form in FeedbackForm.allCases {
                try comesBack(FeedbackNote(id: id, step: step, form: form))
                try comesBack(FeedbackNote(id: id, step: step, form: form, person: lena))
            }
        }
        try comesBack(FeedbackRequest())
        try comesBack(FeedbackRequest(about: "my questions"))
        for by in Assessor.allCases {
            var one = Assessment(on: .icf, by: by)
            try comesBack(one)
            one.rate(Rating(competency: "Evokes Awareness", level: 2), in: .icf)
            one.rate(Rating(competency: "Maintains Presence", level: 4, evidence: "e"), in: .icf)
            one.words = "w"
            one.session = SessionID(Bytes16(high: 5, low: 6))
            try comesBack(one)
        }
    }

    @Test func `a level outside the scale, an unknown step and a view of nobody are refused`() {
        var one = Assessment(on: .icf, by: .client)
        one.ratings = [Rating(competency: "Evokes Awareness", level: 5)]
        #expect(throws: CBORError.self) { try read(Assessment.self, one.cborBytes()) }
        one.ratings = [Rating(competency: "x", level: 1), Rating(competency: "x", level: 2)]
        #expect(throws: CBORError.self) { try read(Assessment.self, one.cborBytes()) }
        let id = FeedbackID(Bytes16(high: 1, low: 2))
        let note = FeedbackNote(id: id, step: .drafted, form: .feedback).cborBytes()
        for place in [note.count - 1, note.count - 3] {
            var other = note
            other[place] = 9
            #expect(throws: CBORError.self) { try read(FeedbackNote.self, other) }
        }
        var long = FeedbackParts()
        long[.goal] = String(repeating: "x", count: FeedbackParts.partBytesMax + 1)
        #expect(throws: CBORError.self) { try read(FeedbackParts.self, long.cborBytes()) }
    }
}
