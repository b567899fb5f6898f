// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingReports
import CoachingSeal
import Testing

@testable import CoachingClient
@testable import peercoach

/// Who has to agree before words go further: stories, and use without names.
struct SharingTests {
    private func person(_ number: Int) -> PersonID { RoomScene.person(number) }

    private func line(
        _ author: Int,
        _ text: String,
        at minute: Int,
        to key: TranscriptKey = .room,
        kind: EntryKind = .say,
        use: UnnamedUse? = nil,
        concerns: [Int] = [],
        release: ReleaseStanding? = nil
    ) -> ReadEntry {
        var body = EntryBody(text: text)
        body.unnamedUse = use
        body.concerns = concerns.map(person)
        var line = ReadEntry(
            key: key,
            number: UInt64(minute + 1),
            at: RoomScene.at(14, minute),
            author: person(author),
            authorName: "",
            device: RoomScene.device(author),
            kind: kind,
            body: body,
            isMine: false,
            isNew: false
        )
        line.release = release
        return line
    }

    private let id = Bytes16(high: 5, low: 5)

    private func asked(_ asker: Int, at minute: Int, from: Timestamp? = nil) -> ReadEntry {
        let until = RoomScene.at(14, minute)
        return line(
            asker,
            "May I?",
            at: minute,
            use: UnnamedUse(id: id, .asked, from: from, until: until, words: ["Acme"])
        )
    }

    private func answer(
        _ who: Int,
        _ stand: UnnamedUse.Stand,
        at minute: Int,
        to other: Int
    )
        -> ReadEntry
    {
        line(
            who,
            "Yes.",
            at: minute,
            to: .between(person(who), person(other)),
            use: UnnamedUse(id: id, stand)
        )
    }

    @Test func `an answer counts from its author, to who asked alone, and the last one`() throws {
        var lines = [
            asked(1, at: 10), answer(2, .agreed, at: 11, to: 1), answer(3, .refused, at: 12, to: 1),
            answer(4, .agreed, at: 13, to: 1), answer(4, .refused, at: 14, to: 1),
            answer(5, .refused, at: 15, to: 1), answer(5, .agreed, at: 16, to: 1),
            // To somebody else, in the room, and of who asked.
            answer(6, .agreed, at: 17, to: 2),
            line(7, "Yes.", at: 18, use: UnnamedUse(id: id, .agreed)),
            line(1, "No.", at: 19, use: UnnamedUse(id: id, .refused)),
        ]
        lines.shuffle()
        let question = try #require(UnnamedUseBoard(lines).questions.first)
        #expect(question.asker == person(1))
        #expect(question.words == ["Acme"])
        #expect(question.agreed == Set([1, 2, 5].map(person)))
        #expect(question.answers.count == 5)
        // Somebody else's question under the same name is none.
        lines.append(asked(2, at: 30))
        #expect(UnnamedUseBoard(lines).questions == [question])
        // Nor one that stands anywhere else, or is to hold for what is still to come.
        let aside = asked(3, at: 5)
        var elsewhere = aside
        elsewhere.key = .between(person(3), person(1))
        #expect(UnnamedUseBoard([elsewhere]).questions.isEmpty)
        var later = aside
        later.body?.unnamedUse?.until = RoomScene.at(20, 0)
        #expect(UnnamedUseBoard([later]).questions.first?.until == later.at)
    }

    @Test func `words of those who agreed are used, in the time that was asked for`() throws {
        let from = RoomScene.at(14, 2)
        let agreed = (2...4).map { answer($0, .agreed, at: 30 + $0, to: 1) }
        let question = try #require(
            UnnamedUseBoard([asked(1, at: 20, from: from)] + agreed).questions.first
        )
        func texts(_ lines: [ReadEntry]) -> [String] {
            UnnamedUseBoard.usable(question, of: lines).map(\.text)
        }
        #expect(texts([line(2, "a", at: 2), line(1, "b", at: 19)]) == ["a", "b"])
        for one in [
            line(2, "before", at: 1), line(2, "after", at: 20), line(5, "no yes", at: 5),
            line(2, "to one", at: 5, to: .between(person(1), person(2))),
            line(2, "peers", at: 5, to: .peers), line(2, "note", at: 5, to: .own(person(2))),
            line(2, "promise", at: 5, kind: .commit),
            line(2, "feedback", at: 5, kind: .feedback),
            line(2, "of five", at: 5, concerns: [5]),
            line(2, "released without five", at: 5, release: .agreed([person(2), person(5)])),
            line(2, "forged", at: 5, release: .unproved), asked(1, at: 5),
        ] {
            #expect(texts([one]).isEmpty, "\(one.body?.text ?? "")")
        }
        let fine = [
            line(2, "of three", at: 5, concerns: [3]),
            line(2, "released", at: 5, release: .agreed([person(2), person(3)])),
        ]
        #expect(texts(fine).count == 2)
    }

    @Test func `a story is told where all read it whom it is about, and nowhere wider`() throws {
        let scene = try RoomScene(
            ["Lena", "Priya", "Tom"],
            facilitators: ["Jonas"],
            me: 1,
            at: RoomScene.at(14, 0)
        )
        func place(_ others: [Int], _ wanted: TranscriptKey? = nil) -> TranscriptKey? {
            try? Story.place(for: others.map(person), wanted: wanted, in: scene.room, me: person(1))
        }
        #expect(place([]) == .own(person(1)))
        #expect(place([2]) == .between(person(1), person(2)))
        #expect(place([91]) == .between(person(1), person(91)))
        #expect(place([2, 3]) == .peers)
        #expect(place([2, 91]) == .room)
        #expect(place([], .room) == .room)
        #expect(place([91], .peers) == nil)
        #expect(place([2, 3], .between(person(1), person(2))) == nil)
        #expect(place([2], .own(person(1))) == nil)
        let people = try Story.concerned(["tom", "pri", "lena"], in: scene.room, me: person(1))
        #expect(people == [person(2), person(3)].sorted())
        #expect(throws: ClientError.self) {
            try Story.concerned(["nobody"], in: scene.room, me: person(1))
        }
        var alone = try RoomScene(["Lena", "Priya", "Tom"], me: 1, at: RoomScene.at(14, 0))
        #expect(
            try Story.place(
                for: [person(2), person(3)],
                wanted: nil,
                in: alone.room,
                me: person(1)
            ) == .room
        )
        _ = alone.news()
    }

    @Test func `the time is told in months`() {
        func months(_ from: Int, _ until: Int) -> String {
            let start = RoomScene.at(14, 0)
            return ChathamWords.months(
                start.adding(milliseconds: Int64(from) * 86_400_000),
                start.adding(milliseconds: Int64(until) * 86_400_000),
                WallCalendar { _ in 0 }
            )
        }
        #expect(months(0, 3) == "December 2026")
        #expect(months(-40, 0) == "October to December 2026")
        #expect(months(0, 40) == "December 2026 to January 2027")
    }
}
