// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit
import CoachingWire

@testable import CoachingClient

/// Lies about who may read what was there before they came; the group has not agreed that anybody
/// may.
enum HistoryLies {
    static let all: [Lie] = [
        Lie("the server gives somebody older lines") { run, random in
            try grant(run, &random) { grant, random in
                let ghost = try Strangers.ghost.devices[0]
                let signed = try ghost.signing.sign(grant)
                let claimed = run.people[1 + random.below(4)].devices[0].id
                return (signed, claimed)
            }
        },
        Lie("a stranger gives somebody older lines") { run, random in
            try grant(run, &random) { grant, _ in
                let ghost = try Strangers.ghost.devices[0]
                return (try ghost.signing.sign(grant), ghost.id)
            }
        },
        Lie("a member gives older lines that the group does not give") { run, random in
            try grant(run, &random) { grant, random in
                let device = run.people[1 + random.below(4)].devices[0]
                return (try device.signing.sign(grant), device.id)
            }
        },
    ]

    /// A grant to the peer who came back, or to any member, made by somebody.
    private static func grant(
        _ run: HonestRun,
        _ random: inout SplitMix64,
        _ sign: (HistoryGrant, inout SplitMix64) throws -> (SignedBytes, DeviceID)
    ) throws -> Told? {
        guard let one = random.pick(Array(run.records.dropFirst(12))) else { return nil }
        let room = run.before[one.index].room
        let person = run.people[random.percent(70) ? 3 : 1 + random.below(4)].id
        let span = room.newcomersSpan(.room, of: person) ?? 2...9
        let grant = HistoryGrant(
            room: HonestRun.room,
            person: person,
            roster: room.rosterHash,
            spans: [GrantedSpan(scope: .room, from: 1, until: span.lowerBound - 1)],
            since: nil
        )
        let (signed, signer) = try sign(grant, &random)
        let record = RoomRecord(
            at: one.record.at,
            by: room.person(of: signer) ?? run.victim.id,
            event: .historyGranted(
                HistoryGranted(signed: signed, signer: signer, grant: grant)
            )
        )
        return Told(
            start: one.index,
            frames: run.frames(from: one.index, records: [record.encoded()]),
            alarms: [.forgedLog],
            reach: .room
        )
    }
}
