// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

struct RoomAgreementTests {
    typealias Stage = RoomStage

    @Test func `the first version holds at once and a later one when all have accepted`() throws {
        var stage = try Stage.ready(peers: 2, facilitators: 1)
        try stage.ask(.proposeAgreement(Stage.agreement(2)), by: 90)
        #expect(stage.room.agreementInForce == Stage.agreement(1))
        #expect(stage.room.agreementProposed == Stage.agreement(2))
        try stage.ask(.acceptAgreement(Stage.agreement(2)), by: 1)
        try stage.ask(.acceptAgreement(Stage.agreement(2)), by: 2)
        #expect(stage.room.accepted(by: Stage.person(1)) == 2)
        #expect(stage.room.hasAccepted(Stage.person(1)))
        #expect(stage.room.agreementInForce == Stage.agreement(1))
        try stage.ask(.acceptAgreement(Stage.agreement(2)), by: 90)
        #expect(stage.room.agreementInForce == Stage.agreement(2))
        #expect(stage.room.agreementProposed == nil)
        #expect(stage.room.present == [Stage.person(1), Stage.person(2)])
    }

    @Test func `a version comes into force when the last who had not accepted leaves`() throws {
        var stage = try Stage.ready(peers: 3)
        try stage.ask(.proposeAgreement(Stage.agreement(2)), by: 1)
        try stage.ask(.acceptAgreement(Stage.agreement(2)), by: 1)
        try stage.ask(.acceptAgreement(Stage.agreement(2)), by: 2)
        try stage.exclude(3)
        #expect(stage.room.agreementInForce == Stage.agreement(2))
    }

    @Test func `a version is named with its number and its hash`() throws {
        var stage = try Stage.ready(peers: 2)
        let other = AgreementVersion(version: 1, hash: Bytes32(0, 0, 0, 9))
        #expect(stage.refusal(.acceptAgreement(other), by: 1) == .agreementUnknown)
        #expect(
            stage.refusal(.acceptAgreement(Stage.agreement(2)), by: 1) == .agreementUnknown
        )
        #expect(
            stage.refusal(.proposeAgreement(Stage.agreement(3)), by: 1) == .agreementUnknown
        )
        #expect(try stage.ask(.acceptAgreement(Stage.agreement(1)), by: 1) == [])
    }

    @Test func `only who admits others proposes`() throws {
        let stage = try Stage.ready(peers: 2, facilitators: 1)
        #expect(stage.refusal(.proposeAgreement(Stage.agreement(2)), by: 1) == .notAKeeper)
    }

    @Test func `a newcomer accepts what is in force before they are present`() throws {
        var stage = try Stage.ready(peers: 2)
        try stage.ask(stage.admission(stage.room.members + [Stage.member(3)], by: 1), by: 1)
        let attend = RoomCommand.attend(Stage.person(3), .here)
        #expect(stage.refusal(attend, by: 3) == .agreementNotAccepted)
        try stage.ask(.acceptAgreement(Stage.agreement(1)), by: 3)
        try stage.ask(attend, by: 3)
        #expect(stage.room.present.contains(Stage.person(3)))
        #expect(try stage.ask(attend, by: 3) == [])
    }

    @Test func `the server notes who has gone, and nothing else about presence`() throws {
        let stage = try Stage.ready(peers: 2, facilitators: 1)
        func records(_ presence: Presence) throws(RoomRejection) -> [RoomRecord] {
            try stage.room.decide(
                .attend(Stage.person(1), presence),
                by: .server,
                at: stage.room.lastAt
            )
        }
        let away = Attended(person: Stage.person(1), presence: .away)
        #expect(try records(.away).map(\.event) == [.attended(away)])
        #expect(throws: RoomRejection.notInCharge) { try records(.here) }
        #expect(throws: RoomRejection.notInCharge) { try records(.phone) }
    }

    @Test func `the presence of others is set by who is in charge`() throws {
        var stage = try Stage.ready(peers: 2, facilitators: 1)
        #expect(stage.refusal(.attend(Stage.person(2), .away), by: 1) == .notInCharge)
        try stage.ask(.attend(Stage.person(2), .phone), by: 90)
        #expect(stage.room.presence(of: Stage.person(2)) == .phone)
        #expect(stage.room.present.contains(Stage.person(2)))
        #expect(stage.refusal(.attend(Stage.person(66), .here), by: 90) == .notAMember)
    }
}
