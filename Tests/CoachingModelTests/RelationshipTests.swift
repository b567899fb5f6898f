// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

struct RelationshipTests {
    typealias Stage = RoomStage

    private func call(_ choice: RelationshipChoice?) -> RoomCommand {
        .callRelationship(RelationshipCall(choice))
    }

    /// Holds a session to its end.
    private func hold(_ stage: inout Stage, _ session: Int, by number: Int = 1) throws {
        try stage.ask(stage.start(session, format: Stage.rounds), by: number)
        while stage.room.session != nil { try stage.wake() }
    }

    @Test func `it is open until two sessions were held`() throws {
        var stage = try Stage.ready(peers: 2)
        for held in 0..<2 {
            #expect(stage.room.relationship.held == held)
            #expect(!stage.room.relationship.isDue)
            for choice in RelationshipChoice.allCases {
                #expect(stage.refusal(call(choice), by: 1) == .relationshipYoung)
            }
            try hold(&stage, held + 1)
        }
        #expect(stage.room.relationship.isDue)
        // Nobody has to choose.
        try hold(&stage, 3)
    }

    @Test func `a session in which nobody had a turn does not count`() throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 1)
        try stage.ask(.end, by: 1)
        #expect(stage.room.relationship.held == 0)
    }

    @Test func `it is renewed once all peers want it, and the counting begins anew`() throws {
        var stage = try Stage.ready(peers: 3)
        try hold(&stage, 1)
        try hold(&stage, 2)
        try stage.ask(call(.renew), by: 1)
        try stage.ask(call(.close), by: 2)
        try stage.ask(call(.renew), by: 3)
        #expect(stage.room.relationship.wishes.count == 3)
        #expect(stage.room.relationship.renewals == 0)
        try stage.ask(call(nil), by: 2)
        #expect(stage.room.relationship.wishes.count == 2)
        try stage.ask(call(.renew), by: 2)
        let now = stage.room.relationship
        #expect((now.renewals, now.held, now.wishes.isEmpty, now.isDue) == (1, 0, true, false))
    }

    @Test func `closed, no session starts until all renew it`() throws {
        var stage = try Stage.ready(peers: 2)
        try hold(&stage, 1)
        try hold(&stage, 2)
        for number in 1...2 { try stage.ask(call(.close), by: number) }
        #expect(stage.refusal(stage.start(3), by: 1) == .relationshipClosed)
        #expect(stage.refusal(call(.close), by: 1) == .relationshipClosed)
        try stage.ask(call(.renew), by: 1)
        #expect(stage.refusal(stage.start(3), by: 1) == .relationshipClosed)
        try stage.ask(call(.renew), by: 2)
        try hold(&stage, 3)
    }

    @Test func `another focus is agreed on before the next session`() throws {
        var stage = try Stage.ready(peers: 2)
        try hold(&stage, 1)
        try hold(&stage, 2)
        for number in 1...2 { try stage.ask(call(.changeFocus), by: number) }
        #expect(stage.room.awaitsFocus)
        #expect(stage.refusal(stage.start(3), by: 1) == .focusNotAgreed)
        let next = Stage.agreement((stage.room.agreementInForce?.version ?? 0) + 1)
        try stage.ask(.proposeAgreement(next), by: 1)
        try stage.ask(.acceptAgreement(next), by: 1)
        #expect(stage.refusal(stage.start(3), by: 1) == .focusNotAgreed)
        try stage.ask(.acceptAgreement(next), by: 2)
        #expect(!stage.room.awaitsFocus)
        try hold(&stage, 3)
    }

    @Test func `the peers alone choose, and not while a session runs`() throws {
        var stage = try Stage.ready(peers: 2, facilitators: 1)
        try hold(&stage, 1, by: 90)
        try hold(&stage, 2, by: 90)
        #expect(stage.refusal(call(.close), by: 90) == .peersChoose)
        #expect(stage.refusal(call(.close), as: .administrator) == .notAMember)
        try stage.ask(stage.start(3), by: 90)
        #expect(stage.refusal(call(.close), by: 1) == .sessionRunning)
    }

    @Test func `who leaves is not waited for`() throws {
        var stage = try Stage.ready(peers: 3)
        try hold(&stage, 1)
        try hold(&stage, 2)
        try stage.ask(call(.close), by: 1)
        try stage.ask(call(.close), by: 2)
        try stage.exclude(3)
        #expect(stage.room.relationship.isClosed)
    }

    @Test func `a server puts no wish into anybody's mouth that could not be theirs`() throws {
        var stage = try Stage.ready(peers: 2, facilitators: 1)
        let before = stage.room.relationship
        for by in [nil, Stage.person(1), Stage.person(90), Stage.person(7)] {
            let forged = RoomRecord(
                at: stage.now,
                by: by,
                event: .relationshipCalled(RelationshipCall(.close))
            )
            #expect(throws: RoomRejection.self) { try stage.room.check(forged) }
            stage.room.evolve(forged)
            #expect(stage.room.relationship == before)
        }
    }
}

struct FarewellTests {
    typealias Stage = RoomStage

    private func farewell(_ isLast: Bool) -> RoomCommand { .sayFarewell(Farewell(isLast: isLast)) }

    private func hold(_ stage: inout Stage, _ session: Int) throws {
        try stage.ask(stage.start(session, format: Stage.rounds), by: 90)
        while stage.room.session != nil { try stage.wake() }
    }

    @Test func `a facilitator's last session ends their time, and the group runs itself`() throws {
        var stage = try Stage.ready(peers: 2, facilitators: 1)
        try hold(&stage, 1)
        try stage.ask(farewell(true), by: 90)
        #expect(stage.room.leavingWithSession == [Stage.person(90)])
        #expect(stage.room.parting.isEmpty)
        try hold(&stage, 2)
        #expect(stage.room.parting == [Stage.person(90)])
        try stage.exclude(90)
        #expect(stage.room.parting.isEmpty)
        #expect(stage.room.keepers == [Stage.person(1), Stage.person(2)])
        #expect(stage.refusal(stage.start(3), by: 1) == nil)
    }

    @Test func `who starts the session came to it, and who is away did not`() throws {
        for starter in [90, 91] {
            var stage = try Stage.ready(peers: 2, facilitators: 2)
            try stage.ask(.attend(Stage.person(90), .away), by: 90)
            try stage.ask(farewell(true), by: 90)
            try stage.ask(stage.start(1, format: Stage.rounds), by: starter)
            while stage.room.session != nil { try stage.wake() }
            #expect(stage.room.parting == (starter == 90 ? [Stage.person(90)] : []))
        }
    }

    @Test func `it is taken back, and a session that was not held was not the last`() throws {
        var stage = try Stage.ready(peers: 2, facilitators: 1)
        try stage.ask(farewell(true), by: 90)
        try stage.ask(stage.start(1, format: Stage.rounds), by: 90)
        try stage.ask(.end, by: 90)
        #expect(stage.room.parting.isEmpty)
        try stage.ask(farewell(false), by: 90)
        try hold(&stage, 2)
        #expect(stage.room.parting.isEmpty)
        // Saying the same again changes nothing.
        #expect(try stage.ask(farewell(false), by: 90).isEmpty)
    }

    @Test func `only a facilitator says it, for themselves`() throws {
        var stage = try Stage.ready(peers: 2, facilitators: 1)
        #expect(stage.refusal(farewell(true), by: 1) == .facilitatorOnly)
        #expect(stage.refusal(farewell(true), as: .administrator) == .notAMember)
        for by in [nil, Stage.person(1)] {
            let forged = RoomRecord(
                at: stage.now,
                by: by,
                event: .farewellSaid(Farewell(isLast: true))
            )
            #expect(throws: RoomRejection.self) { try stage.room.check(forged) }
            stage.room.evolve(forged)
            #expect(stage.room.leavingWithSession.isEmpty)
        }
    }
}
