// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingGoals
import CoachingModel
import Testing

struct UndertakingsTests {
    private static let lena = PersonID(Bytes16(high: 1, low: 1))
    private static let tom = PersonID(Bytes16(high: 1, low: 2))
    private static let turn = TranscriptID(Bytes16(high: 7, low: 7))
    private static let own = TranscriptID(Bytes16(high: 8, low: 8))

    private static func id(_ number: UInt64) -> UndertakingID {
        UndertakingID(Bytes16(high: 9, low: number))
    }

    private static func at(_ minutes: Int64) -> Timestamp {
        Timestamp(milliseconds: minutes * 60_000)
    }

    private func line(
        _ number: UInt64,
        by author: PersonID = lena,
        _ note: UndertakingNote?,
        _ text: String = "text",
        due: Timestamp? = nil,
        kind: EntryKind = .note,
        in key: TranscriptKey = .own(lena),
        _ transcript: TranscriptID = own
    ) -> UndertakingLine {
        UndertakingLine(
            key: key,
            transcript: transcript,
            number: number,
            at: Self.at(Int64(number)),
            author: author,
            kind: kind,
            text: text,
            due: due,
            note: note
        )
    }

    private func made(_ id: UInt64, _ kind: UndertakingKind) -> UndertakingNote {
        UndertakingNote(id: Self.id(id), step: .made, kind: kind)
    }

    private func judged(_ id: UInt64, _ state: UndertakingState) -> UndertakingNote {
        UndertakingNote(id: Self.id(id), step: .judged, state: state)
    }

    @Test func `what was put down is open until its owner says what became of it`() throws {
        var goal = made(1, .goal)
        goal.measure = "two evenings"
        let lines = [
            line(1, goal, "rest more", due: Self.at(90)),
            line(2, UndertakingNote(id: Self.id(1), step: .progress), "one evening"),
            line(3, UndertakingNote(id: Self.id(1), step: .setback), "worked on Friday"),
        ]
        let open = Undertakings(lines)
        let one = try #require(open[Self.lena, Self.id(1)])
        #expect(one.state == .open)
        #expect(one.measure == "two evenings")
        #expect(one.course.map(\.kind) == [.progress, .setback])
        #expect(one.isOverdue(at: Self.at(91)) && !one.isOverdue(at: Self.at(90)))
        let closed = Undertakings(lines + [line(4, judged(1, .kept), "")])
        #expect(closed[Self.lena, Self.id(1)]?.state == .kept)
        #expect(closed[Self.lena, Self.id(1)]?.isOverdue(at: Self.at(1_000)) == false)
    }

    @Test func `what another says of it changes nothing`() {
        let all = Undertakings([
            line(1, made(1, .promise)), line(2, by: Self.tom, judged(1, .missed)),
            line(3, by: Self.tom, UndertakingNote(id: Self.id(1), step: .changed), "no"),
        ])
        #expect(all.all.map(\.state) == [.open])
        #expect(all.all.map(\.text) == ["text"])
        #expect(all.all[0].course == [])
    }

    @Test func `the same identifier of two people is two things`() {
        let all = Undertakings([
            line(1, made(1, .goal), "mine"), line(2, by: Self.tom, made(1, .goal), "his"),
            line(3, by: Self.tom, judged(1, .dropped)),
        ])
        #expect(all.all.map(\.text) == ["mine", "his"])
        #expect(all.all.map(\.state) == [.open, .dropped])
    }

    @Test func `a promise of a program that knows no notes is one all the same`() throws {
        let turn = TranscriptKey.between(Self.lena, Self.tom)
        let all = Undertakings([
            line(5, nil, "send it", kind: .commit, in: turn, Self.turn),
            line(6, nil, "only talk", kind: .say, in: turn, Self.turn),
        ])
        #expect(all.all.map(\.kind) == [.promise])
        let id = UndertakingID(lineOf: Self.turn, 5)
        let later = Undertakings([
            line(5, nil, "send it", kind: .commit, in: turn, Self.turn),
            line(7, UndertakingNote(id: id, step: .judged, state: .partly)),
        ])
        #expect(later.all.map(\.state) == [.partly])
    }

    @Test func `renegotiating gives another day and leaves it open`() {
        let all = Undertakings([
            line(1, made(1, .promise), due: Self.at(10)),
            line(2, judged(1, .renegotiated), "after the fair", due: Self.at(50)),
        ])
        #expect(all.all[0].state.isOpen)
        #expect(all.all[0].due == Self.at(50))
        #expect(all.all[0].text == "text")
    }

    @Test func `numbers stay when others come, go or are over`() {
        let some = [
            line(1, made(1, .goal)), line(2, made(2, .action)), line(3, made(3, .promise)),
        ]
        let before = Undertakings(some).numbered(of: Self.lena)
        let after = Undertakings(
            some + [line(4, judged(1, .dropped)), line(5, made(4, .goal))]
        ).numbered(of: Self.lena)
        #expect(before.map(\.number) == [1, 2, 3])
        #expect(after.map(\.number) == [1, 2, 3, 4])
        #expect(after.prefix(3).map(\.undertaking.id) == before.map(\.undertaking.id))
    }

    @Test func `the order in which lines are read changes nothing`() {
        let turn = TranscriptKey.between(Self.lena, Self.tom)
        var lines = [
            line(1, made(1, .goal)), line(2, made(2, .promise), in: turn, Self.turn),
            line(3, judged(1, .partly)), line(4, judged(2, .kept), in: turn, Self.turn),
            line(5, judged(1, .kept)), line(6, by: Self.tom, made(3, .promise), in: turn),
        ]
        let expected = Undertakings(lines)
        var numbers = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            lines.shuffle(using: &numbers)
            #expect(Undertakings(lines) == expected)
        }
    }

    @Test func `the review has promises to others from before, and the next day comes first`() {
        let turn = TranscriptKey.between(Self.lena, Self.tom)
        let all = Undertakings([
            line(1, made(1, .promise), "later", due: Self.at(90), in: turn),
            line(2, made(2, .promise), "no day", in: turn),
            line(3, made(3, .promise), "soon", due: Self.at(20), in: turn),
            line(4, made(4, .promise), "to myself", due: Self.at(10)),
            line(5, made(5, .goal), "a goal", due: Self.at(10), in: turn),
            line(6, by: Self.tom, made(6, .promise), "his", due: Self.at(30), in: turn),
            line(7, judged(2, .kept), in: turn), line(9, made(7, .promise), "new", in: turn),
        ])
        #expect(all.toReview(madeBefore: Self.at(9)).map(\.text) == ["soon", "his", "later"])
        let due = all.due(of: Self.lena, until: Self.at(20))
        #expect(due.map(\.text) == ["to myself", "a goal", "soon"])
    }

    // MARK: Coding

    private func read(_ bytes: [UInt8]) throws -> UndertakingNote {
        try CBORReader.reading(bytes, limits: CBORLimits(items: 64)) {
            (reader) throws(CBORError) in
            let note = try UndertakingNote(from: &reader)
            try reader.finish()
            return note
        }
    }

    private let full = UndertakingNote(
        id: id(1),
        step: .changed,
        kind: .goal,
        state: .renegotiated,
        goal: id(2),
        measure: "m",
        means: "w",
        reason: "r"
    )

    @Test func `a note comes back from its bytes, and unknown keys are passed over`() throws {
        for note in [full, UndertakingNote(id: Self.id(3), step: .made)] {
            let bytes = note.cborBytes()
            try CBORReader.validate(bytes, limits: CBORLimits(items: 64, profile: .wire))
            #expect(try read(bytes) == note)
        }
        var writer = CBORWriter(capacity: 64)
        writer.map(3)
        writer.key(0)
        writer.fixed16(9, 3)
        writer.key(1)
        writer.uint(1)
        writer.key(99)
        writer.text("later")
        #expect(try read(writer.finish()) == UndertakingNote(id: Self.id(3), step: .made))
    }

    @Test func `a note that is cut, or of an unknown step, is refused`() {
        let bytes = full.cborBytes()
        for count in bytes.indices {
            #expect(throws: CBORError.self) { try read(Array(bytes[..<count])) }
        }
        var other = UndertakingNote(id: Self.id(1), step: .made).cborBytes()
        other[other.count - 1] = 9
        #expect(throws: CBORError.self) { try read(other) }
    }

    @Test func `texts have their limits`() {
        var note = full
        note.means = String(repeating: "x", count: UndertakingNote.textBytesMax)
        #expect(note.isWithinLimits)
        note.means?.append("x")
        #expect(!note.isWithinLimits)
    }
}
