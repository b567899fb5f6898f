// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

@testable import CoachingClient

/// What a reader makes of requests and answers, honest or not, without a server.
struct ReleaseRequestTests {
    private let priya: Somebody
    private let lena: Somebody
    private let tom: Somebody
    private let ledger: Ledger
    private let salt = Bytes16(high: 8, low: 8)

    init() throws {
        priya = try Somebody("Priya", seed: 1)
        lena = try Somebody("Lena", seed: 2)
        tom = try Somebody("Tom", seed: 3)
        var ledger = Ledger()
        try ledger.admit(
            [priya.member(), lena.member(), tom.member()],
            signedBy: priya.signing,
            lists: [priya, lena, tom]
        )
        self.ledger = ledger
    }

    private let key = TranscriptKey.peers
    private var transcript: TranscriptID { TranscriptID(room: ledger.room, key: key) }

    /// Tom's view of what is posted among the peers.
    private struct View {
        var replica: RoomReplica
        var senders: [PersonID: SenderKey] = [:]
        var number: UInt64 = 0
    }

    private func view() -> View {
        var replica = RoomReplica(
            ledger.room,
            owner: tom.person,
            keyring: tom.keyring,
            pinned: nil,
            seen: []
        )
        for frame in ledger.frames { _ = replica.take(frame) }
        _ = replica.begin(ledger.followed, depth: .everything)
        _ = replica.open(
            OpenTranscript(
                transcript: transcript,
                scope: key.scope,
                instance: key.instance,
                first: 1,
                headBefore: TranscriptChain.start(transcript),
                last: 0,
                from: 1
            )
        )
        return View(replica: replica)
    }

    private func push(_ item: [UInt8], _ view: inout View) -> [RoomHappening] {
        view.number += 1
        return view.replica.take(
            PushedItem(
                transcript: transcript,
                number: view.number,
                at: Timestamp(milliseconds: 5_000),
                item: item
            )
        )
    }

    private func post(
        _ plaintext: [UInt8],
        _ kind: EntryKind,
        by somebody: Somebody,
        cites: UInt64? = nil,
        _ view: inout View
    ) throws -> [RoomHappening] {
        var sender = view.senders[somebody.person] ?? ledger.senderKey(somebody, for: key)
        if view.senders[somebody.person] == nil {
            let event = try sender.announcement(
                to: [priya.recipient, lena.recipient, tom.recipient]
            )
            _ = push(event, &view)
        }
        var generator = SeededGenerator(seed: view.number)
        let reader = view.replica.readings[transcript]?.reader
        let item = try sender.seal(
            plaintext,
            kind: kind,
            seenNumber: reader?.number ?? 0,
            seenHead: reader?.head ?? .zero,
            cites: cites,
            using: &generator
        )
        view.senders[somebody.person] = sender
        return push(item, &view)
    }

    /// Has Lena say something about Tom, and gives its number.
    private func said(_ view: inout View, by somebody: Somebody? = nil) throws -> UInt64 {
        let body = try EntryBody(text: "Tom helped me").encoded()
        _ = try post(body, .say, by: somebody ?? lena, &view)
        return view.number
    }

    private var terms: ReleaseTerms {
        get throws {
            ReleaseTerms(
                target: .room,
                salt: salt,
                digest: try EntryBody(text: "Tom helped me").releaseDigest(
                    salt: salt,
                    author: lena.person,
                    kind: .say
                ),
                persons: [lena.person, priya.person].sorted()
            )
        }
    }

    private func say(
        _ body: ReleaseBody,
        on number: UInt64,
        by somebody: Somebody,
        _ view: inout View
    ) throws -> [RoomHappening] {
        try post(body.encoded(), .consent, by: somebody, cites: number, &view)
    }

    private func yes(
        _ somebody: Somebody,
        signedBy signer: Somebody? = nil,
        _ change: (inout ReleaseConsent) -> Void = { _ in }
    ) throws -> ReleaseBody {
        let terms = try terms
        var words = ReleaseConsent(
            room: ledger.room,
            target: TranscriptID(room: ledger.room, key: terms.target),
            digest: terms.digest,
            persons: terms.persons,
            person: somebody.person
        )
        change(&words)
        let signing = (signer ?? somebody).signing
        return .yes(signature: try signing.sign(.consent, body: words.body()))
    }

    private func steps(_ happenings: [RoomHappening]) -> [ReleaseChange.Step] {
        happenings.compactMap { if case .release(let change) = $0 { change.step } else { nil } }
    }

    private func alarms(_ happenings: [RoomHappening]) -> [RoomAlarm.Kind] {
        happenings.compactMap { if case .alarm(let alarm) = $0 { alarm.kind } else { nil } }
    }

    @Test func `requests and answers are no lines, and the last answer counts`() throws {
        var view = view()
        let line = try said(&view)
        let asked = try say(.request(terms), on: line, by: lena, &view)
        #expect(steps(asked) == [.asked])
        #expect(!asked.contains { if case .entry = $0 { true } else { false } })
        let number = view.number
        for (body, expected) in [
            (try yes(priya), true), (.no, false), (try yes(priya), true),
        ] as [(ReleaseBody, Bool)] {
            let happenings = try say(body, on: number, by: priya, &view)
            #expect(steps(happenings) == [.answered(priya.person, yes: expected)])
            #expect(view.replica.releases.all.first?.isReady == expected)
        }
        // Only the author says that it was released, and afterwards nothing changes it.
        #expect(steps(try say(.released, on: number, by: priya, &view)) == [])
        #expect(steps(try say(.released, on: number, by: lena, &view)) == [.released])
        #expect(steps(try say(.no, on: number, by: priya, &view)) == [])
        #expect(view.replica.releases.all.map(\.isReleased) == [true])
    }

    @Test func `who asks for another's line is named and not heard`() throws {
        var view = view()
        let line = try said(&view, by: priya)
        let happenings = try say(.request(terms), on: line, by: lena, &view)
        #expect(alarms(happenings) == [.forgedRelease] && steps(happenings) == [])
        #expect(view.replica.releases.all == [])
        // Of what is not there, or not yet, nobody can ask.
        for number in [UInt64(1), 99] {
            #expect(steps(try say(.request(terms), on: number, by: lena, &view)) == [])
        }
        var without = try terms
        without.persons = [priya.person]
        let own = try said(&view)
        #expect(steps(try say(.request(without), on: own, by: lena, &view)) == [])
        without.persons = try terms.persons.reversed()
        #expect(steps(try say(.request(without), on: own, by: lena, &view)) == [])
    }

    @Test func `a yes that does not hold is named and does not count`() throws {
        var view = view()
        let line = try said(&view)
        _ = try say(.request(terms), on: line, by: lena, &view)
        let number = view.number
        let forged = [
            try yes(priya, signedBy: lena), try yes(priya) { $0.digest = .zero },
            try yes(priya) { $0.target = TranscriptID(.zero) },
            try yes(priya) { $0.room = RoomID(.zero) },
            try yes(priya) { $0.persons = [$0.person] }, try yes(lena),
            .yes(signature: [UInt8](repeating: 1, count: 64)), .yes(signature: []),
        ]
        for body in forged {
            #expect(alarms(try say(body, on: number, by: priya, &view)) == [.forgedRelease])
            #expect(view.replica.releases.all.first?.agreed == [lena.person])
        }
        // Whom it does not concern is not counted; the author's own yes is in the request.
        #expect(steps(try say(.no, on: number, by: tom, &view)) == [])
        #expect(steps(try say(yes(priya), on: number, by: priya, &view)).count == 1)
        #expect(view.replica.releases.all.first?.isReady == true)
        #expect(steps(try say(.released, on: number, by: tom, &view)) == [])
    }

    @Test func `what is gone ends it: the line, the request, a yes`() throws {
        for gone in 0..<4 {
            var view = view()
            let line = try said(&view)
            _ = try say(.request(terms), on: line, by: lena, &view)
            let request = view.number
            _ = try say(yes(priya), on: request, by: priya, &view)
            let answer = view.number
            #expect(view.replica.releases.all.first?.isReady == true)
            let happenings: [RoomHappening]
            switch gone {
            case 0: happenings = try take(line, back: lena, &view)
            case 1: happenings = try take(request, back: lena, &view)
            case 2: happenings = try take(answer, back: priya, &view)
            default: happenings = try say(.no, on: request, by: lena, &view)
            }
            #expect(steps(happenings) == (gone == 2 ? [] : [.gone]))
            #expect(view.replica.releases.all.first?.isReady != true)
            #expect(view.replica.releases.all.first?.isOpen == [false, nil, true, false][gone])
        }
    }

    private func take(
        _ number: UInt64,
        back somebody: Somebody,
        _ view: inout View
    ) throws -> [RoomHappening] {
        try post(EntryBody(text: "").encoded(), .withdraw, by: somebody, cites: number, &view)
    }

    /// Priya's next list: another device in the place of the one that she has.
    private func nextList(using other: SigningKey) throws -> DevicesChanged {
        let first = try SignedDeviceList.introduced(priya.list)
        var list = first.list
        list.version = 2
        list.previous = first.hash
        list.revoked = [priya.signing.device]
        list.devices = [
            ListedDevice(
                device: other.device,
                signingKey: other.publicKey,
                created: Timestamp(milliseconds: 2)
            )
        ]
        return DevicesChanged(signed: try priya.identity.sign(list), list: list)
    }

    @Test func `a yes outlives the device that gave it, and another's device gives none`() throws {
        var generator = SeededGenerator(seed: 44)
        let next = try SigningKey(using: &generator)
        var later = ledger
        later.add(.devicesChanged(try nextList(using: next)))
        for (signing, device, expected) in [
            (priya.signing, priya.signing.device, true), (next, next.device, true),
            (tom.signing, tom.signing.device, false), (lena.signing, priya.signing.device, false),
        ] {
            var view = view()
            for frame in later.frames.suffix(1) { _ = view.replica.take(frame) }
            #expect(view.replica.failure == nil)
            view.senders[lena.person] = later.senderKey(lena, for: key)
            let event = try view.senders[lena.person]?.announcement(to: [tom.recipient])
            #expect(alarms(push(try #require(event), &view)) == [])
            var body = EntryBody(text: "we did it")
            let persons = [lena.person, priya.person].sorted()
            let digest = try body.releaseDigest(salt: salt, author: lena.person, kind: .say)
            body.release = ReleaseProof(
                salt: salt,
                persons: persons,
                consents: try persons.map { person in
                    let words = ReleaseConsent(
                        room: ledger.room,
                        target: transcript,
                        digest: digest,
                        persons: persons,
                        person: person
                    )
                    let signer = person == lena.person ? lena.signing : signing
                    return ReleaseProof.Consent(
                        person: person,
                        device: person == lena.person ? lena.signing.device : device,
                        signature: try signer.sign(.consent, body: words.body())
                    )
                }
            )
            let happenings = try post(body.encoded(), .say, by: lena, &view)
            #expect(alarms(happenings) == (expected ? [] : [.forgedRelease]))
            let line = happenings.compactMap { happening -> ReadEntry? in
                if case .entry(let line) = happening { line } else { nil }
            }.first
            #expect(line?.release == (expected ? .agreed(persons) : .unproved))
            #expect(line?.body?.text == "we did it")
        }
    }
}
