// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel

extension RoomScreenModel {
    /// Says who gave whom older lines.
    func given(_ granted: HistoryGranted, by giver: PersonID?) -> RoomLine {
        let grant = granted.grant
        let who = giver.map { $0 == me ? "You" : name($0) } ?? "Somebody"
        let whom = grant.person == me ? "you" : name(grant.person)
        let day = grant.since.map { " since \(Words.day($0, now: now, calendar))" } ?? ""
        let scopes = grant.spans.map(\.scope)
        let ofPeers = scopes == [.peers] ? " of the peers" : ""
        let what = "\(who) gave \(whom) the older lines\(ofPeers)\(day)."
        let then =
            grant.person == me
            ? " /history shows them."
            : " \(name(grant.person)) reads what was written here before they came."
        return system(
            what + then,
            "given",
            [
                .init("by", .string(giver.map { name($0) } ?? "")),
                .init("name", .string(name(grant.person))),
                .init("since", JSON(grant.since.map(Words.stamp))),
                .init("of", JSON(scopes.map { Words.scope($0) })),
            ]
        )
    }

    /// Says who gave a new device of whom what that person had read before.
    func givenAgain(_ given: GivenAgain) -> [RoomEffect] {
        guard given.isNew, stage == .inside else { return [] }
        let who = given.by == me ? "You" : name(given.by)
        let whom = given.to == me ? "yours" : name(given.to)
        let them = given.to == me ? "you" : "they"
        return says("\(who) gave a new device of \(whom) what \(them) read before.", "givenAgain")
    }

    /// Says what of the group's policy is another now.
    func policyChanged(_ before: Room, by: PersonID?) -> [RoomLine] {
        guard before.roster != nil, before.policy != room.policy else { return [] }
        let who = by.map { $0 == me ? "You" : name($0) } ?? "Somebody"
        return PolicyWords.changes(from: before.policy, to: room.policy).map {
            system("\(who) changed what the group keeps: \($0)", "keeping")
        }
    }

    /// Tells somebody who is new whether older lines can be given to them.
    func aboutOlderLines() -> [RoomEffect] {
        guard !room.hasAccepted(me),
            room.newcomersSpan(.room, of: me) != nil
        else { return [] }
        return says(Self.olderLines(room.policy))
    }

    /// What holds for lines from before somebody came.
    static func olderLines(_ policy: RoomPolicy) -> String {
        policy.historyForNewcomers
            ? "You read nothing from before you came. A member can give it to you: peercoach grant"
            : "You read nothing from before you came; this group gives older lines to nobody."
    }
}
