// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

@testable import CoachingClient

/// What a reader makes of keys that do not open, without a server.
struct KeyExchangeTests {
    private let priya: Somebody
    private let lena: Somebody
    private let ledger: Ledger

    init() throws {
        priya = try Somebody("Priya", seed: 1)
        lena = try Somebody("Lena", seed: 2)
        var ledger = Ledger()
        try ledger.admit(
            [priya.member(), lena.member()],
            signedBy: priya.signing,
            lists: [priya, lena]
        )
        self.ledger = ledger
    }

    private func replica(of owner: Somebody) -> RoomReplica {
        var replica = RoomReplica(
            ledger.room,
            owner: owner.person,
            keyring: owner.keyring,
            pinned: nil,
            seen: []
        )
        for frame in ledger.frames { _ = replica.take(frame) }
        _ = replica.begin(ledger.followed, depth: .everything)
        for key in [TranscriptKey.room, .own(owner.person)] {
            _ = replica.open(
                OpenTranscript(
                    transcript: TranscriptID(room: ledger.room, key: key),
                    scope: key.scope,
                    instance: key.instance,
                    first: 1,
                    headBefore: TranscriptChain.start(TranscriptID(room: ledger.room, key: key)),
                    last: 0,
                    from: 1
                )
            )
        }
        return replica
    }

    private func push(_ number: UInt64, _ item: [UInt8]) -> PushedItem {
        PushedItem(
            transcript: TranscriptID(room: ledger.room, key: .room),
            number: number,
            at: Timestamp(milliseconds: 5_000),
            item: item
        )
    }

    private func item(
        _ sender: inout SenderKey,
        _ plaintext: [UInt8],
        _ kind: EntryKind = .say
    ) throws -> [UInt8] {
        var generator = SeededGenerator(seed: sender.nextCounter)
        return try sender.seal(
            plaintext,
            kind: kind,
            seenNumber: 0,
            seenHead: TranscriptChain.start(sender.transcript),
            using: &generator
        )
    }

    private func line(_ sender: inout SenderKey, _ text: String) throws -> [UInt8] {
        try item(&sender, EntryBody(text: text).encoded())
    }

    private func texts(_ happenings: [RoomHappening]) -> [String?] {
        happenings.compactMap { happening -> String?? in
            if case .entry(let one) = happening { .some(one.body?.text) } else { .none }
        }
    }

    private func sentences(_ happenings: [RoomHappening]) -> [String] {
        happenings.compactMap { if case .alarm(let alarm) = $0 { alarm.sentence } else { nil } }
    }

    /// A wrap under Lena's name that is not for her.
    private var nonsense: KeyRecipient {
        get throws {
            KeyRecipient(id: lena.signing.device, publicKey: EncryptionKey().publicKey)
        }
    }

    @Test func `a wrap of nonsense is named with its author, asked for, and opened by a grant`()
        throws
    {
        var reader = replica(of: lena)
        var sender = ledger.senderKey(priya, for: .room)
        let event = try sender.announcement(to: [priya.recipient, nonsense])
        #expect(sentences(reader.take(push(1, event))) == [])
        let said = try line(&sender, "closed at first")
        #expect(texts(reader.take(push(2, said))) == [nil])
        let tried = reader.tryClosed(
            with: lena.keyring,
            completeSince: Timestamp(milliseconds: 0)
        )
        #expect(sentences(tried).count == 1 && sentences(tried)[0].contains("Priya"))
        let due = reader.takeDue()
        #expect(due.map(\.place) == [.room] && due.first?.asks == [sender.id])
        #expect(reader.takeDue().isEmpty, "it asks once")

        // The author's device hears it and may answer.
        var author = replica(of: priya)
        _ = author.take(push(1, event))
        _ = author.take(push(2, said))
        var asking = ledger.senderKey(lena, for: .room)
        let recipients = [priya.recipient, lena.recipient]
        let askEvent = try asking.announcement(to: recipients)
        let ask = try item(&asking, GrantBody(asks: [sender.id]).encoded(), .grant)
        _ = author.take(push(3, askEvent))
        #expect(texts(author.take(push(4, ask))).isEmpty, "it is not shown as a line")
        let answers = author.takeDue().flatMap(\.answers)
        #expect(answers.map(\.device) == [lena.signing.device])
        #expect(author.takeDue().isEmpty, "it answers once")
        let grant = try #require(author.opening(of: sender.id))
            .grant(sender.id, to: lena.recipient)

        _ = reader.take(push(3, askEvent))
        _ = reader.take(push(4, ask))
        var giving = ledger.senderKey(priya, for: .room, epoch: 2)
        _ = reader.take(push(5, try giving.announcement(to: recipients)))
        let gift = try item(&giving, GrantBody(grants: [grant]).encoded(), .grant)
        #expect(texts(reader.take(push(6, gift))) == ["closed at first"])
        #expect(reader.unsaved.contains { $0.key == sender.id })
        #expect(texts(reader.take(push(7, try line(&sender, "open now")))) == ["open now"])
    }

    @Test func `a grant that does not open is named, and asked for once more`() throws {
        var reader = replica(of: lena)
        let sender = ledger.senderKey(priya, for: .room)
        _ = reader.take(push(1, try sender.announcement(to: [priya.recipient])))
        _ = reader.tryClosed(with: lena.keyring, completeSince: Timestamp(milliseconds: 0))
        #expect(reader.takeDue().count == 1)
        var giving = ledger.senderKey(priya, for: .room, epoch: 2)
        let recipients = [priya.recipient, lena.recipient]
        _ = reader.take(push(2, try giving.announcement(to: recipients)))
        let foreign = KeyWrap(
            device: lena.signing.device,
            encapsulated: EncryptionKey().publicKey,
            wrapped: [UInt8](repeating: 1, count: 48)
        )
        for number in 3...5 as ClosedRange<UInt64> {
            let body = GrantBody(grants: [KeyGrant(key: sender.id, wrap: foreign)])
            let happenings = reader.take(push(number, try item(&giving, body.encoded(), .grant)))
            #expect(sentences(happenings).count == (number == 3 ? 1 : 0))
            #expect(reader.takeDue().count == (number == 3 ? 1 : 0))
        }
    }

    @Test func `a key that is wrapped for a stranger too opens nothing`() throws {
        let ghost = try Somebody("Ghost", seed: 3)
        var reader = replica(of: lena)
        var sender = ledger.senderKey(priya, for: .room)
        let event = try sender.announcement(
            to: [priya.recipient, lena.recipient, ghost.recipient]
        )
        #expect(sentences(reader.take(push(1, event))).count == 1)
        #expect(texts(reader.take(push(2, try line(&sender, "for a ghost too")))) == [nil])
        #expect(reader.takeDue().isEmpty)
    }

    @Test func `nobody gives a key to a device that was no reader's when it was made`() throws {
        // Lena's key is asked for by a device that came later: hers to give in her own place only.
        var author = replica(of: priya)
        var sender = ledger.senderKey(priya, for: .room)
        _ = author.take(push(1, try sender.announcement(to: [priya.recipient, lena.recipient])))
        _ = author.take(push(2, try line(&sender, "said")))
        author.exchange.noteAsks([sender.id], by: DeviceID(Bytes16(high: 9, low: 9)), in: .room)
        author.exchange.noteAsks(
            [sender.id],
            by: lena.signing.device,
            in: .own(priya.person)
        )
        author.exchange.noteAsks([KeyID(.zero)], by: lena.signing.device, in: .room)
        #expect(author.takeDue().isEmpty)
    }

    @Test func `kept keys are read as they were written, and nothing else is`() {
        let keys = (0..<5).map { index in
            KeptKey(
                transcript: TranscriptID(Bytes16(high: 1, low: UInt64(index))),
                key: KeyID(Bytes16(high: 2, low: UInt64(index))),
                secret: Bytes32(3, 4, 5, UInt64(index)),
                at: Timestamp(milliseconds: Int64(index) - 2),
                period: nil
            )
        }
        let bytes = KeptKeys.encoded(keys)
        #expect(KeptKeys.decoded(bytes, of: nil) == keys)
        #expect(KeptKeys.decoded([], of: nil) == [])
        for other in [[2], Array(bytes.dropLast()), bytes + [0]] as [[UInt8]] {
            #expect(KeptKeys.decoded(other, of: nil) == nil)
        }
    }
}
