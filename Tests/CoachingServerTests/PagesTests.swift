// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingServer
import CoachingTestKit
import CoachingWire
import Testing

/// Lists that do not fit a frame.
@Suite(.timeLimit(.minutes(15))) struct `Lists that do not fit a frame` {
    private static var patient: ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.requestsBurst = 1_000_000
        return configuration
    }

    private static func participant(_ number: Int) -> ParticipantID {
        // Identifiers in another order than numbers and names.
        var random = SplitMix64(seed: UInt64(number))
        return ParticipantID(Bytes16(high: random.next(), low: UInt64(number)))
    }

    private static func add(_ numbers: Range<Int>, to programme: Programme) throws {
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 400) {
            let some = start..<min(start + 400, numbers.upperBound)
            try programme.expect(
                .addPeople(
                    some.map { number in
                        NewParticipant(
                            participant: participant(number),
                            name: "Somebody of a long name \(number)",
                            department: "Department \(number % 7)",
                            address: "somebody.\(number)@acme.example"
                        )
                    }
                )
            )
        }
    }

    private static func people(_ answers: [Answer]) throws -> [ParticipantID] {
        try answers.flatMap { answer in
            guard case .people(let people) = answer else { throw NoReply() }
            return people.map(\.participant)
        }
    }

    @Test func `5,000 people come in pages, each of them once`() throws {
        let programme = try Programme.invited(0, configuration: Self.patient)
        try Self.add(0..<5_000, to: programme)
        let pages = try programme.administrator.pages(.people)
        #expect(pages.count > 5)
        let found = try Self.people(pages)
        #expect(found.count == 5_001)
        #expect(Set(found).isSuperset(of: (0..<5_000).map(Self.participant)))
        #expect(Set(found).count == found.count)
        var whole = pages[0]
        for page in pages.dropFirst() where !whole.append(page) { Issue.record("another list") }
        #expect(try Self.people([whole]) == found)
    }

    @Test func `nobody is passed over when others come and go between two pages`() throws {
        let programme = try Programme.invited(0, configuration: Self.patient)
        let admin = programme.administrator
        try Self.add(0..<2_000, to: programme)
        var found: [ParticipantID] = []
        var after: PageCursor?
        var gone: Set<ParticipantID> = []
        var round = 0
        repeat {
            let page = try admin.page(.people, after: after)
            guard case .answer(let answer) = page.reply else { throw NoReply() }
            let some = try Self.people([answer])
            found += some
            after = page.next
            // The last of the page goes, and so does somebody not seen yet; others come.
            for leaving in [some.last, Self.participant(1_990 + round)].compactMap({ $0 })
            where gone.insert(leaving).inserted {
                try programme.expect(.removePerson(leaving))
            }
            try Self.add(3_000 + round * 50..<3_050 + round * 50, to: programme)
            round += 1
        } while after != nil
        #expect(round > 3)
        #expect(Set(found).count == found.count)
        let stayed = Set((0..<2_000).map(Self.participant)).subtracting(gone)
        #expect(Set(found).isSuperset(of: stayed))
    }

    @Test func `a person with very many rooms goes over several pages and is whole again`() throws {
        var configuration = Self.patient
        configuration.limits.frameBytesMax = 16_384
        let programme = try Programme.invited(1, configuration: configuration)
        for number in 0..<500 {
            let room = RoomID(Bytes16(high: 0xabc, low: UInt64(number) &* 0x9e37_79b9_7f4a_7c15))
            try programme.expect(
                .addRoom(NamedRoom(room: room, name: "a room of a name \(number)"))
            )
            try programme.expect(
                .propose(
                    RoomProposal(
                        room: room,
                        participant: programme.people[1].participant,
                        membership: .peer,
                        until: nil
                    )
                )
            )
        }
        let pages = try programme.administrator.pages(.people)
        #expect(pages.count > 1)
        var whole = pages[0]
        for page in pages.dropFirst() where !whole.append(page) { Issue.record("another list") }
        guard case .people(let people) = whole else { throw NoReply() }
        #expect(people.count == 2)
        let rooms = people.flatMap(\.rooms).map(\.room)
        #expect(rooms.count == 500)
        #expect(Set(rooms).count == 500)
        // The administrator's list of rooms, and the person's own, are long as well.
        let counts = try programme.administrator.pages(.status).flatMap { answer in
            guard case .status(let counts) = answer else { throw NoReply() }
            return counts.rooms
        }
        #expect(Set(counts.map(\.room)).count == 501)
        #expect(counts.count == 501)
        try programme.enrol(1)
        try programme.clients[1].connect()
        let own = try programme.clients[1].pages(.rooms).flatMap { answer in
            guard case .rooms(let rooms) = answer else { throw NoReply() }
            return rooms
        }
        #expect(own.count == 500)
        #expect(Set(own.map(\.room)).count == 500)
    }

    @Test func `invites and proposals come in pages`() throws {
        let programme = try Programme.invited(0, configuration: Self.patient)
        let admin = programme.administrator
        try Self.add(0..<1_200, to: programme)
        for number in 0..<1_200 {
            try programme.expect(
                .invite(
                    NewInvite(
                        hash: Hashing.hash([UInt8(number >> 8), UInt8(number & 255)]),
                        participant: Self.participant(number),
                        days: 7,
                        room: nil
                    )
                )
            )
        }
        let pages = try admin.pages(.invites)
        #expect(pages.count > 1)
        let invites = try pages.flatMap { answer in
            guard case .invites(let invites) = answer else { throw NoReply() }
            return invites.map(\.participant)
        }
        #expect(invites.count == 1_200)
        #expect(Set(invites) == Set((0..<1_200).map(Self.participant)))
    }

    @Test func `the keys of the fullest room come whole, and its record fits a frame`() throws {
        let programme = try Programme.crowded()
        let client = programme.clients[1]
        guard case .answer(.followed) = try client.follow(Programme.room) else { throw NoReply() }
        #expect(client.rooms[Programme.room]?.room.members.count == 100)
        let pages = try client.pages(.keys(Programme.room))
        #expect(pages.count > 2)
        let keys = try pages.flatMap { answer in
            guard case .keys(let keys) = answer else { throw NoReply() }
            return keys
        }
        #expect(keys.count == 100)
        #expect(Set(keys.map(\.person)) == Set(programme.people.dropFirst().map(\.id)))
        #expect(keys.allSatisfy { $0.encryptionKeys.count == 8 })
        // Who is not in yet is listed with all that is needed to let them in.
        let lobby = try Self.lobby(programme)
        #expect(lobby.pages > 1)
        #expect(lobby.people == 100)
    }

    /// Asks for the lobby of a room for which a hundred people with eight devices each wait.
    private static func lobby(_ programme: Programme) throws -> (pages: Int, people: Int) {
        let room = RoomID(Bytes16(high: 7, low: 7))
        try programme.expect(.addRoom(NamedRoom(room: room, name: "beta")))
        for person in programme.people.dropFirst() {
            try programme.expect(
                .propose(
                    RoomProposal(
                        room: room,
                        participant: person.participant,
                        membership: .peer,
                        until: nil
                    )
                )
            )
        }
        let pages = try programme.clients[1].pages(.lobby(room))
        let people = try pages.flatMap { answer in
            guard case .lobby(let lobby) = answer else { throw NoReply() }
            return lobby.candidates.filter { $0.deviceList != nil }.map(\.participant)
        }
        return (pages.count, Set(people).count)
    }

    @Test func `more transcripts than an answer holds are named before anything else comes`()
        throws
    {
        var configuration = Self.patient
        // So few bytes that six transcripts fit an answer.
        configuration.limits.frameBytesMax = 1_024
        let programme = try Programme.founded(9, configuration: configuration)
        let (room, client) = (Programme.room, programme.clients[1])
        let keys =
            [TranscriptKey.own(client.person.id)]
            + programme.people.dropFirst(2).map { other in
                .direct(min(client.person.id, other.id), max(client.person.id, other.id))
            }
        for key in keys {
            let kind: EntryKind = key.scope == .own ? .note : .say
            #expect(try client.post(room, key, kind).posted == 2)
        }
        try client.cut()
        let again = TestClient(programme.world, client.person)
        try again.connect()
        guard case .answer(.followed(let followed)) = try again.follow(room) else {
            throw NoReply()
        }
        #expect(followed.transcripts.count == 6)
        #expect(followed.opening == UInt32(keys.count - 6))
        for push in again.pushes.prefix(keys.count - 6) {
            guard case .opened = push else { throw NoReply() }
        }
        for key in keys { #expect(try again.live(room, key) == [1, 2]) }
        #expect(again.findings == [])
    }

    @Test func `a cursor of another list, or of nobody, is refused or just a place`() throws {
        let programme = try Programme.invited(3, configuration: Self.patient)
        let admin = programme.administrator
        for (request, bytes) in [
            (Request.people, 15), (.people, 17), (.people, 64), (.invites, 32), (.status, 1),
        ] {
            let cursor = PageCursor([UInt8](repeating: 0, count: bytes))
            #expect(try admin.page(request, after: cursor).reply.refusal == .badRequest)
        }
        let first = PageCursor([UInt8](repeating: 0, count: 16))
        let last = PageCursor([UInt8](repeating: 255, count: 16))
        guard case .answer(.people(let all)) = try admin.page(.people, after: first).reply,
            case .answer(.people(let none)) = try admin.page(.people, after: last).reply
        else { throw NoReply() }
        #expect(all.count == 4)
        #expect(none.isEmpty)
        #expect(try programme.administrator.page(.people, after: nil).next == nil)
    }
}
