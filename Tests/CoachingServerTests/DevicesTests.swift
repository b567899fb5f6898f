// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingStore
import CoachingTestKit
import CoachingWire
import Testing

struct DevicesTests {
    /// Enrols the second device of a person; it waits to be listed.
    static func enrolSecond(_ programme: Programme, _ number: Int) throws -> TestClient {
        let person = programme.people[number]
        let secret = InviteSecret(
            secret: Bytes16(high: 0xdd, low: UInt64(number)),
            authority: Programme.authority
        )
        guard try programme.clients[number].ask(.inviteDevice(secret.authHash)).isDone else {
            throw NoReply()
        }
        let device = person.devices[1]
        let form = DeviceForm(
            auth: secret.auth,
            request: [0x30, 0x70, UInt8(number)],
            signingKey: device.signing.publicKey,
            mac: secret.deviceMAC(
                signingKey: device.signing.publicKey,
                encryptionKeyBody: device.announcement.body
            ),
            encryptionKey: device.announcement
        )
        let client = TestClient(programme.world, person, device: 1)
        try client.open(certified: false)
        guard case .enrolled(let receipt)? = try client.enrol(.device(form)) else {
            throw NoReply()
        }
        #expect(!receipt.active)
        try client.cut()
        return client
    }

    /// Enrols, lists and connects the second device of a person.
    static func second(of number: Int, in programme: Programme) throws -> TestClient {
        let person = programme.people[number]
        let second = try enrolSecond(programme, number)
        let list = try person.list(
            after: person.firstList,
            devices: [person.devices[0], person.devices[1]]
        )
        guard try programme.clients[number].ask(.listDevices(list.signed)).isDone else {
            throw NoReply()
        }
        return try second.connect()
    }

    @Test func `a further device waits until its person lists it`() throws {
        let programme = try Programme.founded(2)
        let person = programme.people[1]
        let second = try Self.enrolSecond(programme, 1)
        try second.connect()
        #expect(second.goodbye == .notConfirmed)
        try programme.clients[1].read()
        #expect(
            programme.clients[1].pushes.contains {
                if case .waiting(let waiting) = $0 { waiting.devices == 1 } else { false }
            }
        )
        let list = try person.list(
            after: person.firstList,
            devices: [person.devices[0], person.devices[1]]
        )
        #expect(try programme.clients[1].ask(.listDevices(list.signed)).isDone)
        // Its reply may get lost: the same again is no conflict.
        #expect(try programme.clients[1].ask(.listDevices(list.signed)).isDone)
        try second.connect()
        #expect(second.ready?.person == person.id)
        guard case .answer(.followed) = try second.follow(Programme.room) else { throw NoReply() }
        #expect(second.rooms[Programme.room]?.room.devices(of: person.id).count == 2)
        #expect(try second.post(Programme.room, .room).posted == 2)
        #expect(second.findings.isEmpty)
        #expect(programme.clients[1].findings.isEmpty)
    }

    @Test func `a list of devices comes into the room with where its lines stand`() throws {
        let programme = try Programme.founded(2)
        let person = programme.people[1]
        let direct = TranscriptKey.between(person.id, programme.people[2].id)
        for key in [TranscriptKey.room, .room, .peers, direct] {
            _ = try programme.clients[1].post(Programme.room, key)
        }
        let second = try Self.second(of: 1, in: programme)
        try second.follow(Programme.room)
        try programme.clients[2].read()
        let marks = programme.clients[2].pushes.compactMap { push -> [TranscriptMark]? in
            guard case .record(let pushed) = push,
                let record = try? RoomRecord(
                    decoding: pushed.record,
                    rosterHash: { Hashing.hash($0) }
                ),
                case .devicesChanged(let changed) = record.event, changed.list.version == 2
            else { return nil }
            return changed.marks
        }
        // Three lines and their key's event, one line and its event; nothing about the pair.
        let named = try #require(marks.first)
        #expect(marks.count == 1 && Set(named.map(\.key)) == [.room, .peers])
        for mark in named {
            let transcript = TranscriptID(room: Programme.room, key: mark.key)
            let posted = programme.clients[2].pushes.count { push in
                if case .item(let item) = push { item.transcript == transcript } else { false }
            }
            #expect(mark.number == UInt64(posted) && posted > 1)
        }
    }

    @Test func `a revoked device is cut at once and never comes back`() throws {
        let programme = try Programme.founded(2)
        let person = programme.people[1]
        let second = try Self.enrolSecond(programme, 1)
        let both = try person.list(
            after: person.firstList,
            devices: [person.devices[0], person.devices[1]]
        )
        #expect(try programme.clients[1].ask(.listDevices(both.signed)).isDone)
        try second.connect()
        try second.follow(Programme.room)
        let without = try person.list(
            after: both,
            devices: [person.devices[0]],
            revoked: [person.devices[1].id]
        )
        #expect(try programme.clients[1].ask(.listDevices(without.signed)).isDone)
        try second.read()
        #expect(second.goodbye == .revoked)
        #expect(second.link?.isClosed == true)
        try second.connect()
        #expect(second.goodbye == .revoked)
        let again = try person.list(
            after: without,
            devices: [person.devices[0], person.devices[1]]
        )
        _ = again
        #expect(throws: (any Error).self) {
            // No list can hold it as listed and as revoked.
            try person.list(
                after: without,
                devices: [person.devices[0], person.devices[1]],
                revoked: [person.devices[1].id]
            )
        }
        #expect(
            try programme.clients[1].ask(.listDevices(again.signed)).refusal
                == RefusalCode(rawValue: DirectoryRejection.deviceListConflict.rawValue)
        )
        #expect(
            programme.clients[2].rooms[Programme.room]?.room.person(of: second.device.id) == nil
        )
    }

    @Test func `of a device that was cut nothing more is taken, also what waited`() throws {
        let programme = try Programme.founded(2)
        let (world, client) = (programme.world, programme.clients[1])
        #expect(try client.post(Programme.room, .room).posted == 2)
        world.commitsAtOnce = false
        // The room is busy with another's post while the device's own waits.
        let busy = try programme.clients[2].begin(
            .room(
                RoomRequest(
                    room: Programme.room,
                    act: .attend(
                        Attended(person: programme.people[2].id, presence: .phone)
                    )
                )
            )
        )
        let item = try client.seal(Programme.room, .room)
        try client.begin(.post(Post(room: Programme.room, item: item)))
        try programme.administrator.begin(.directory(.revokeDevice(client.device.id)))
        // The directory's append came last; it is made durable first.
        #expect(world.appends.count == 2)
        world.commitLast()
        try client.read()
        #expect(client.goodbye == .revoked)
        world.commitsAtOnce = true
        world.commitNext()
        #expect(try programme.clients[2].reply(busy)?.isDone == true)
        #expect(try programme.clients[2].live(Programme.room, .room) == [1, 2])
    }

    @Test func `one's devices are listed, and only one's own`() throws {
        let programme = try Programme.founded(2)
        _ = try Self.enrolSecond(programme, 1)
        guard case .answer(.devices(let mine)) = try programme.clients[1].ask(.devices) else {
            throw NoReply()
        }
        #expect(mine.devices.map(\.state) == [.active, .waiting])
        guard case .answer(.devices(let theirs)) = try programme.clients[2].ask(.devices) else {
            throw NoReply()
        }
        #expect(theirs.devices.map(\.device) == [programme.people[2].devices[0].id])
        let foreign = programme.people[1].devices[0].id
        #expect(try programme.clients[2].ask(.revokeDevice(foreign)).refusal == .notFound)
    }

    @Test func `no version of a device list is left out, whatever the store refuses`() throws {
        let programme = try Programme.founded(2)
        let (world, person) = (programme.world, programme.people[1])
        _ = try Self.enrolSecond(programme, 1)
        let both = try person.list(
            after: person.firstList,
            devices: [person.devices[0], person.devices[1]]
        )
        world.commitsAtOnce = false
        let id = try programme.clients[1].begin(.directory(.listDevices(both.signed)))
        world.commitNext()
        #expect(try programme.clients[1].reply(id)?.isDone == true)
        // The copy into the room fails, and the server stops before it is tried again.
        world.commitNext(failing: .unavailable(.diskFull))
        try world.restart()
        world.commitsAtOnce = true
        let client = try programme.clients[1].connect()
        let without = try person.list(
            after: both,
            devices: [person.devices[0]],
            revoked: [person.devices[1].id]
        )
        #expect(try client.ask(.listDevices(without.signed)).isDone)
        try programme.clients[2].connect()
        try programme.clients[2].follow(Programme.room)
        let copy = programme.clients[2].rooms[Programme.room]?.room
        #expect(copy?.deviceList(of: person.id)?.version == 3)
        #expect(programme.clients[2].findings.isEmpty)
    }

    @Test func `what could not be copied into a room is tried again`() throws {
        let programme = try Programme.founded(2)
        let (world, person) = (programme.world, programme.people[1])
        _ = try Self.enrolSecond(programme, 1)
        let both = try person.list(
            after: person.firstList,
            devices: [person.devices[0], person.devices[1]]
        )
        world.commitsAtOnce = false
        try programme.clients[1].begin(.directory(.listDevices(both.signed)))
        world.commitNext()
        world.commitNext(failing: .unavailable(.diskFull))
        #expect(world.appends.isEmpty)
        world.commitsAtOnce = true
        world.live(seconds: 2)
        try programme.clients[2].read()
        let copy = programme.clients[2].rooms[Programme.room]?.room
        #expect(copy?.deviceList(of: person.id)?.version == 2)
    }

    @Test func `another encryption key and another certificate can be had`() throws {
        let programme = try Programme.founded(2)
        let (client, device) = (programme.clients[1], programme.people[1].devices[0])
        let next = try device.signing.sign(
            EncryptionKeyAnnouncement(
                device: device.id,
                version: 2,
                encryptionKey: programme.people[1].devices[1].encryption.publicKey,
                suite: .p256,
                notAfter: Timestamp(milliseconds: 4_000_000_000_000)
            )
        )
        #expect(try client.ask(.announceKey(next)).isDone)
        #expect(try client.ask(.announceKey(next)).isDone)
        guard case .answer(.keys(let keys)) = try programme.clients[2].ask(.keys(Programme.room))
        else { throw NoReply() }
        #expect(keys.first { $0.person == client.person.id }?.encryptionKeys == [next])
        let foreign = programme.people[2].devices[0].announcement
        #expect(try client.ask(.announceKey(foreign)).refusal == .badSignature)
        #expect(try client.ask(.renew([0x31])).refusal == .badRequest)
        let renewed = try client.ask(.renew([0x30, 1]))
        #expect(renewed == .answer(.certificate(device.id.value.bytes + [0x30, 1])))
    }
}
