// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

/// A person with keys made from a seed.
struct Somebody {
    let name: String
    let identity: SigningKey
    let signing: SigningKey
    let seed: IdentitySeed
    let list: SignedBytes
    let encryption: EncryptionKey

    init(_ name: String, seed: UInt64, listVersion: UInt32 = 1) throws {
        var generator = SeededGenerator(seed: seed)
        self.name = name
        self.seed = IdentitySeed(using: &generator)
        identity = try self.seed.identityKey()
        signing = try SigningKey(using: &generator)
        encryption = try EncryptionKey(using: &generator)
        list = try identity.sign(
            DeviceList(
                person: identity.person,
                identityKey: identity.publicKey,
                version: listVersion,
                previous: listVersion == 1 ? .zero : Bytes32(1, 1, 1, 1),
                devices: [
                    ListedDevice(
                        device: signing.device,
                        signingKey: signing.publicKey,
                        created: Timestamp(milliseconds: 1)
                    )
                ],
                revoked: [],
                recoveryKey: try self.seed.recoveryKey().publicKey
            )
        )
    }

    var person: PersonID { identity.person }
    var keyring: DeviceKeyring { DeviceKeyring(device: signing.device, keys: [encryption]) }
    var recipient: KeyRecipient {
        KeyRecipient(id: signing.device, publicKey: encryption.publicKey)
    }

    func member(_ membership: Membership = .peer) -> RosterMember {
        RosterMember(
            person: person,
            identityKey: identity.publicKey,
            membership: membership,
            leastDeviceListVersion: 1,
            name: name
        )
    }

    var devicesChanged: DevicesChanged {
        get throws {
            DevicesChanged(
                signed: list,
                list: try SignedDeviceList.introduced(list).list
            )
        }
    }
}

/// A room's log as a server sends it, honest or not.
struct Ledger {
    let room: RoomID
    var state: Room
    var head: Bytes32
    var frames: [PushedRecord] = []
    var time: Int64 = 1_000

    init(_ room: RoomID = RoomID(Bytes16(high: 3, low: 4))) {
        self.room = room
        state = Room(id: room)
        head = RoomChain.start(room)
    }

    mutating func add(_ event: RoomEvent, by person: PersonID? = nil) {
        time += 1
        let record = RoomRecord(at: Timestamp(milliseconds: time), by: person, event: event)
        let bytes = record.encoded()
        state.evolve(record)
        head = RoomChain.next(head, number: state.position, event: bytes)
        frames.append(PushedRecord(room: room, position: state.position, record: bytes))
    }

    /// Signs a roster and adds it with the device lists of the newcomers; `lines` have been
    /// written in the room by then.
    mutating func admit(
        _ members: [RosterMember],
        signedBy signer: SigningKey,
        claiming device: DeviceID? = nil,
        lists: [Somebody],
        after lines: UInt64 = 0
    ) throws {
        let roster = Roster(
            room: room,
            version: (state.roster?.version ?? 0) + 1,
            previous: state.rosterHash,
            members: members.sorted { $0.person < $1.person },
            policy: .standard,
            excludedDevices: []
        )
        let signed = try signer.sign(roster)
        let marks = [
            TranscriptMark(key: .room, number: lines), TranscriptMark(key: .peers, number: 0),
        ]
        add(
            .rostered(
                Rostered(
                    signed: signed,
                    signer: device ?? signer.device,
                    roster: roster,
                    hash: Hashing.hash(signed.body),
                    marks: marks
                )
            )
        )
        for one in lists { add(.devicesChanged(try one.devicesChanged)) }
    }

    var followed: Followed {
        Followed(position: state.position, head: head, transcripts: [], name: "north")
    }

    /// Makes a key for a transcript as somebody's device would.
    func senderKey(
        _ somebody: Somebody,
        for key: TranscriptKey,
        devices: [DeviceID]? = nil,
        epoch: UInt64 = 1
    ) -> SenderKey {
        let transcript = TranscriptID(room: room, key: key)
        return SenderKey(
            secret: Bytes32(1, 2, 3, somebody.person.value.low),
            signer: somebody.signing,
            room: room,
            key: key,
            audience: AudienceDigest.compute(
                transcript: transcript,
                position: state.position,
                head: head,
                devices: devices ?? state.readerDevices(of: key)
            ),
            position: state.position,
            epoch: epoch
        )
    }
}
