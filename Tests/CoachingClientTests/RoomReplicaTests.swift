// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

@testable import CoachingClient

struct RoomReplicaTests {
    let priya: Somebody
    let lena: Somebody
    let ghost: Somebody

    init() throws {
        priya = try Somebody("Priya", seed: 1)
        lena = try Somebody("Lena", seed: 2)
        ghost = try Somebody("Ghost", seed: 3)
    }

    private func founded() throws -> Ledger {
        var ledger = Ledger()
        try ledger.admit([priya.member()], signedBy: priya.signing, lists: [priya])
        return ledger
    }

    private func replica(
        of ledger: Ledger,
        pinned: Bytes32? = nil,
        seen: [SeenHead] = []
    ) -> (RoomReplica, [RoomHappening]) {
        var replica = RoomReplica(
            ledger.room,
            owner: priya.person,
            keyring: priya.keyring,
            pinned: pinned,
            seen: seen
        )
        var happenings: [RoomHappening] = []
        for frame in ledger.frames { happenings += replica.take(frame) }
        return (replica, happenings)
    }

    @Test func `an honest log is taken in and ends at the same head`() throws {
        var ledger = try founded()
        try ledger.admit(
            [priya.member(), lena.member()],
            signedBy: priya.signing,
            lists: [lena]
        )
        let (replica, _) = replica(of: ledger)
        #expect(replica.failure == nil)
        #expect(replica.room == ledger.state)
        #expect(replica.head == ledger.head)
        #expect(replica.unproved == nil)
    }

    @Test func `a beginning that its signer did not sign is refused`() throws {
        var ledger = Ledger()
        try ledger.admit(
            [priya.member()],
            signedBy: ghost.signing,
            claiming: priya.signing.device,
            lists: [priya]
        )
        let (replica, _) = replica(of: ledger)
        #expect(replica.failure?.kind == .forgedLog)
    }

    @Test func `nothing but device lists comes between a beginning and its proof`() throws {
        var ledger = Ledger()
        try ledger.admit([priya.member()], signedBy: priya.signing, lists: [])
        ledger.add(.agreementProposed(AgreementVersion(version: 1, hash: .zero)))
        let (replica, _) = replica(of: ledger)
        #expect(replica.failure?.kind == .forgedLog)
    }

    @Test func `members whom no keeper signed in are refused`() throws {
        var ledger = try founded()
        try ledger.admit(
            [priya.member(), ghost.member()],
            signedBy: ghost.signing,
            claiming: priya.signing.device,
            lists: [ghost]
        )
        let (replica, _) = replica(of: ledger)
        #expect(replica.failure?.kind == .forgedLog)
        #expect(replica.room.membership(of: ghost.person) == nil)
    }

    @Test func `a peer does not let people in where a facilitator does`() throws {
        var ledger = Ledger()
        try ledger.admit(
            [priya.member(.facilitator), lena.member()],
            signedBy: priya.signing,
            lists: [priya, lena]
        )
        try ledger.admit(
            [priya.member(.facilitator), lena.member(), ghost.member()],
            signedBy: lena.signing,
            lists: [ghost]
        )
        let (replica, _) = replica(of: ledger)
        #expect(replica.failure?.kind == .forgedLog)
    }

    @Test func `a device that its person did not list is refused`() throws {
        var ledger = try founded()
        let own = try SignedDeviceList.introduced(priya.list)
        var list = own.list
        list.version = 2
        list.previous = own.hash
        list.devices.append(
            ListedDevice(
                device: ghost.signing.device,
                signingKey: ghost.signing.publicKey,
                created: Timestamp(milliseconds: 2)
            )
        )
        list.devices.sort { $0.device < $1.device }
        let forged = SignedBytes(
            body: list.body,
            signature: try ghost.identity.sign(.deviceList, body: list.body)
        )
        ledger.add(.devicesChanged(DevicesChanged(signed: forged, list: list)))
        let (replica, _) = replica(of: ledger)
        #expect(replica.failure?.kind == .forgedLog)
        #expect(replica.room.person(of: ghost.signing.device) == nil)
    }

    @Test func `a gap in the log is refused`() throws {
        var ledger = try founded()
        try ledger.admit(
            [priya.member(), lena.member()],
            signedBy: priya.signing,
            lists: [lena]
        )
        ledger.frames.remove(at: 2)
        let (replica, _) = replica(of: ledger)
        #expect(replica.failure?.kind == .brokenLines)
    }

    @Test func `a room that begins otherwise than before is refused`() throws {
        let ledger = try founded()
        let (replica, _) = replica(of: ledger, pinned: Bytes32(1, 2, 3, 4))
        #expect(replica.failure?.kind == .otherBeginning)
    }

    @Test func `a server that was set back is noticed`() throws {
        let ledger = try founded()
        let stream = StreamID(ledger.room)
        var (longer, _) = replica(
            of: ledger,
            seen: [SeenHead(stream: stream, number: 9, head: .zero)]
        )
        _ = longer.begin(ledger.followed, depth: .log)
        #expect(longer.failure?.kind == .setBack)
        var (other, _) = replica(
            of: ledger,
            seen: [SeenHead(stream: stream, number: 2, head: Bytes32(1, 1, 1, 1))]
        )
        #expect(other.isUnaccepted)
        _ = other.begin(ledger.followed, depth: .log)
        #expect(other.failure?.kind == .setBack)
    }

    // MARK: Lines

    private func reading(_ ledger: Ledger) throws -> RoomReplica {
        var (replica, _) = replica(of: ledger)
        var followed = ledger.followed
        let id = TranscriptID(room: ledger.room, key: .room)
        followed.transcripts = [
            OpenTranscript(
                transcript: id,
                scope: .room,
                instance: [],
                first: 1,
                headBefore: TranscriptChain.start(id),
                last: 0,
                from: 1
            )
        ]
        _ = replica.begin(followed, depth: .everything)
        #expect(replica.failure == nil)
        return replica
    }

    @Test func `all is there only when the transcripts were named that the answer left out`()
        throws
    {
        let ledger = try founded()
        var (replica, _) = replica(of: ledger)
        var followed = ledger.followed
        followed.opening = 2
        #expect(replica.begin(followed, depth: .everything).isEmpty)
        #expect(!replica.hasAll)
        let keys = [TranscriptKey.room, .peers]
        let opened = keys.map { key in
            let id = TranscriptID(room: ledger.room, key: key)
            return replica.noteOpening(
                OpenTranscript(
                    transcript: id,
                    scope: key.scope,
                    instance: [],
                    first: 1,
                    headBefore: TranscriptChain.start(id),
                    last: 0,
                    from: 1
                ),
                depth: .everything
            )
        }
        #expect(opened[0].count == 1)
        #expect(opened[1].count == 2)
        #expect(replica.hasAll)
    }

    private func push(_ number: UInt64, _ item: [UInt8], _ ledger: Ledger) -> PushedItem {
        PushedItem(
            transcript: TranscriptID(room: ledger.room, key: .room),
            number: number,
            at: Timestamp(milliseconds: 5_000),
            item: item
        )
    }

    private func line(_ sender: inout SenderKey, _ text: String) throws -> [UInt8] {
        var generator = SeededGenerator(seed: sender.nextCounter)
        return try sender.seal(
            EntryBody(text: text).encoded(),
            kind: .say,
            seenNumber: 0,
            seenHead: TranscriptChain.start(sender.transcript),
            using: &generator
        )
    }

    private func event(_ sender: SenderKey) throws -> [UInt8] {
        try sender.announcement(to: [priya.recipient])
    }

    private func entries(_ happenings: [RoomHappening]) -> [ReadEntry] {
        happenings.compactMap { if case .entry(let entry) = $0 { entry } else { nil } }
    }

    private func alarms(_ happenings: [RoomHappening]) -> [RoomAlarm.Kind] {
        happenings.compactMap { if case .alarm(let alarm) = $0 { alarm.kind } else { nil } }
    }

    @Test func `a line under a key for the room's readers is read`() throws {
        let ledger = try founded()
        var replica = try reading(ledger)
        var sender = ledger.senderKey(priya, for: .room)
        let first = replica.take(push(1, try event(sender), ledger))
        #expect(alarms(first) == [])
        let second = replica.take(push(2, try line(&sender, "hello"), ledger))
        let entry = try #require(entries(second).first)
        #expect(entry.body?.text == "hello")
        #expect(entry.authorName == "Priya")
        #expect(entry.isMine && entry.isNew)
    }

    @Test func `a key for one reader more than the log names opens nothing`() throws {
        let ledger = try founded()
        var replica = try reading(ledger)
        let devices = ledger.state.readerDevices(of: .room) + [ghost.signing.device]
        var sender = ledger.senderKey(priya, for: .room, devices: devices)
        let first = replica.take(push(1, try event(sender), ledger))
        #expect(alarms(first) == [.wrongReaders])
        let second = replica.take(push(2, try line(&sender, "hello"), ledger))
        #expect(entries(second).allSatisfy { $0.body == nil })
    }

    @Test func `a key of somebody who is no reader opens nothing`() throws {
        let ledger = try founded()
        var replica = try reading(ledger)
        let sender = ledger.senderKey(ghost, for: .room)
        let first = replica.take(push(1, try event(sender), ledger))
        #expect(alarms(first) == [.forgedLine])
    }

    @Test func `a line with another signature is named and not shown`() throws {
        let ledger = try founded()
        var replica = try reading(ledger)
        var sender = ledger.senderKey(priya, for: .room)
        _ = replica.take(push(1, try event(sender), ledger))
        var item = try line(&sender, "hello")
        item[item.count - 1] ^= 1
        let second = replica.take(push(2, item, ledger))
        #expect(alarms(second) == [.forgedLine])
        #expect(entries(second).isEmpty)
    }

    @Test func `a key from later than the log waits until the log has come`() throws {
        let before = try founded()
        var after = before
        try after.admit(
            [priya.member(), lena.member()],
            signedBy: priya.signing,
            lists: [lena]
        )
        var replica = try reading(before)
        var sender = after.senderKey(priya, for: .room)
        #expect(replica.take(push(1, try event(sender), before)).isEmpty)
        #expect(replica.take(push(2, try line(&sender, "early"), before)).isEmpty)
        var happenings: [RoomHappening] = []
        for frame in after.frames.dropFirst(before.frames.count) {
            happenings += replica.take(frame)
        }
        #expect(alarms(happenings) == [])
        #expect(entries(happenings).map(\.body?.text) == ["early"])
    }

    @Test func `an older key is held against the readers of its own time`() throws {
        var ledger = try founded()
        var sender = ledger.senderKey(priya, for: .room)
        let key = try event(sender)
        let line = try line(&sender, "before Lena")
        try ledger.admit(
            [priya.member(), lena.member()],
            signedBy: priya.signing,
            lists: [lena],
            after: 2
        )
        var replica = try reading(ledger)
        let first = replica.take(push(1, key, ledger))
        #expect(alarms(first) == [])
        #expect(
            entries(replica.take(push(2, line, ledger))).map(\.body?.text) == ["before Lena"]
        )
    }

    @Test func `a line after a change of readers under a key of before it stays closed`() throws {
        var ledger = try founded()
        var sender = ledger.senderKey(priya, for: .room)
        let key = try event(sender)
        let lines = try [line(&sender, "before Lena"), line(&sender, "with Lena")]
        try ledger.admit(
            [priya.member(), lena.member()],
            signedBy: priya.signing,
            lists: [lena],
            after: 2
        )
        var replica = try reading(ledger)
        _ = replica.take(push(1, key, ledger))
        #expect(entries(replica.take(push(2, lines[0], ledger))).count == 1)
        let late = replica.take(push(3, lines[1], ledger))
        #expect(entries(late).isEmpty)
        #expect(alarms(late) == [.wrongReaders])
    }

    @Test func `a gap between lines ends their reading and the others go on`() throws {
        let ledger = try founded()
        var replica = try reading(ledger)
        var sender = ledger.senderKey(priya, for: .room)
        _ = replica.take(push(1, try event(sender), ledger))
        let third = replica.take(push(3, try line(&sender, "three"), ledger))
        #expect(alarms(third) == [.brokenLines])
        #expect(replica.take(push(2, try line(&sender, "two"), ledger)).isEmpty)
        #expect(replica.failure == nil)
    }

    // MARK: What is gone

    private func tombstone(_ number: UInt64, by: UInt64?, _ ledger: Ledger) -> Tombstone {
        Tombstone(
            transcript: TranscriptID(room: ledger.room, key: .room),
            number: number,
            digest: Bytes32(1, 2, 3, number),
            by: by
        )
    }

    @Test(arguments: [true, false])
    func `a tombstone after a young line is no one whose time is over`(_ isYoung: Bool) throws {
        let ledger = try founded()
        var replica = try reading(ledger)
        replica.now = Timestamp(milliseconds: (isYoung ? 300 : 400) * 86_400_000)
        let sender = ledger.senderKey(priya, for: .room)
        _ = replica.take(push(1, try event(sender), ledger))
        let found = alarms(replica.take(tombstone(2, by: 0, ledger)))
        #expect(found == (isYoung ? [.wrongErasure] : []))
    }

    @Test func `a tombstone that names no withdrawal is named`() throws {
        let ledger = try founded()
        var replica = try reading(ledger)
        var sender = ledger.senderKey(priya, for: .room)
        _ = replica.take(push(1, try event(sender), ledger))
        #expect(alarms(replica.take(tombstone(2, by: 3, ledger))) == [])
        let third = replica.take(push(3, try line(&sender, "no withdrawal"), ledger))
        #expect(alarms(third).contains(.wrongErasure))
    }

    @Test func `a line whose time is over is not shown, whatever the server has`() throws {
        let ledger = try founded()
        var replica = try reading(ledger)
        var sender = ledger.senderKey(priya, for: .room)
        _ = replica.take(push(1, try event(sender), ledger))
        replica.now = Timestamp(milliseconds: 5_000 + 365 * 86_400_000)
        let second = replica.take(push(2, try line(&sender, "old"), ledger))
        #expect(entries(second).isEmpty && alarms(second) == [])
        let isErased = second.contains {
            if case .erased(.room, number: 2, by: nil) = $0 { true } else { false }
        }
        #expect(isErased)
    }
}
