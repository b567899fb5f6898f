// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit
import CoachingWire
import Testing

/// What a server can tell of sealing without any key: the suite, and whose names stand at the wraps.
struct SuiteTests {
    private let room = Programme.room

    private func post(_ client: TestClient, _ item: [UInt8]) throws -> Reply {
        try client.ask(.post(Post(room: room, item: item)))
    }

    /// Signs a key event with the header and the wraps that are given.
    private func event(
        _ client: TestClient,
        _ header: [UInt8],
        _ wraps: [KeyWrap]
    ) throws -> [UInt8] {
        let encoded = KeyWrap.encoded(wraps)
        let signature = try client.device.signing.sign(
            .key,
            body: header + Hashing.hash(encoded).bytes
        )
        return KeyItem.encoded(header: header, wraps: encoded, signature: signature)
    }

    private func wraps(_ devices: [DeviceID], bytes: Int = 65) -> [KeyWrap] {
        devices.map {
            KeyWrap(
                device: $0,
                encapsulated: [UInt8](repeating: 4, count: bytes),
                wrapped: [UInt8](repeating: 5, count: 48)
            )
        }
    }

    @Test func `suite 0 and suites that are not there yet are refused by their own code`() throws {
        let programme = try Programme.founded(1)
        let client = programme.clients[1]
        let header = try client.makeKey(room, .room).headerBytes
        for (suite, wraps) in [
            (0, []), (0, wraps([client.device.id])), (2, wraps([client.device.id], bytes: 1_120)),
            (3, wraps([client.device.id])), (2, wraps([client.device.id])), (1, []),
        ] as [(UInt8, [KeyWrap])] {
            var changed = header
            changed[changed.count - 1] = suite
            let item = try event(client, changed, wraps)
            #expect(try post(client, item).refusal == .suiteRefused, "suite \(suite)")
        }
        #expect(try client.live(room, .room) == [])
    }

    @Test func `a key is wrapped for every device that reads and for nobody else`() throws {
        let programme = try Programme.founded(3)
        let client = programme.clients[1]
        let copy = try #require(client.rooms[room]?.room)
        let all = copy.readerDevices(of: .room)
        let made = try client.makeKey(room, .room)
        let invalid = RefusalCode(.keyInvalid)
        let stranger = programme.people[0].devices[0].id
        for devices in [all + [stranger], Array(all.dropFirst()), [stranger]] {
            let item = try event(client, made.headerBytes, wraps(devices))
            #expect(try post(client, item).refusal == invalid)
        }
        // What is inside a wrap, the server cannot know.
        let item = try event(client, made.headerBytes, wraps(all))
        #expect(try post(client, item).posted == 1)
    }

    @Test func `the recovery key reads along in one's own transcript, always`() throws {
        let programme = try Programme.founded(1)
        let client = programme.clients[1]
        let own = TranscriptKey.own(client.person.id)
        let made = try client.makeKey(room, own)
        let without = try made.announcement(to: Cast.recipients([client.device.id]))
        #expect(try post(client, without).refusal == RefusalCode(.keyInvalid))
        #expect(try post(client, client.event(of: made, room, own)).posted == 1)
        let names = try #require(client.rooms[room]?.room.readerDevices(of: own))
        #expect(names.contains(DeviceID(recoveryKey: client.person.recovery.publicKey)))
    }

    @Test func `a device whose encryption key is over may be left out, and not before`() throws {
        let programme = try Programme.founded(2)
        let (client, other) = (programme.clients[1], programme.clients[2])
        let world = programme.world
        func announce(_ version: UInt32, _ milliseconds: Int64) throws {
            let next = try other.device.signing.sign(
                EncryptionKeyAnnouncement(
                    device: other.device.id,
                    version: version,
                    encryptionKey: other.device.encryption.publicKey,
                    suite: .p256,
                    notAfter: world.now.adding(milliseconds: milliseconds)
                )
            )
            #expect(try other.ask(.announceKey(next)).isDone)
        }
        let devices = try #require(client.rooms[room]?.room.readerDevices(of: .room))
        let rest = try Cast.recipients(devices.filter { $0 != other.device.id })
        try announce(2, 10 * 86_400_000)
        let early = try client.makeKey(room, .room).announcement(to: rest)
        #expect(try post(client, early).refusal == RefusalCode(.keyInvalid))
        try announce(3, -1)
        let late = try client.makeKey(room, .room).announcement(to: rest)
        #expect(try post(client, late).posted == 1)
    }
}
