// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
import CoachingModel
import Testing

@testable import CoachingSeal

/// Whether those agreed of whom a released entry says so.
struct ReleaseTests {
    private let room = RoomID(Bytes16(high: 1, low: 2))
    private let salt = Bytes16(high: 3, low: 4)
    private let keys: [SigningKey]
    private var body = EntryBody(text: "I said no", subkind: "story", title: "No")

    init() throws {
        var generator = SeededGenerator(seed: 5)
        keys = try (0..<4).map { _ in try SigningKey(using: &generator) }
    }

    private var people: [PersonID] {
        (0..<4).map { PersonID(Bytes16(high: 9, low: UInt64($0))) }
    }

    private func transcript(_ key: TranscriptKey) -> TranscriptID {
        TranscriptID(room: room, key: key)
    }

    /// The room's log knows a device of each of the four.
    private func signer(_ person: PersonID, _ device: DeviceID) -> VerifyingKey? {
        guard let index = people.firstIndex(of: person), keys[index].device == device else {
            return nil
        }
        return keys[index].verifyingKey
    }

    /// Has some of the four agree, with what each of them signs.
    private func released(
        _ agreeing: [Int] = [0, 1, 2],
        named: [Int]? = nil,
        _ change: (inout ReleaseConsent, Int) -> Void = { _, _ in }
    ) throws -> EntryBody {
        let persons = (named ?? agreeing).map { people[$0] }
        let digest = try body.releaseDigest(salt: salt, author: people[0], kind: .say)
        var proof = ReleaseProof(salt: salt, persons: persons)
        for index in agreeing {
            var words = ReleaseConsent(
                room: room,
                target: transcript(.room),
                digest: digest,
                persons: persons,
                person: people[index]
            )
            change(&words, index)
            proof.consents.append(
                .init(
                    person: people[index],
                    device: keys[index].device,
                    signature: try keys[index].sign(.consent, body: words.body())
                )
            )
        }
        var released = body
        released.release = proof
        return released
    }

    private func holds(
        _ body: EntryBody,
        in room: RoomID? = nil,
        at key: TranscriptKey = .room,
        author: Int = 0,
        kind: EntryKind = .say
    ) -> Bool {
        body.isReleaseAgreed(
            in: room ?? self.room,
            at: transcript(key),
            author: people[author],
            kind: kind,
            signer: signer
        )
    }

    @Test func `all who are named have agreed to exactly this`() throws {
        #expect(holds(try released()))
        #expect(holds(try released([0])))
        #expect(holds(try EntryBody.decoded(released([0, 1, 2, 3]).encoded())))
        #expect(!holds(body))
    }

    @Test func `all have agreed of whom the entry says that it concerns them`() throws {
        var concerning = self
        concerning.body.concerns = [people[1]]
        #expect(concerning.holds(try concerning.released([0, 1])))
        #expect(concerning.holds(try concerning.released([0, 1, 2])))
        #expect(!concerning.holds(try concerning.released([0, 2])))
        #expect(!concerning.holds(try concerning.released([0])))
        var other = try released([0, 1])
        other.concerns = [people[1]]
        #expect(!holds(other))
    }

    @Test func `a yes to another text, place, author, kind or list does not hold`() throws {
        let good = try released()
        for change in [
            { $0.text += "!" }, { $0.title = nil }, { $0.subkind = "goal" },
            { $0.due = Timestamp(milliseconds: 1) }, { $0.release?.salt = .zero },
            { $0.paper = .link },
        ] as [(inout EntryBody) -> Void] {
            var other = good
            change(&other)
            #expect(!holds(other))
        }
        #expect(!holds(good, at: .peers))
        #expect(!holds(good, in: RoomID(Bytes16(high: 1, low: 3))))
        #expect(!holds(good, author: 1))
        #expect(!holds(good, author: 3))
        #expect(!holds(good, kind: .ask))
        for wrong in [
            { words, _ in words.target = TranscriptID(.zero) },
            { words, _ in words.room = RoomID(.zero) },
            { words, _ in words.digest = .zero },
            { words, _ in words.persons.removeLast() },
            { words, _ in words.persons.reverse() },
            { words, index in if index == 2 { words.person = words.persons[0] } },
        ] as [(inout ReleaseConsent, Int) -> Void] {
            #expect(!holds(try released([0, 1, 2], wrong)))
        }
    }

    @Test func `nobody is missing, added, repeated or in another order`() throws {
        let good = try released()
        #expect(!holds(try released([0, 1], named: [0, 1, 2])))
        #expect(!holds(try released([0, 1, 2], named: [0, 1])))
        // The author must be among them.
        #expect(!holds(try released([1, 2])))
        for change in [
            { $0.persons.swapAt(0, 1) }, { $0.consents.swapAt(0, 1) },
            { $0.persons.append($0.persons[2]) }, { $0.consents.append($0.consents[2]) },
            { $0.persons = [] }, { $0.consents = [] }, { $0.consents[1] = $0.consents[0] },
            { $0.consents[1].device = $0.consents[0].device },
            { $0.consents[1].signature = $0.consents[0].signature },
            { $0.consents[2].signature[9] ^= 1 },
        ] as [(inout ReleaseProof) -> Void] {
            var proof = try #require(good.release)
            change(&proof)
            var other = good
            other.release = proof
            #expect(!holds(other))
        }
        var twice = good
        twice.release?.persons.append(people[2])
        if let last = good.release?.consents[2] { twice.release?.consents.append(last) }
        #expect(!holds(twice))
    }

    @Test func `a signature for something else is no consent`() throws {
        var other = try released()
        let words = ReleaseConsent(
            room: room,
            target: transcript(.room),
            digest: try body.releaseDigest(salt: salt, author: people[0], kind: .say),
            persons: try #require(other.release).persons,
            person: people[1]
        )
        other.release?.consents[1].signature = try keys[1].sign(.entry, body: words.body())
        #expect(!holds(other))
        other.release?.consents[1].signature = try keys[1].sign(.consent, body: words.body())
        #expect(holds(other))
    }

    @Test func `a proof comes back, and one over its limits is neither written nor read`() throws {
        let good = try released()
        #expect(try EntryBody.decoded(good.encoded()) == good)
        var many = good
        many.release?.persons = (0...Room.concernedMax).map {
            PersonID(Bytes16(high: 1, low: UInt64($0)))
        }
        #expect(throws: SealError.tooLong) { try many.encoded() }
        #expect(throws: SealError.cannotOpen) { try EntryBody.decoded(many.cborBytes()) }
        var short = good
        short.release?.consents[0].signature.removeLast()
        #expect(throws: SealError.tooLong) { try short.encoded() }
        #expect(throws: SealError.cannotOpen) { try EntryBody.decoded(short.cborBytes()) }
        let bytes = try good.encoded()
        for count in bytes.indices {
            #expect(throws: SealError.cannotOpen) { try EntryBody.decoded(Array(bytes[..<count])) }
        }
    }

    @Test func `what is said about a release comes back, and garbage stops nothing`() throws {
        let terms = ReleaseTerms(target: .peers, salt: salt, digest: .zero, persons: people)
        let bodies: [ReleaseBody] = [
            .request(terms), .yes(signature: [UInt8](repeating: 7, count: 64)), .no, .released,
        ]
        for body in bodies {
            let bytes = try body.encoded()
            #expect(try ReleaseBody.decoded(bytes) == body)
            for count in bytes.indices {
                #expect(throws: SealError.cannotOpen) {
                    try ReleaseBody.decoded(Array(bytes[..<count]))
                }
            }
            var generator = SeededGenerator(seed: UInt64(bytes.count))
            for _ in 0..<500 {
                var other = bytes
                other[Int.random(in: 0..<other.count, using: &generator)] = .random(
                    in: .min ... .max,
                    using: &generator
                )
                _ = try? ReleaseBody.decoded(other)
            }
        }
        // A yes without a signature, a request without terms, an act of tomorrow.
        for broken in [[0xa2, 0, 1, 1, 2], [0xa2, 0, 1, 1, 1], [0xa2, 0, 1, 1, 9]] as [[UInt8]] {
            #expect(throws: SealError.cannotOpen) { try ReleaseBody.decoded(broken) }
        }
        var many = terms
        many.persons = [PersonID](repeating: people[0], count: Room.concernedMax + 1)
        #expect(throws: SealError.tooLong) { try ReleaseBody.request(many).encoded() }
    }
}
