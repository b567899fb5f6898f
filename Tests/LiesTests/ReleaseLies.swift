// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit
import CoachingWire

@testable import CoachingClient

/// Lies of a member, helped by the server, about who agreed to the release of a line.
enum ReleaseLies {
    static let all: [Lie] = [
        lie("a release to which another never agreed") { release, _ in
            try release.consents = [
                release.own(), release.consent(of: release.other, by: release.me),
            ]
        },
        lie("a release without the yes of one whom it names") { release, _ in
            try release.consents = [release.own()]
        },
        lie("a release by a yes to another text") { release, random in
            var before = release
            before.text = "what they agreed to \(random.next())"
            try release.consents = [release.own(), before.theirs()]
        },
        lie("a release by a yes to another place") { release, _ in
            var before = release
            before.target = .peers
            try release.consents = [release.own(), before.theirs()]
        },
        lie("a release by a yes for other people") { release, _ in
            var before = release
            before.persons = [release.other.id]
            try release.consents = [release.own(), before.theirs()]
        },
        lie("a release whose list leaves out its author") { release, _ in
            release.persons = [release.other.id]
            try release.consents = [release.theirs()]
        },
    ]

    /// A release as a liar makes it up.
    struct MadeUp {
        let me: TestPerson
        let other: TestPerson
        var text = "they said I may show it"
        var target = TranscriptKey.room
        var persons: [PersonID]
        var consents: [ReleaseProof.Consent] = []
        let salt = Bytes16(high: 7, low: 7)

        init(_ me: TestPerson, _ other: TestPerson) {
            (self.me, self.other) = (me, other)
            persons = [me.id, other.id].sorted()
        }

        /// What a device signs in the name of a person.
        func consent(
            of person: TestPerson,
            by signer: TestPerson
        ) throws -> ReleaseProof.Consent {
            let words = ReleaseConsent(
                room: HonestRun.room,
                target: TranscriptID(room: HonestRun.room, key: target),
                digest: try EntryBody(text: text).releaseDigest(
                    salt: salt,
                    author: me.id,
                    kind: .say
                ),
                persons: persons,
                person: person.id
            )
            return ReleaseProof.Consent(
                person: person.id,
                device: person.devices[0].id,
                signature: try signer.devices[0].signing.sign(.consent, body: words.body())
            )
        }

        func own() throws -> ReleaseProof.Consent { try consent(of: me, by: me) }
        func theirs() throws -> ReleaseProof.Consent { try consent(of: other, by: other) }

        var body: EntryBody {
            var body = EntryBody(text: text)
            body.release = ReleaseProof(
                salt: salt,
                persons: persons,
                consents: consents.sorted { $0.person < $1.person }
            )
            return body
        }
    }

    private static func lie(
        _ name: String,
        _ make: @escaping @Sendable (inout MadeUp, inout SplitMix64) throws -> Void
    ) -> Lie {
        Lie(name) { run, random in
            let room = TranscriptID(room: HonestRun.room, key: .room)
            guard let place = random.pick(run.entries.filter { $0.item.transcript == room }) else {
                return nil
            }
            var release = MadeUp(run.people[4], run.people[2])
            try make(&release, &random)
            let insider = Insider(release.me.devices[0], run.before[place.index])
            var key = insider.key(for: .room)
            let event = try insider.event(of: key)
            let line = try insider.line(release.body, under: &key)
            return Told(
                start: place.index,
                frames: run.frames(from: place.index, inserting: [event, line], in: room),
                alarms: [.forgedRelease],
                genuine: [release.text]
            )
        }
    }

    /// The same with the yes of all: it must be believed, or the lies would prove nothing.
    static func honest(_ run: HonestRun) throws -> ReleaseStanding? {
        let room = TranscriptID(room: HonestRun.room, key: .room)
        guard let place = run.entries.last(where: { $0.item.transcript == room }) else {
            return nil
        }
        var release = MadeUp(run.people[4], run.people[2])
        release.consents = [try release.own(), try release.theirs()]
        let insider = Insider(release.me.devices[0], run.before[place.index])
        var key = insider.key(for: .room)
        let items = [try insider.event(of: key), try insider.line(release.body, under: &key)]
        var replica = run.before[place.index]
        for frame in run.frames(from: place.index, inserting: items, in: room) {
            for case .entry(let line) in replica.take(frame) where line.body?.text == release.text {
                return line.release
            }
        }
        return nil
    }
}
