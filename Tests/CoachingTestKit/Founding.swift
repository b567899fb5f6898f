// SPDX-License-Identifier: Apache-2.0
package import CoachingEnvelope
package import CoachingModel
import CoachingSeal
package import CoachingServer
package import CoachingStore
package import CoachingWire

/// A programme as it is set up through the protocol: an administrator, people, and one room.
package final class Programme {
    package let world: World
    package let people: [TestPerson]
    package private(set) var clients: [TestClient]
    package static let room = RoomID(Bytes16(high: 0x5252, low: 0x5252))

    /// The authority's hash in all invites here.
    package static let authority = Bytes32(9, 9, 9, 9)

    private init(_ world: World, _ people: [TestPerson]) {
        self.world = world
        self.people = people
        clients = people.map { TestClient(world, $0) }
    }

    package var administrator: TestClient { clients[0] }

    package static func invite(for person: TestPerson, _ which: UInt64 = 0) -> InviteSecret {
        InviteSecret(
            secret: Bytes16(high: which, low: UInt64(person.number)),
            authority: authority
        )
    }

    package static func form(_ person: TestPerson, _ which: UInt64 = 0) -> PersonForm {
        let secret = invite(for: person, which)
        return PersonForm(
            auth: secret.auth,
            request: [0x30, UInt8(person.number)],
            deviceList: person.firstList.signed,
            mac: secret.deviceListMAC(person.firstList.signed.body),
            encryptionKey: person.devices[0].announcement
        )
    }

    package static func request(
        _ person: TestPerson,
        _ which: UInt64 = 0,
        days: UInt32? = nil
    )
        -> DirectoryRequest
    {
        .invite(
            NewInvite(
                hash: invite(for: person, which).authHash,
                participant: person.participant,
                days: days,
                room: nil
            )
        )
    }

    // MARK: Steps

    /// Sets up an administrator (person 0), and people 1 to `count` who have an invite each.
    package static func invited(
        _ count: Int,
        people: [TestPerson]? = nil,
        configuration: ServerConfiguration = ServerConfiguration()
    ) throws -> Programme {
        let all = try people ?? Cast.people()
        let programme = Programme(
            try World(configuration: configuration),
            Array(all.prefix(count + 1))
        )
        let first = all[0]
        programme.world.operate(
            1,
            .inviteAdministrator(
                AdministratorInvite(
                    participant: first.participant,
                    name: first.name,
                    invite: invite(for: first).authHash,
                    isReplacing: false
                )
            )
        )
        try programme.enrol(0)
        try programme.administrator.connect()
        let new = programme.people.dropFirst().map {
            NewParticipant(participant: $0.participant, name: $0.name)
        }
        if !new.isEmpty { try programme.expect(.addPeople(new)) }
        try programme.expect(.addRoom(NamedRoom(room: room, name: "alpha")))
        for person in programme.people.dropFirst() {
            try programme.expect(request(person))
        }
        return programme
    }

    /// Enrols a person over a connection without certificate.
    package func enrol(_ number: Int) throws {
        let client = clients[number]
        try client.open(certified: false)
        guard case .enrolled? = try client.enrol(.person(Self.form(people[number]))) else {
            throw NoReply()
        }
        try client.cut()
    }

    /// Has the administrator ask the directory for something that must be done.
    package func expect(_ request: DirectoryRequest) throws {
        guard try administrator.ask(request).isDone else { throw NoReply() }
    }

    package func propose(_ number: Int, _ membership: Membership = .peer) throws {
        try expect(
            .propose(
                RoomProposal(
                    room: Self.room,
                    participant: people[number].participant,
                    membership: membership,
                    until: nil
                )
            )
        )
    }

    package func accept(_ number: Int) throws {
        guard try clients[number].ask(.accept(Self.room)).isDone else { throw NoReply() }
    }

    /// Signs the next roster with these people by the client's own log.
    package static func roster(
        _ members: [RosterMember],
        by client: TestClient,
        excluded: [DeviceID] = []
    ) throws -> SignedBytes {
        let room = client.rooms[Self.room]?.room
        return try client.device.signing.sign(
            Roster(
                room: Self.room,
                version: (room?.roster?.version ?? 0) + 1,
                previous: room?.roster == nil ? .zero : room?.rosterHash ?? .zero,
                members: members.sorted { $0.person < $1.person },
                policy: .standard,
                excludedDevices: excluded.sorted()
            )
        )
    }

    package func admit(
        _ members: [RosterMember],
        by number: Int,
        excluded: [DeviceID] = []
    ) throws -> Reply {
        let client = clients[number]
        let signed = try Self.roster(members, by: client, excluded: excluded)
        return try client.act(Self.room, .admit(signed))
    }

    /// Sets up a room whose members are the people 1 to `count`, all connected, following, having
    /// accepted an agreement and being there.
    ///
    /// The last `facilitators` of them are facilitators.
    package static func founded(
        _ count: Int,
        facilitators: Int = 0,
        configuration: ServerConfiguration = ServerConfiguration(),
        store: any EventStore = MemoryStore()
    ) throws -> Programme {
        let chapter = try chapters.get(count, facilitators) {
            let programme = try invited(count)
            try programme.found(facilitators)
            return programme.world.journal
        }
        let world = try World(configuration: configuration, store: store, journal: chapter)
        let programme = Programme(world, Array(try Cast.people().prefix(count + 1)))
        for client in programme.clients { try client.connect() }
        for client in programme.clients.dropFirst() {
            guard case .answer(.followed) = try client.follow(room) else { throw NoReply() }
        }
        return programme
    }

    package static let agreement = AgreementVersion(version: 1, hash: Bytes32(1, 1, 1, 1))

    private func found(_ facilitators: Int) throws {
        for number in 1..<people.count {
            try enrol(number)
            try clients[number].connect()
            try propose(number, membership(number, facilitators))
            try accept(number)
        }
        let keeper = facilitators > 0 ? people.count - 1 : 1
        let members = (1..<people.count).map { people[$0].member(membership($0, facilitators)) }
        guard try admit(members, by: keeper).isDone else { throw NoReply() }
        guard try clients[keeper].act(Self.room, .proposeAgreement(Self.agreement)).isDone else {
            throw NoReply()
        }
        for number in 1..<people.count {
            let client = clients[number]
            guard try client.act(Self.room, .acceptAgreement(Self.agreement)).isDone,
                try client.act(
                    Self.room,
                    .attend(Attended(person: client.person.id, presence: .here))
                ).isDone
            else { throw NoReply() }
        }
    }

    private func membership(_ number: Int, _ facilitators: Int) -> Membership {
        number > people.count - 1 - facilitators ? .facilitator : .peer
    }

    private static let chapters = Chapters()
}
