// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel
import Testing

/// Formats with fewer rounds than people, in which all coach, or without rounds.
struct FormatShapesTests {
    typealias Stage = RoomStage

    private static var shaped: SessionFormat {
        var format = Stage.format
        format.pods = PodSizes(smallest: 3, usual: 5, largest: 6)
        format.seating = .allCoach
        format.roundsMost = 1
        format.labels = RoleLabels(client: "presenter", coach: "consultant")
        for index in format.round.indices {
            format.round[index].parts.removeAll { $0.role == .observer }
        }
        return format
    }

    private static var together: SessionFormat {
        var format = Stage.format
        format.round = []
        return format
    }

    private func found(_ edit: (inout SessionFormat) -> Void) -> [String] {
        var format = Self.shaped
        edit(&format)
        return format.mistakes.map { "\($0.path) \($0.rule)" }
    }

    @Test func `where all coach nobody observes, and nothing may be said about who does`() throws {
        #expect(Self.shaped.mistakes == [])
        #expect(
            found { $0.round[0].parts.append(Stage.format.round[0].parts[2]) }
                == ["round[0].parts[2] roleOutOfPlace"]
        )
        #expect(
            found { $0.round[0].parts[0].sentence = "Look at {observer}." }
                == ["round[0].parts[0].sentence placeholder"]
        )
        let people = (1...5).map { Stage.person($0) }
        let rounds = try RotationPlanner.plan(
            present: people,
            of: Self.shaped,
            history: RotationHistory()
        )
        #expect(rounds.count == 1)
        #expect(rounds[0].count == 1)
        #expect(rounds[0][0].coaches.count == 4)
        #expect(rounds[0][0].observers == [])
        #expect(Set(rounds[0][0].people) == Set(people))
    }

    @Test func `rounds are fewer than the largest pod has people`() {
        #expect(found { $0.roundsMost = 0 } == ["rounds rounds"])
        #expect(found { $0.roundsMost = 5 } == [])
        #expect(found { $0.roundsMost = 6 } == ["rounds rounds"])
        var together = Self.together
        together.roundsMost = 1
        #expect(together.mistakes.map(\.rule) == [.rounds])
    }

    @Test(arguments: ["", " giver", "giver ", "a\u{1B}b", "x1", String(repeating: "a", count: 25)])
    func `a label that is no short word is refused`(label: String) {
        #expect(found { $0.labels?.coach = label } == ["labels.coach label"])
    }

    @Test func `a label for a role that nobody has is refused`() {
        #expect(found { $0.labels?.observer = "scribe" } == ["labels.observer label"])
        var together = Self.together
        together.labels = RoleLabels(client: "presenter")
        #expect(together.mistakes.map(\.rule) == [.label])
    }

    @Test func `over sessions of one round each everybody is client once before anybody is twice`()
        throws
    {
        var stage = try Stage.ready(peers: 5)
        var clients: [PersonID] = []
        for number in 1...10 {
            try stage.ask(stage.start(number, format: Self.shaped), by: 1)
            while stage.room.session != nil { try stage.wake() }
            let summary = try #require(stage.room.lastSession)
            #expect(summary.isHeld)
            #expect(summary.owed == [])
            clients += summary.turns.map(\.turn.pod.client)
        }
        #expect(Set(clients.prefix(5)).count == 5)
        #expect(Set(clients.suffix(5)).count == 5)
    }

    @Test func `where the only client leaves before the turn somebody who is there has it`() throws
    {
        var stage = try Stage.ready(peers: 6)
        try stage.ask(.attend(Stage.person(6), .away), by: 6)
        try stage.ask(stage.start(1, format: Self.shaped), by: 1)
        let client = try #require(stage.room.session?.plan.rounds.first?.first?.client)
        try stage.exclude(Stage.number(of: client))
        let next = try #require(stage.room.session?.plan.rounds.first?.first)
        #expect(next.client != client)
        #expect(!next.people.contains(Stage.person(6)))
        try stage.wake()
        #expect(stage.room.session?.openTurns.map(\.pod.client) == [next.client])
    }

    @Test func `without rounds the group goes from its opening to its closing`() throws {
        #expect(Self.together.mistakes == [])
        var stage = try Stage.ready(peers: 3)
        try stage.ask(stage.start(1, format: Self.together), by: 1)
        let session = try #require(stage.room.session)
        #expect(session.plan.rounds == [])
        #expect(stage.room.plannedRounds == [])
        #expect(stage.room.endOfOpening == session.ends)
        #expect(stage.room.part(of: Stage.person(2))?.phase.name == "arrive")
        try stage.wake()
        #expect(stage.room.part(of: Stage.person(2))?.phase.name == "leave")
        #expect(stage.room.session?.isTogether == true)
        try stage.wake()
        #expect(stage.room.session == nil)
        #expect(stage.room.lastSession?.isHeld == true)
        #expect(stage.room.lastSession?.owed == [])
        #expect(stage.room.history.owed.isEmpty)
    }

    @Test func `what is new in a format comes back from its bytes, and is absent where it is not`()
        throws
    {
        for format in [Self.shaped, Self.together, Stage.format] {
            let started = SessionStarted(
                session: Stage.session(1),
                format: format,
                medium: .typed,
                plan: SessionPlan(
                    rounds: [],
                    timetable: Timetable(opening: [], round: [], closing: [])
                ),
                pace: 1,
                host: nil,
                purpose: nil
            )
            let record = RoomRecord(
                at: Timestamp(milliseconds: 1),
                by: nil,
                event: .sessionStarted(started)
            )
            let again = try RoomRecord(decoding: record.encoded(), rosterHash: Stage.hash)
            #expect(again == record)
            let payload = try CBOREncoder(limits: CBORLimits(items: 4_096)).encode(started)
            #expect(record.encoded().suffix(payload.count) == payload[...])
        }
    }
}
