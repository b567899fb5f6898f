// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel

/// What a device knows about people's identities from outside a room; pure.
struct IdentityKnowledge: Hashable, Sendable {
    /// Who was found to have the same digits.
    var matched: Set<PersonID> = []
    /// Who was found to have other digits.
    var unmatched: Set<PersonID> = []
    /// Under which names people have proved themselves to this device, however the case.
    var names: [String: Set<PersonID>] = [:]

    /// Knows nobody.
    init() {}

    /// Takes over what a profile holds.
    init(_ profile: Profile) {
        for one in profile.compared ?? [] {
            let person = PersonID(identityKey: one.identityKey)
            if one.matched {
                matched.insert(person)
                names[PersonName.key(one.name), default: []].insert(person)
            } else {
                unmatched.insert(person)
            }
        }
        for one in profile.known {
            names[PersonName.key(one.name), default: []]
                .insert(PersonID(identityKey: one.identityKey))
        }
    }
}

/// Why a member may not be who they were.
enum IdentityDoubt: Hashable, Sendable {
    /// Somebody else was here under this name before.
    case changed(IdentityChange)
    /// This device knows somebody else by this name.
    case otherThanKnown
    /// Digits were compared and were not the same.
    case unmatched
}

/// A name that went over to another identity.
struct IdentityChange: Hashable, Sendable {
    /// Who has the name now.
    var person: PersonID
    /// Who let them in under it, by name; empty where nobody stands with it.
    var admitter: String
}

extension RoomReplica {
    /// Notes who stands under which name, and which names went over to another identity.
    mutating func noteNames(of roster: Roster, by admitter: PersonID?) {
        for member in roster.members {
            let name = PersonName.key(member.name)
            if let before = carriers[name], before != member.person {
                changes[member.person] = IdentityChange(
                    person: member.person,
                    admitter: admitter.flatMap { room.name(of: $0) } ?? ""
                )
            }
            carriers[name] = member.person
        }
    }

    /// Whether somebody would stand here under a name that was another's.
    func isOtherIdentity(_ person: PersonID, named name: String) -> Bool {
        let name = PersonName.key(name)
        if knowledge.matched.contains(person) { return false }
        if let known = knowledge.names[name], !known.contains(person) { return true }
        return carriers[name].map { $0 != person } ?? false
    }

    /// Says why a member may not be who they were; `nil` where nothing speaks for that.
    func doubt(about person: PersonID) -> IdentityDoubt? {
        guard person != owner, let name = room.name(of: person) else { return nil }
        if knowledge.unmatched.contains(person) { return .unmatched }
        if knowledge.matched.contains(person) { return nil }
        if let change = changes[person] { return .changed(change) }
        let known = knowledge.names[PersonName.key(name)] ?? []
        return known.isEmpty || known.contains(person) ? nil : .otherThanKnown
    }

    /// Says, once for each, which members may not be who they were.
    mutating func identityAlarms() -> [RoomHappening] {
        room.members.compactMap { member in
            guard let doubt = doubt(about: member.person),
                doubted.insert(member.person).inserted
            else { return nil }
            return alarm(
                .otherIdentity,
                Self.sentence(doubt, member.name)
                    + " Nothing of yours goes where \(member.name) reads, until you have compared:"
                    + " /verify \(member.name)"
            )
        }
    }

    /// Puts a doubt into words.
    static func sentence(_ doubt: IdentityDoubt, _ name: String) -> String {
        switch doubt {
        case .changed(let change) where !change.admitter.isEmpty:
            "\(name) has other keys than \(name) had here before, and was let in with them by "
                + "\(change.admitter)."
        case .changed: "\(name) has other keys than \(name) had here before."
        case .otherThanKnown: "\(name) has other keys than the \(name) whom this device knows."
        case .unmatched: "Your digits and those of \(name) were not the same."
        }
    }
}

extension ClientError {
    /// Says that a line was not sent, because a reader may not be who they were.
    init(_ doubt: IdentityDoubt, about name: String) {
        self.init(
            .otherIdentity,
            RoomReplica.sentence(doubt, name),
            hint: doubt == .unmatched
                ? "Tell your group by another way. Compared again, and the same: /verify \(name)"
                : "Compare the digits first: /verify \(name)",
            candidates: [name]
        )
    }
}
