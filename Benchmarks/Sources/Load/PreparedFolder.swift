// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingCertificates
import CoachingDaemon
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingStore
import CoachingStoreSQLite
import CoachingWire
import Dispatch
import Synchronization

/// A data folder as enrolment, proposals and rosters would have left it, made by the same rules
/// and with real signatures, but without a server and in seconds.
struct PreparedFolder {
    private let authority: Authority
    private let store: SQLiteStore
    private var directory = Directory()
    private var position: UInt64 = 0
    private var head = RoomChain.start(RoomID(.zero))
    private var generator = SystemRandomNumberGenerator()
    private var waiting: [AppendFrame] = []
    private let now: Timestamp
    private var administrator = DirectoryActor.operator

    /// How many frames are now in the store.
    private(set) var frameCount = 0

    init(path: String, address: String, at now: Timestamp) throws {
        self.now = now
        authority = try DataFolder(path).make(address: address, at: now)
        store = try SQLiteStore(folder: path + "/store", release: Daemon.release)
    }

    mutating func finish() throws {
        try flush()
        store.close()
    }

    // MARK: People

    /// Somebody who has enrolled.
    struct Person {
        let participant: ParticipantID
        let person: PersonID
        let identityKey: [UInt8]
        let name: String
        let list: SignedDeviceList
        let signer: SigningKey
        let device: PreparedDevice

        var actor: DirectoryActor { .person(participant, person, signer.device, keeperOf: []) }
    }

    mutating func addAdministrator() throws {
        let participant = ParticipantID(drawn16())
        let invite = drawn32()
        try take(
            .inviteAdministrator(
                AdministratorInvite(
                    participant: participant,
                    name: "Administrator",
                    invite: invite,
                    isReplacing: false
                )
            ),
            by: .operator
        )
        let person = try enrol(participant, name: "Administrator", invite: invite)
        administrator = .administrator(participant, person.signer.device)
    }

    mutating func addPerson(named name: String) throws -> Person {
        let participant = ParticipantID(drawn16())
        let invite = drawn32()
        try take(
            .addParticipants([NewParticipant(participant: participant, name: name)]),
            by: administrator
        )
        try take(.invite(invite, participant, days: nil, room: nil), by: administrator)
        return try enrol(participant, name: name, invite: invite)
    }

    private mutating func enrol(
        _ participant: ParticipantID,
        name: String,
        invite: Bytes32
    ) throws -> Person {
        let seed = IdentitySeed(using: &generator)
        let (identity, signer) = (try seed.identityKey(), try SigningKey())
        let list = try identity.sign(
            DeviceList(
                person: identity.person,
                identityKey: identity.publicKey,
                version: 1,
                previous: .zero,
                devices: [
                    ListedDevice(device: signer.device, signingKey: signer.publicKey, created: now)
                ],
                revoked: [],
                recoveryKey: try seed.recoveryKey().publicKey
            )
        )
        let encryption = EncryptionKey()
        let encryptionKey = try signer.sign(
            EncryptionKeyAnnouncement(
                device: signer.device,
                version: 1,
                encryptionKey: encryption.publicKey,
                suite: .p256,
                notAfter: now.adding(milliseconds: 30 * 86_400_000)
            )
        )
        let request = try CertificateRequest.make(using: &generator)
        let certificate = try authority.issueDevice(
            request: request.request,
            commonName: signer.device.description,
            atMs: now.milliseconds,
            using: &generator
        )
        let enrolment = Enrolment(
            invite: invite,
            person: identity.person,
            device: signer.device,
            signingKey: signer.publicKey,
            deviceList: DeviceListVersion(
                signed: list,
                version: 1,
                hash: Hashing.hash(list.body)
            ),
            mac: drawn32(),
            encryptionKey: encryptionKey,
            requestKey: Hashing.hash(try CertificateRequest.publicKeyInfo(of: request.request)),
            certificate: certificate
        )
        try take(.enrol(enrolment), by: .stranger)
        return Person(
            participant: participant,
            person: identity.person,
            identityKey: identity.publicKey,
            name: name,
            list: try SignedDeviceList.introduced(list),
            signer: signer,
            device: PreparedDevice(
                signingKey: signer.rawBytes,
                certificateKey: request.key,
                certificate: certificate,
                encryptionKey: encryption.publicKey
            )
        )
    }

    // MARK: Rooms

    /// Sets a room up and lets everybody in.
    mutating func addRoom(named name: String, of people: [Person]) throws -> PreparedRoom {
        let id = RoomID(drawn16())
        try take(.addRoom(id, name: name), by: administrator)
        for person in people {
            try take(.propose(id, person.participant, .peer, until: nil), by: administrator)
            try take(.accept(id), by: person.actor)
        }
        let members = people.sorted { $0.person < $1.person }
        guard let founder = members.first else { throw LoadError("A room needs people.") }
        let roster = Roster(
            room: id,
            version: 1,
            previous: .zero,
            members: members.map {
                RosterMember(
                    person: $0.person,
                    identityKey: $0.identityKey,
                    membership: .peer,
                    leastDeviceListVersion: 1,
                    name: $0.name
                )
            },
            policy: .standard,
            excludedDevices: []
        )
        let signed = try founder.signer.sign(roster)
        var room = Room(id: id)
        let rostered = Rostered(
            signed: signed,
            signer: founder.signer.device,
            roster: roster,
            hash: Hashing.hash(signed.body),
            marks: room.marksNeeded(excluding: nil).map { TranscriptMark(key: $0, number: 0) }
        )
        let lists = members.map { DevicesChanged(signed: $0.list.signed, list: $0.list.list) }
        let records = try room.decide(
            .admit(rostered, newLists: lists),
            by: .person(founder.person, founder.signer.device),
            at: now
        )
        var head = RoomChain.start(id)
        for record in records {
            let (bytes, number) = (record.encoded(), room.position + 1)
            head = RoomChain.next(head, number: number, event: bytes)
            let frame = PushedRecord(room: id, position: number, record: bytes).frame()
            try keep(
                AppendFrame(
                    stream: StreamID(id),
                    number: number,
                    frame: frame,
                    digest: Hashing.hash(bytes),
                    head: head
                )
            )
            room.evolve(record)
        }
        let audience = AudienceDigest.compute(
            transcript: TranscriptID(room: id, key: .room),
            position: room.position,
            head: head,
            devices: room.readerDevices(of: .room)
        )
        return PreparedRoom(
            room: id,
            position: room.position,
            audience: audience,
            devices: people.map(\.device)
        )
    }

    /// Fills a room's transcript: a key of its first device, then entries under it.
    mutating func addEntries(_ count: Int, to room: PreparedRoom) throws {
        guard let device = room.devices.first else { return }
        var author = try EntryAuthor(room, device, seat: 0)
        let id = author.transcript
        var head = TranscriptChain.start(id)
        for number in 1...UInt64(max(1, count)) {
            let item = number == 1 ? try author.announcement() : author.nextItem()
            let digest = try ContentItem.parse(item).digest()
            head = TranscriptChain.next(head, number: number, digest: digest)
            let pushed = PushedItem(transcript: id, number: number, at: now, item: item)
            let isFirst = number == 1
            try keep(
                AppendFrame(
                    stream: StreamID(id),
                    number: number,
                    frame: pushed.frame(),
                    digest: digest,
                    head: head,
                    label: isFirst ? author.keyID.value : nil,
                    opens: isFirst
                        ? StreamOpening(room: room.room, key: [Scope.room.rawValue]) : nil
                )
            )
        }
    }

    // MARK: The store

    private mutating func take(_ command: DirectoryCommand, by actor: DirectoryActor) throws {
        for record in try directory.decide(command, by: actor, at: now) {
            let bytes = try CBOREncoder().encode(record)
            position += 1
            head = RoomChain.next(head, number: position, event: bytes)
            directory.evolve(record)
            let frame = PushedRecord(room: RoomID(.zero), position: position, record: bytes)
            try keep(
                AppendFrame(
                    stream: .directory,
                    number: position,
                    frame: frame.frame(),
                    digest: Hashing.hash(bytes),
                    head: head
                )
            )
        }
    }

    private mutating func keep(_ frame: AppendFrame) throws {
        waiting.append(frame)
        frameCount += 1
        if waiting.count == 2_000 { try flush() }
    }

    private mutating func flush() throws {
        guard !waiting.isEmpty else { return }
        let done = DispatchSemaphore(value: 0)
        let isKept = Mutex(false)
        let group = AppendGroup(frames: waiting)
        waiting = []
        withExtendedLifetime(done) {
            store.append([group]) { result in
                if case .success([.committed]) = result { isKept.withLock { $0 = true } }
                done.signal()
            }
            done.wait()
        }
        guard isKept.withLock({ $0 }) else { throw LoadError("The store did not take a group.") }
    }

    private mutating func drawn16() -> Bytes16 {
        Bytes16(high: generator.next(), low: generator.next())
    }

    private mutating func drawn32() -> Bytes32 {
        Bytes32(generator.next(), generator.next(), generator.next(), generator.next())
    }
}
