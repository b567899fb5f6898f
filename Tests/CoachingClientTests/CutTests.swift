// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

@testable import CoachingClient

/// Nothing under a key from before a change of readers is taken after it, whenever and in
/// whatever order the server tells of the change.
struct CutTests {
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

    private var direct: TranscriptKey { .between(priya.person, lena.person) }

    private func replica(at now: Int64 = 10_000) -> RoomReplica {
        var replica = RoomReplica(
            ledger.room,
            owner: priya.person,
            keyring: priya.keyring,
            pinned: nil,
            seen: []
        )
        replica.now = Timestamp(milliseconds: now)
        for frame in ledger.frames { _ = replica.take(frame) }
        _ = replica.begin(ledger.followed, depth: .everything)
        for key in [TranscriptKey.room, direct] {
            let id = TranscriptID(room: ledger.room, key: key)
            _ = replica.open(
                OpenTranscript(
                    transcript: id,
                    scope: key.scope,
                    instance: key.instance,
                    first: 1,
                    headBefore: TranscriptChain.start(id),
                    last: 0,
                    from: 1
                )
            )
        }
        #expect(replica.isCaughtUp)
        return replica
    }

    /// Lena's next list: she ends the device that is lost and goes on with another.
    private func revoked(_ marks: [TranscriptMark]) throws -> PushedRecord {
        let old = try SignedDeviceList.introduced(lena.list)
        let next = try Somebody("next", seed: 9).signing
        var list = old.list
        list.version = 2
        list.previous = old.hash
        list.revoked = [lena.signing.device]
        list.devices = [
            ListedDevice(
                device: next.device,
                signingKey: next.publicKey,
                created: Timestamp(milliseconds: 2)
            )
        ]
        let signed = try lena.identity.sign(list)
        var after = ledger
        after.add(
            .devicesChanged(
                DevicesChanged(
                    signed: signed,
                    list: try SignedDeviceList.introduced(signed).list,
                    marks: marks
                )
            )
        )
        return try #require(after.frames.last)
    }

    private func push(_ number: UInt64, _ item: [UInt8], _ key: TranscriptKey) -> PushedItem {
        PushedItem(
            transcript: TranscriptID(room: ledger.room, key: key),
            number: number,
            at: Timestamp(milliseconds: 9_000),
            item: item
        )
    }

    /// A key of the device that is lost, and lines under it.
    private func words(_ key: TranscriptKey, _ count: Int) throws -> [PushedItem] {
        var sender = ledger.senderKey(lena, for: key)
        var items = [
            push(1, try sender.announcement(to: [priya.recipient, lena.recipient]), key)
        ]
        for number in 1...count {
            var generator = SeededGenerator(seed: UInt64(number))
            let line = try sender.seal(
                EntryBody(text: "line \(number)").encoded(),
                kind: .say,
                seenNumber: 0,
                seenHead: TranscriptChain.start(sender.transcript),
                using: &generator
            )
            items.append(push(UInt64(number) + 1, line, key))
        }
        return items
    }

    private func alarms(_ happenings: [RoomHappening]) -> [RoomAlarm] {
        happenings.compactMap { if case .alarm(let alarm) = $0 { alarm } else { nil } }
    }

    private func texts(_ happenings: [RoomHappening]) -> [String?] {
        happenings.compactMap { happening -> String?? in
            if case .entry(let one) = happening { .some(one.body?.text) } else { .none }
        }
    }

    @Test func `a line of a revoked device after the numbers of the record is not shown`() throws {
        var replica = replica()
        let items = try words(.room, 3)
        for item in items[..<2] { #expect(alarms(replica.take(item)).isEmpty) }
        let marks = [TranscriptMark(key: .room, number: 3)]
        #expect(alarms(replica.take(try revoked(marks))).isEmpty)
        // On its way while the record was made.
        let third = replica.take(items[2])
        #expect(texts(third) == ["line 2"] && alarms(third).isEmpty)
        let fourth = replica.take(items[3])
        #expect(texts(fourth).isEmpty)
        #expect(alarms(fourth).map(\.kind) == [.wrongReaders])
        #expect(alarms(fourth)[0].sentence.contains("Lena"))
    }

    @Test func `a record that comes late names the lines that it makes false`() throws {
        var replica = replica()
        let items = try words(.room, 3)
        for item in items { #expect(alarms(replica.take(item)).isEmpty) }
        let honest = try revoked([TranscriptMark(key: .room, number: 4)])
        var other = replica
        #expect(alarms(other.take(honest)).isEmpty)
        let late = replica.take(try revoked([TranscriptMark(key: .room, number: 3)]))
        #expect(alarms(late).map(\.kind) == [.wrongReaders])
        #expect(alarms(late)[0].sentence.contains("Lena"))
        #expect(!alarms(late)[0].isFatal)
    }

    @Test(arguments: [false, true])
    func `where no number is named, or one too high, who is there knows it`(
        _ isDirect: Bool
    )
        throws
    {
        let key = isDirect ? direct : .room
        var replica = replica()
        let items = try words(key, 4)
        for item in items[..<2] { _ = replica.take(item) }
        let marks = isDirect ? [] : [TranscriptMark(key: .room, number: 99)]
        _ = replica.take(try revoked(marks))
        // What was taken before may still be on its way for a moment.
        #expect(texts(replica.take(items[2])) == ["line 2"])
        replica.now = replica.now.adding(milliseconds: RoomReplica.wayMilliseconds)
        let late = replica.take(items[3])
        #expect(texts(late).isEmpty && alarms(late).map(\.kind) == [.wrongReaders])
    }

    @Test func `whoever was not there goes by what the record names`() throws {
        var replica = RoomReplica(
            ledger.room,
            owner: priya.person,
            keyring: priya.keyring,
            pinned: nil,
            seen: []
        )
        for frame in ledger.frames { _ = replica.take(frame) }
        let record = try revoked([TranscriptMark(key: .room, number: 3)])
        _ = replica.take(record)
        let id = TranscriptID(room: ledger.room, key: .room)
        _ = replica.open(
            OpenTranscript(
                transcript: id,
                scope: .room,
                instance: [],
                first: 1,
                headBefore: TranscriptChain.start(id),
                last: 5,
                from: 1
            )
        )
        let happenings = try words(.room, 4).flatMap { replica.take($0) }
        #expect(texts(happenings) == ["line 1", "line 2"])
        #expect(alarms(happenings).count == 2)
    }
}
