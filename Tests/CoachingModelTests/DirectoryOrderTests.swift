// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CoachingModel

/// One invite in every order of what can happen to it, against a model of a few lines.
@Suite("Every order of what happens to an invite") struct DirectoryOrderTests {
    enum Happening: CaseIterable {
        case enrolFirst, enrolSecond, decline, revoke, renew, supersede, threeDays
        case loseMakersDevice, endMaker, removeParticipant, makeAdministrator
    }

    /// What somebody would write down who knows nothing of the rules' code.
    private struct Model {
        var days = 0
        var ends = 3
        var user: Happening?
        var isDeclined = false
        var isRevoked = false
        var makerHasDevice = true
        var makerIsAdministrator = true
        var isRemoved = false

        var isOpen: Bool {
            user == nil && !isDeclined && !isRevoked && !isRemoved && days < ends
                && makerHasDevice && makerIsAdministrator
        }

        /// Whether the invite's bearer is let in, or answered again.
        mutating func enrols(_ who: Happening) -> Bool {
            if user == who { return !isRemoved && days < ends }
            if isOpen { user = who }
            return user == who
        }

        mutating func happens(_ happening: Happening) -> Bool {
            switch happening {
            case .enrolFirst, .enrolSecond: return enrols(happening)
            case .decline:
                guard isOpen else { return false }
                isDeclined = true
            case .revoke:
                guard user == nil, !isRevoked, !isRemoved else { return false }
                isRevoked = true
            case .renew:
                guard user == nil, !isRevoked, !isRemoved, makerHasDevice, makerIsAdministrator
                else { return false }
                isDeclined = false
                ends = days + 3
            case .supersede:
                guard user == nil, !isRemoved else { return false }
                isRevoked = true
            case .threeDays: days += 3
            case .loseMakersDevice:
                guard makerHasDevice else { return false }
                makerHasDevice = false
            case .endMaker:
                guard makerIsAdministrator else { return false }
                makerIsAdministrator = false
            case .removeParticipant:
                guard !isRemoved else { return false }
                isRemoved = true
            case .makeAdministrator: return !isRemoved
            }
            return true
        }
    }

    private static func command(
        _ happening: Happening,
        _ step: UInt64
    ) -> (DirectoryCommand, DirectoryActor) {
        let maya = DirectoryActor.administrator(numbered(1), numbered(1))
        let invite = numberedHash(50)
        switch happening {
        case .enrolFirst: return (.enrol(enrolment(10, invite: invite)), .stranger)
        case .enrolSecond: return (.enrol(enrolment(11, invite: invite)), .stranger)
        case .decline: return (.declineInvite(invite), .stranger)
        case .revoke: return (.revokeInvite(invite), maya)
        case .renew: return (.renewInvite(invite, days: 3), maya)
        case .supersede:
            let next = numberedHash(60 + step)
            return (.invite(next, numbered(10), days: 3, room: nil), maya)
        case .loseMakersDevice: return (.revokeDevice(numbered(2)), maya)
        case .endMaker: return (.endAdministrator(numbered(2)), maya)
        case .removeParticipant: return (.removeParticipant(numbered(10)), maya)
        case .makeAdministrator, .threeDays: return (.makeAdministrator(numbered(10)), maya)
        }
    }

    @Test func `all orders of four go as the model says`() throws {
        var scene = DirectoryScene()
        let maya = try scene.administrator()
        let ben = try scene.person(2, by: maya)
        try scene.carry(.makeAdministrator(numbered(2)), by: maya.administrator)
        try scene.carry(
            .addParticipants([NewParticipant(participant: numbered(10), name: "Lena")]),
            by: maya.administrator
        )
        try scene.carry(
            .invite(numberedHash(50), numbered(10), days: 3, room: nil),
            by: ben.administrator
        )
        var orders = 0
        var wrong: [[Happening]] = []
        Self.walk(scene, Model(), []) { order, isRight in
            orders += 1
            if !isRight { wrong.append(order) }
        }
        #expect(orders == 11 + 121 + 1_331 + 14_641)
        #expect(wrong.isEmpty, "\(wrong.first ?? [])")
    }

    private static func walk(
        _ scene: DirectoryScene,
        _ model: Model,
        _ order: [Happening],
        visit: ([Happening], Bool) -> Void
    ) {
        guard order.count < 4 else { return }
        for happening in Happening.allCases {
            var next = scene
            var expectation = model
            var done = true
            if happening == .threeDays {
                // Until no lost answer is given again either.
                next.pass(days: 3)
                next.pass(minutes: 15)
            } else {
                let (command, actor) = command(happening, UInt64(order.count))
                let isThere = happening == .makeAdministrator && isAdministrator(scene)
                done = (try? next.carry(command, by: actor)) != nil || isThere
            }
            let expected = expectation.happens(happening)
            let isOpen =
                next.directory.invite(numberedHash(50)).map {
                    next.directory.status(of: $0, at: next.now) == .open
                } ?? false
            let now = order + [happening]
            let isHeld = brokenInvariant(of: next.directory) == nil
            visit(now, done == expected && isOpen == expectation.isOpen && isHeld)
            walk(next, expectation, now, visit: visit)
        }
    }

    private static func isAdministrator(_ scene: DirectoryScene) -> Bool {
        scene.directory.isAdministrator(numbered(10))
    }
}
