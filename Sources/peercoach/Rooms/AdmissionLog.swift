// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel

/// When somebody was let into a room, by whom, and on whose word.
struct Admitted: Hashable, Sendable {
    /// Who signed them in.
    var by: PersonID?
    /// When.
    var at: Timestamp
    /// Who vouched for them, by name.
    var voucher: String?
    /// Since when they have been what they are: peer or facilitator.
    var asSince: Timestamp
}

/// Since when who reads what, from a room's own records.
struct AdmissionLog: Hashable, Sendable {
    /// How each member came in last.
    private(set) var people: [PersonID: Admitted] = [:]
    /// When turns began.
    private(set) var turns: [TurnID: Timestamp] = [:]
    /// When visits of turns began last.
    private var visits: [PersonID: [TurnID: Timestamp]] = [:]
    private var memberships: [PersonID: Membership] = [:]
    /// Since when who was given older lines, by their circle of readers.
    private var given: [PersonID: [TranscriptKey: Timestamp]] = [:]

    /// Takes the next record.
    mutating func take(_ record: RoomRecord) {
        switch record.event {
        case .rostered(let rostered):
            let members = rostered.roster.members
            for member in members where memberships[member.person] == nil {
                given[member.person] = nil
                people[member.person] = Admitted(
                    by: record.by,
                    at: record.at,
                    voucher: member.voucher,
                    asSince: record.at
                )
            }
            for member in members where memberships[member.person] != member.membership {
                people[member.person]?.asSince = record.at
            }
            memberships = Dictionary(
                members.map { ($0.person, $0.membership) },
                uniquingKeysWith: { first, _ in first }
            )
        case .excluded(let excluded): memberships[excluded.person] = nil
        case .turnOpened(let turn): turns[turn.id] = record.at
        case .turnChanged(let changed):
            visits[changed.yes.visitor, default: [:]][changed.yes.turn] = record.at
        case .historyGranted(let granted):
            for key in granted.grant.spans.compactMap(\.key) {
                given[granted.grant.person, default: [:]][key] =
                    granted.grant.since ?? record.by.flatMap { since($0, key) }
            }
        default: break
        }
    }

    private func earlier(_ came: Timestamp?, _ given: Timestamp?) -> Timestamp? {
        guard let came, let given else { return came }
        return min(came, given)
    }

    /// Since when a member has read what goes to some readers.
    func since(_ person: PersonID, _ key: TranscriptKey) -> Timestamp? {
        switch key {
        case .own, .programme: return people[person]?.at
        case .room: return earlier(people[person]?.at, given[person]?[key])
        case .peers: return earlier(people[person]?.asSince, given[person]?[key])
        case .prompt(_, let scope):
            return scope == .peers ? people[person]?.asSince : people[person]?.at
        case .turn(let turn): return visits[person]?[turn] ?? turns[turn]
        case .direct(let first, let second):
            guard let one = people[first]?.at, let other = people[second]?.at else { return nil }
            return max(one, other)
        }
    }
}

extension RoomSession {
    /// Reads the room's records up to now.
    ///
    /// To be asked once, before anything else reads what happens in the room.
    func admissions() async throws -> AdmissionLog {
        var log = AdmissionLog()
        for await happening in happenings {
            switch happening {
            case .record(let record, _): log.take(record)
            case .caughtUp: return log
            default: break
            }
        }
        return log
    }
}
