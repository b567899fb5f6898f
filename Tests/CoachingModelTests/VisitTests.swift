// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

/// A facilitator who reads a turn for a while, by its client's yes.
struct VisitTests {
    typealias Stage = RoomStage

    private let jonas = Stage.person(90)

    /// Four peers and two facilitators in two pods, of whom some have written.
    private func stage() throws -> (RoomStage, Turn) {
        var stage = try Stage.ready(peers: 4, facilitators: 2)
        var format = Stage.rounds
        format.pods = PodSizes(smallest: 2, usual: 2, largest: 3)
        try stage.ask(stage.start(1, format: format), by: 90)
        let turn = try #require(stage.room.session?.openTurns.first)
        stage.numbers[.turn(turn.id)] = 7
        return (stage, turn)
    }

    private func client(_ turn: Turn) -> Int { Stage.number(of: turn.pod.client) }

    private func visiting() throws -> (RoomStage, Turn) {
        var (stage, turn) = try stage()
        try stage.ask(.askVisit(turn.id), by: 90)
        let yes = stage.visitYes(turn.id, by: client(turn))
        try stage.ask(.allowVisit(yes), by: client(turn))
        return (stage, turn)
    }

    @Test func `a visitor reads from the yes on, writes nothing, and goes`() throws {
        var (stage, turn) = try stage()
        let key = TranscriptKey.turn(turn.id)
        let devices = stage.room.audienceDevices(of: key)
        try stage.ask(.askVisit(turn.id), by: 90)
        #expect(stage.room.visitRequest(turn.id)?.visitor == jonas)
        #expect(!stage.room.isInAudience(of: key, jonas))
        #expect(stage.room.lastAudienceChange(of: key) != stage.room.position)
        let yes = stage.visitYes(turn.id, by: client(turn))
        #expect(try stage.ask(.allowVisit(yes), by: client(turn)) == [.turnChanged(yes)])
        #expect(stage.room.visited(by: jonas) == turn)
        #expect(stage.room.audience(of: key) == (turn.pod.people + [jonas]).sorted())
        #expect(stage.room.audienceDevices(of: key).count == devices.count + 1)
        #expect(stage.room.lastAudienceChange(of: key) == stage.room.position)
        #expect(stage.room.readable(key, by: jonas) == [8...UInt64.max])
        #expect(stage.room.readable(key, by: Stage.person(91)) == [])
        for kind in EntryKind.allCases {
            var refused: RoomRejection?
            do throws(RoomRejection) {
                try stage.room.mayPost(kind, in: key, by: jonas)
            } catch { refused = error }
            #expect(refused == (kind == .grant ? nil : .notInScope), "\(kind)")
        }
        let other = try #require(stage.room.session?.openTurns.last)
        #expect(!stage.room.isInAudience(of: .turn(other.id), jonas))
        stage.numbers[key] = 11
        try stage.ask(.endVisit(turn.id), by: 90)
        #expect(!stage.room.isInAudience(of: key, jonas))
        #expect(stage.room.readable(key, by: jonas) == [8...11])
        #expect(stage.room.lastAudienceChange(of: key) == stage.room.position)
        #expect(stage.room.audienceDevices(of: key) == devices)
    }

    @Test func `a visitor puts in what the phase lets them, whoever has the floor`() throws {
        for medium in [Medium.typed, .spoken] {
            var stage = try Stage.ready(peers: 4, facilitators: 2)
            var format = Stage.rounds
            format.pods = PodSizes(smallest: 2, usual: 2, largest: 3)
            format.round[0].interventions = [.say, .ask]
            #expect(format.mistakes.isEmpty)
            try stage.ask(stage.start(1, medium: medium, format: format), by: 90)
            let turn = try #require(stage.room.session?.openTurns.first)
            let key = TranscriptKey.turn(turn.id)
            func refusal(_ kind: EntryKind, _ person: PersonID) -> RoomRejection? {
                do throws(RoomRejection) {
                    try stage.room.mayPost(kind, in: key, by: person)
                    return nil
                } catch { return error }
            }
            #expect(refusal(.ask, jonas) == .notInScope)
            #expect(stage.room.interventions(of: jonas) == nil)
            try stage.ask(.askVisit(turn.id), by: 90)
            try stage.ask(.allowVisit(stage.visitYes(turn.id, by: client(turn))), by: client(turn))
            #expect(stage.room.interventions(of: jonas)?.turn == turn)
            #expect(stage.room.interventions(of: jonas)?.kinds == [.say, .ask])
            // The one who has the floor alone keeps it, and the visitor puts in all the same.
            let call = FloorCall(wish: .give, person: turn.pod.client)
            if medium == .typed { try stage.ask(.floor(call), by: 90) }
            let may: [EntryKind] = [.say, .ask, .consent, .withdraw, .grant]
            for kind in EntryKind.allCases {
                let expected: RoomRejection? =
                    may.contains(kind) ? nil : kind == .note ? .kindNotHere : .notYourFloor
                #expect(refusal(kind, jonas) == expected, "\(kind) \(medium)")
                #expect(refusal(kind, Stage.person(91)) == .notInScope)
            }
            let floor = stage.room.floor(of: turn.pod.client)
            if medium == .typed { #expect(floor?.holder == turn.pod.client) }
            #expect(!stage.room.mustCite(.say, in: key, by: jonas))
            // The next phase lets them only read.
            try stage.wake()
            #expect(stage.room.session?.place.round == 1)
            #expect(stage.room.interventions(of: jonas)?.kinds == [])
            #expect(refusal(.ask, jonas) == .notYourFloor)
            try stage.ask(.endVisit(turn.id), by: 90)
            #expect(refusal(.ask, jonas) == .notInScope)
            #expect(stage.room.interventions(of: jonas) == nil)
        }
    }

    @Test func `a pod calls a facilitator who is there, once in a phase`() throws {
        var (stage, turn) = try stage()
        let (by, coach) = (client(turn), Stage.number(of: turn.pod.coaches[0]))
        let call = RoomCommand.callFacilitator(turn.id)
        #expect(stage.refusal(call, by: 90) == .noRoleNow)
        let other = try #require(stage.room.session?.openTurns.last)
        #expect(stage.refusal(call, by: client(other)) == .noRoleNow)
        #expect(stage.refusal(call, as: .administrator) == .notAMember)
        #expect(
            try stage.ask(call, by: coach) == [.facilitatorCalled(TurnPlace(turn.id))]
        )
        #expect(stage.room.callingTurns.map(\.turn) == [turn])
        #expect(stage.room.callingTurns.first?.caller == Stage.person(coach))
        #expect(try stage.ask(call, by: by).isEmpty)
        #expect(stage.room.turnState(turn.id)?.caller == Stage.person(coach))
        // A visit answers it.
        try stage.ask(.askVisit(turn.id), by: 90)
        #expect(stage.room.callingTurns.count == 1)
        try stage.ask(.allowVisit(stage.visitYes(turn.id, by: by)), by: by)
        #expect(stage.room.callingTurns.isEmpty)
        #expect(try stage.ask(call, by: by).isEmpty)
        try stage.ask(.endVisit(turn.id), by: 90)
        // The end of the phase, too.
        try stage.ask(call, by: by)
        try stage.ask(.callFacilitator(other.id), by: client(other))
        #expect(stage.room.callingTurns.map(\.turn.pod.number) == [0, 1])
        try stage.wake()
        #expect(stage.room.session?.place.round == 1)
        #expect(stage.room.callingTurns.isEmpty)
        try stage.ask(.attend(jonas, .away), by: 90)
        try stage.ask(.attend(Stage.person(91), .away), by: 91)
        #expect(stage.refusal(call, by: by) == .nobodyToCall)
        while stage.room.session?.openTurns.contains(turn) == true { try stage.wake() }
        #expect(stage.refusal(call, by: by) == .noRoleNow)
    }

    @Test func `it ends with the turn, the client's word, and whoever goes`() throws {
        var (stage, turn) = try visiting()
        let key = TranscriptKey.turn(turn.id)
        stage.numbers[key] = 9
        try stage.ask(.endVisit(turn.id), by: client(turn))
        #expect(stage.room.readable(key, by: jonas) == [8...9])

        (stage, turn) = try visiting()
        stage.numbers[key] = 9
        while stage.room.session?.place.round == 1 { try stage.wake() }
        #expect(!stage.room.isInAudience(of: key, jonas))
        #expect(stage.room.readable(key, by: jonas) == [8...9])
        let kinds = stage.log.map(\.event.kind)
        let end = try #require(kinds.lastIndex(of: 79))
        #expect(kinds[end...].first { $0 == 6 } == 6)

        (stage, turn) = try visiting()
        stage.numbers[key] = 10
        try stage.exclude(90)
        #expect(stage.room.readable(key, by: jonas) == [])
        #expect(stage.room.visitors(of: turn.id) == [])
        try stage.ask(
            stage.admission(stage.room.members + [Stage.member(90, .facilitator)], by: 91),
            by: 91
        )
        #expect(stage.room.readable(key, by: jonas) == [8...10])

        (stage, turn) = try visiting()
        var members = stage.room.members
        let index = try #require(members.firstIndex { $0.person == jonas })
        members[index].membership = .peer
        try stage.ask(stage.admission(members, by: 91), by: 91)
        #expect(stage.room.visitors(of: turn.id) == [])
    }

    @Test func `only the client's own yes to this request, at this line, lets anybody in`() throws {
        var (stage, turn) = try stage()
        let (by, coach) = (client(turn), Stage.number(of: turn.pod.coaches[0]))
        #expect(
            stage.refusal(.allowVisit(stage.visitYes(turn.id, by: by)), by: by) == .grantInvalid
        )
        try stage.ask(.askVisit(turn.id), by: 90)
        func refusal(
            by number: Int,
            as other: Int? = nil,
            change: (inout VisitYes) -> Void = { _ in }
        ) -> RoomRejection? {
            let yes = stage.visitYes(turn.id, by: number, change: change)
            return stage.refusal(.allowVisit(yes), by: other ?? number)
        }
        let other = try #require(stage.room.session?.openTurns.last?.id)
        #expect(refusal(by: coach) == .notInScope)
        #expect(refusal(by: 90) == .notInScope)
        #expect(refusal(by: by, as: coach) == .grantInvalid)
        #expect(refusal(by: by) { $0.visitor = Stage.person(91) } == .grantInvalid)
        #expect(refusal(by: by) { $0.visitor = Stage.person(coach) } == .grantInvalid)
        #expect(refusal(by: by) { $0.asked -= 1 } == .grantInvalid)
        #expect(refusal(by: by) { $0.number = 6 } == .staleAudience)
        #expect(refusal(by: by) { $0.number = 8 } == .staleAudience)
        #expect(refusal(by: by) { $0.number = .max } == .grantInvalid)
        #expect(refusal(by: by) { $0.turn = other } == .notInScope)
        #expect(refusal(by: by) { $0.room = RoomID(Bytes16(high: 1, low: 1)) } == .podUnfit)
        let yes = stage.visitYes(turn.id, by: by)
        try stage.ask(.allowVisit(yes), by: by)
        // The same word again, after it was ended, is no yes to another visit.
        try stage.ask(.endVisit(turn.id), by: by)
        #expect(stage.refusal(.allowVisit(yes), by: by) == .grantInvalid)
        try stage.ask(.askVisit(turn.id), by: 90)
        #expect(stage.refusal(.allowVisit(yes), by: by) == .grantInvalid)
    }

    @Test func `who may ask and end it, and when`() throws {
        var (stage, turn) = try stage()
        let coach = Stage.number(of: turn.pod.coaches[0])
        for number in [client(turn), coach] {
            #expect(stage.refusal(.askVisit(turn.id), by: number) == .facilitatorOnly)
            #expect(stage.refusal(.endVisit(turn.id), by: number) == .noRoleNow)
        }
        let nowhere = TurnID(session: turn.session, round: 1, pod: 9)
        #expect(stage.refusal(.askVisit(nowhere), by: 90) == .podUnfit)
        try stage.ask(.askVisit(turn.id), by: 90)
        #expect(try stage.ask(.askVisit(turn.id), by: 90) == [])
        for number in [coach, 91] {
            #expect(stage.refusal(.endVisit(turn.id), by: number) == .noRoleNow)
        }
        // A no leaves nothing.
        try stage.ask(.endVisit(turn.id), by: client(turn))
        #expect(stage.room.visitRequest(turn.id) == nil)
        #expect(stage.room.readable(.turn(turn.id), by: jonas) == [])
        try stage.ask(.attend(turn.pod.client, .away), by: client(turn))
        #expect(stage.refusal(.askVisit(turn.id), by: 90) == .notPresent)
        var closed = try Stage.ready(peers: 4, facilitators: 1)
        var format = Stage.rounds
        format.visits = nil
        try closed.ask(closed.start(1, format: format), by: 90)
        let open = try #require(closed.room.session?.openTurns.first)
        #expect(closed.refusal(.askVisit(open.id), by: 90) == .podUnfit)
    }

    @Test func `a device believes no visit without the client's word`() throws {
        var (stage, turn) = try stage()
        try stage.ask(.askVisit(turn.id), by: 90)
        let yes = stage.visitYes(turn.id, by: client(turn))
        func refusal(_ changed: TurnChanged, by: PersonID?) -> RoomRejection? {
            let record = RoomRecord(at: stage.now, by: by, event: .turnChanged(changed))
            var room = stage.room
            room.evolve(record)
            var refused: RoomRejection?
            do throws(RoomRejection) { try stage.room.check(record) } catch { refused = error }
            let isIn = room.isInAudience(of: .turn(turn.id), changed.yes.visitor)
            #expect(isIn == (refused == nil))
            return refused
        }
        #expect(refusal(yes, by: turn.pod.client) == nil)
        #expect(refusal(yes, by: jonas) == .notInScope)
        #expect(refusal(yes, by: nil) == .notInScope)
        let forged = stage.visitYes(turn.id, by: 91)
        #expect(refusal(forged, by: Stage.person(91)) == .notInScope)
        var other = yes
        other.yes.visitor = Stage.person(91)
        #expect(refusal(other, by: turn.pod.client) == .grantInvalid)
    }
}
