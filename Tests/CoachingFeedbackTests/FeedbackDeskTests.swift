// SPDX-License-Identifier: Apache-2.0
import CoachingFeedback
import CoachingModel
import Testing

struct FeedbackDeskTests {
    private static let me = PersonID(Bytes16(high: 1, low: 1))
    private static let lena = PersonID(Bytes16(high: 1, low: 2))
    private static let tom = PersonID(Bytes16(high: 1, low: 3))
    private static let session = SessionID(Bytes16(high: 2, low: 2))
    private static let others = [lena, tom]

    private static func id(_ number: UInt64) -> FeedbackID {
        FeedbackID(Bytes16(high: 9, low: number))
    }

    private static func transcript(_ key: TranscriptKey) -> TranscriptID {
        switch key {
        case .direct(let one, let other):
            TranscriptID(Bytes16(high: one.value.low, low: other.value.low))
        default: TranscriptID(Bytes16(high: 7, low: 7))
        }
    }

    private func line(
        _ number: UInt64,
        by author: PersonID = me,
        in key: TranscriptKey = .own(me),
        _ kind: EntryKind = .note,
        _ text: String = "text",
        _ more: (inout FeedbackLine) -> Void = { _ in }
    ) -> FeedbackLine {
        var line = FeedbackLine(
            key: key,
            transcript: Self.transcript(key),
            number: number,
            at: Timestamp(milliseconds: Int64(number) * 1_000),
            author: author,
            kind: kind,
            text: text
        )
        more(&line)
        return line
    }

    private func draft(
        _ number: UInt64,
        _ id: UInt64,
        _ words: String,
        by author: PersonID = me
    ) -> FeedbackLine {
        line(number, by: author, in: .own(author)) {
            $0.note = FeedbackNote(
                id: Self.id(id),
                step: .drafted,
                form: .feedback,
                person: Self.lena
            )
            $0.parts = FeedbackParts()
            $0.parts?[.strengths] = words
        }
    }

    @Test func `the latest version of a draft counts until it is sent`() throws {
        let lines = [draft(1, 1, "a"), draft(2, 1, "ab"), draft(3, 1, "abc")]
        let desk = FeedbackDesk(of: Self.me, lines.reversed())
        let found = try #require(desk.draft(for: Self.lena, .feedback))
        #expect(desk.drafts.count == 1)
        #expect(found.versions == 3 && found.parts[.strengths] == "abc")
        #expect(desk.draft(for: Self.tom, .feedback) == nil)
        #expect(desk.draft(for: Self.lena, .assessment) == nil)
        let sent = line(4, in: .between(Self.me, Self.lena), .feedback) {
            $0.note = FeedbackNote(id: Self.id(1), step: .sent, form: .feedback)
        }
        let after = FeedbackDesk(of: Self.me, lines + [sent])
        #expect(after.drafts.isEmpty && after.sent.map(\.to) == [Self.lena])
        // A version that another device saved late brings nothing back.
        #expect(FeedbackDesk(of: Self.me, lines + [sent, draft(9, 1, "late")]).drafts.isEmpty)
    }

    @Test func `others can neither make nor close one's drafts, nor open what came`() {
        let came = line(2, by: Self.lena, in: .between(Self.me, Self.lena), .feedback)
        let id = FeedbackID(lineOf: came.transcript, 2)
        let lines = [
            draft(1, 1, "mine"), came,
            line(3, by: Self.lena, in: .between(Self.me, Self.lena), .feedback) {
                $0.note = FeedbackNote(id: Self.id(1), step: .sent, form: .feedback)
            },
            line(4, by: Self.tom, in: .own(Self.tom)) {
                $0.note = FeedbackNote(id: id, step: .opened, form: .feedback)
            },
            line(5, by: Self.lena, in: .room) {
                $0.note = FeedbackNote(id: Self.id(1), step: .dropped, form: .feedback)
            },
            draft(6, 7, "not mine", by: Self.tom),
            line(7, by: Self.tom, in: .between(Self.lena, Self.tom), .feedback),
        ]
        let desk = FeedbackDesk(of: Self.me, lines)
        #expect(desk.drafts.map(\.id) == [Self.id(1)])
        #expect(desk.unopened.count == 2 && desk.received.count == 2)
        let opened = line(8) {
            $0.note = FeedbackNote(id: id, step: .opened, form: .feedback, person: Self.lena)
        }
        #expect(FeedbackDesk(of: Self.me, lines + [opened]).unopened.map(\.number) == [3])
    }

    @Test func `what is asked for waits until the other has written, whatever they write`() {
        let between = TranscriptKey.between(Self.me, Self.lena)
        let asks = line(1, by: Self.lena, in: between, .say) {
            $0.request = FeedbackRequest(about: "my questions")
        }
        let again = line(2, by: Self.lena, in: between, .say) { $0.request = FeedbackRequest() }
        let mine = line(3, in: .between(Self.me, Self.tom), .say) { $0.request = FeedbackRequest() }
        var desk = FeedbackDesk(of: Self.me, [asks])
        #expect(desk.askedOfOwner.map(\.about) == ["my questions"])
        desk = FeedbackDesk(of: Self.me, [asks, again, mine])
        #expect(desk.askedOfOwner.count == 1 && desk.askedByOwner.map(\.of) == [Self.tom])
        let hers = line(4, by: Self.lena, in: between, .feedback)
        #expect(FeedbackDesk(of: Self.me, [asks, hers]).askedOfOwner.count == 1)
        for kind in [EntryKind.feedback, .assess] {
            let answer = line(5, in: between, kind)
            #expect(FeedbackDesk(of: Self.me, [asks, again, answer]).asked.isEmpty)
        }
        #expect(FeedbackDesk(of: Self.me, [asks, line(5, in: between, .say)]).asked.count == 1)
    }

    @Test func `one's own view of a session is kept apart, the last one`() {
        func own(_ number: UInt64, _ level: UInt8, by assessor: Assessor = .oneself) -> FeedbackLine
        {
            line(number) {
                var one = Assessment(on: .icf, by: assessor, session: Self.session)
                one.rate(Rating(competency: "Maintains Presence", level: level), in: .icf)
                $0.assessment = one
            }
        }
        let desk = FeedbackDesk(of: Self.me, [own(1, 2), own(2, 3), own(3, 4, by: .client)])
        #expect(desk.selfAssessment(of: Self.session)?.ratings.map(\.level) == [3])
        #expect(desk.selfAssessment(of: SessionID(Bytes16(high: 0, low: 0))) == nil)
        #expect(desk.drafts.isEmpty && desk.sent.isEmpty)
    }

    // MARK: A simple model against it

    /// What the desk is to say, kept as one goes.
    private struct Expected {
        var drafts: [FeedbackID: (person: PersonID, words: String, versions: Int)] = [:]
        var over: Set<FeedbackID> = []
        var sent = 0
        var received: [FeedbackID] = []
        var opened: Set<FeedbackID> = []
        var asked: Set<PersonID> = []
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `whatever is saved, sent, dropped, opened and asked in whatever order`(seed: UInt64) {
        var generator = Numbers(state: seed)
        var expected = Expected()
        var lines: [FeedbackLine] = []
        var made: [(id: FeedbackID, person: PersonID)] = []
        for number in 1...UInt64(40) {
            let person = Self.others[Int(generator.next() % 2)]
            let between = TranscriptKey.between(Self.me, person)
            switch generator.next() % 6 {
            case 0, 1:
                if made.isEmpty || generator.next() % 3 == 0 {
                    made.append((Self.id(UInt64(made.count)), person))
                }
                let (id, whose) = made[Int(generator.next() % UInt64(made.count))]
                lines.append(
                    line(number) {
                        $0.note = FeedbackNote(
                            id: id,
                            step: .drafted,
                            form: .feedback,
                            person: whose
                        )
                        $0.parts = FeedbackParts()
                        $0.parts?[.observed] = "\(number)"
                    }
                )
                let versions = expected.drafts[id]?.versions ?? 0
                expected.drafts[id] = (whose, "\(number)", versions + 1)
            case 2 where !made.isEmpty:
                let (id, whose) = made[Int(generator.next() % UInt64(made.count))]
                lines.append(
                    line(number, in: .between(Self.me, whose), .feedback) {
                        $0.note = FeedbackNote(id: id, step: .sent, form: .feedback)
                    }
                )
                expected.over.insert(id)
                expected.sent += 1
                expected.asked.remove(whose)
            case 3 where !made.isEmpty:
                let (id, _) = made[Int(generator.next() % UInt64(made.count))]
                lines.append(
                    line(number) {
                        $0.note = FeedbackNote(id: id, step: .dropped, form: .feedback)
                    }
                )
                expected.over.insert(id)
            case 4:
                let came = line(number, by: person, in: between, .feedback)
                lines.append(came)
                let id = FeedbackID(lineOf: came.transcript, number)
                expected.received.append(id)
                if generator.next() % 2 == 0 {
                    expected.opened.insert(id)
                    // It may be read before the line that it opens: order changes nothing.
                    lines.append(
                        line(number) {
                            $0.note = FeedbackNote(id: id, step: .opened, form: .feedback)
                        }
                    )
                }
            default:
                lines.append(
                    line(number, by: person, in: between, .say) { $0.request = FeedbackRequest() }
                )
                expected.asked.insert(person)
            }
        }
        lines.shuffle(using: &generator)
        let desk = FeedbackDesk(of: Self.me, lines)
        let open = expected.drafts.filter { !expected.over.contains($0.key) }
        #expect(Set(desk.drafts.map(\.id)) == Set(open.keys), "seed \(seed)")
        for draft in desk.drafts {
            let one = open[draft.id]
            #expect(draft.person == one?.person && draft.versions == one?.versions, "seed \(seed)")
            #expect(draft.parts[.observed] == one?.words, "seed \(seed)")
        }
        #expect(desk.sent.count == expected.sent, "seed \(seed)")
        #expect(desk.received.map(\.id) == expected.received, "seed \(seed)")
        #expect(
            Set(desk.unopened.map(\.id)) == Set(expected.received).subtracting(expected.opened),
            "seed \(seed)"
        )
        #expect(Set(desk.askedOfOwner.map(\.by)) == expected.asked, "seed \(seed)")
    }

    private struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var word = state
            word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
            return word ^ (word >> 31)
        }
    }
}
