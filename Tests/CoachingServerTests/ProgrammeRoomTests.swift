// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingTestKit
import CoachingWire
import Testing

/// The programme's room as the server holds it: who opens it, who comes in, who reads what.
struct ProgrammeRoomTests {
    private let id = RoomID(Bytes16(high: 0x50, low: 0x50))

    /// Person 0 administers; 1 to `count` have enrolled and belong to no room.
    private func programme(_ count: Int) throws -> Programme {
        var configuration = ServerConfiguration()
        configuration.requestsBurst = 1_000_000
        let programme = try Programme.invited(count, configuration: configuration)
        for number in 1...count {
            try programme.enrol(number)
            try programme.clients[number].connect()
        }
        return programme
    }

    /// Signs the next list of the room's members.
    private func sign(
        _ members: [RosterMember],
        by number: Int,
        _ programme: Programme,
        isProgramme: Bool = true
    ) throws -> Reply {
        let client = programme.clients[number]
        try client.read()
        let room = client.rooms[id]?.room
        let signed = try client.device.signing.sign(
            Roster(
                room: id,
                version: (room?.roster?.version ?? 0) + 1,
                previous: room?.roster == nil ? .zero : room?.rosterHash ?? .zero,
                members: members.sorted { $0.person < $1.person },
                policy: .standard,
                excludedDevices: [],
                isProgramme: isProgramme
            )
        )
        return try client.act(id, .admit(signed))
    }

    /// The same with the first administrator in it.
    private func opened(_ count: Int) throws -> Programme {
        let programme = try programme(count)
        try programme.expect(.openProgramme(id))
        let first = programme.people[0].member(.facilitator)
        guard try sign([first], by: 0, programme).isDone,
            case .answer(.followed) = try programme.clients[0].follow(id)
        else { throw NoReply() }
        return programme
    }

    private func letIn(
        _ number: Int,
        _ membership: Membership,
        _ programme: Programme
    ) throws {
        if membership == .peer {
            guard try programme.clients[number].ask(.contribute).isDone else { throw NoReply() }
        } else {
            try programme.expect(.makeAdministrator(programme.people[number].participant))
        }
        try programme.clients[0].read()
        try programme.clients[number].read()
        let there = programme.clients[0].rooms[id]?.room.members ?? []
        let members = there + [programme.people[number].member(membership)]
        guard try sign(members, by: 0, programme).isDone,
            case .answer(.followed) = try programme.clients[number].follow(id)
        else { throw NoReply() }
    }

    private func key(_ number: Int, _ programme: Programme) -> TranscriptKey {
        .programme(programme.people[number].id)
    }

    private func refusal(_ rejection: DirectoryRejection) -> RefusalCode {
        RefusalCode(rawValue: rejection.rawValue)
    }

    @Test func `an administrator opens it, and signs that it is the programme's`() throws {
        let programme = try programme(1)
        let (admin, peer) = (programme.clients[0], programme.clients[1])
        #expect(try peer.ask(.contribute).refusal == refusal(.noProgramme))
        #expect(try peer.ask(.openProgramme(id)).refusal == refusal(.notAnAdministrator))
        #expect(admin.ready?.waiting.programme == true && peer.ready?.waiting.programme == nil)
        #expect(try admin.ask(.openProgramme(Programme.room)).refusal == refusal(.identifierTaken))
        try programme.expect(.openProgramme(id))
        try programme.expect(.openProgramme(id))
        let other = RoomID(Bytes16(high: 0x51, low: 0x51))
        #expect(try admin.ask(.openProgramme(other)).refusal == refusal(.unchanged))
        let first = programme.people[0].member(.facilitator)
        let unsigned = try sign([first], by: 0, programme, isProgramme: false)
        #expect(unsigned.refusal == RefusalCode(.rosterConflict))
        #expect(try sign([first], by: 0, programme).isDone)
        // And no other room becomes one.
        let ordinary = try admin.device.signing.sign(
            Roster(
                room: Programme.room,
                version: 1,
                previous: .zero,
                members: [first],
                policy: .standard,
                excludedDevices: [],
                isProgramme: true
            )
        )
        try programme.propose(0, .facilitator)
        #expect(
            try admin.act(Programme.room, .admit(ordinary)).refusal
                == RefusalCode(.rosterConflict)
        )
    }

    @Test func `nobody is put into it, renamed into it, or takes it from another`() throws {
        let programme = try opened(2)
        let admin = programme.clients[0]
        let participant = programme.people[1].participant
        for membership in [Membership.peer, .facilitator] {
            let proposal = RoomProposal(
                room: id,
                participant: participant,
                membership: membership,
                until: nil
            )
            #expect(try admin.ask(.propose(proposal)).refusal == .notFound)
        }
        #expect(try admin.ask(.closeRoom(id)).refusal == .notFound)
        let own = RoomPlace(room: id, participant: programme.people[0].participant)
        #expect(try admin.ask(.withdrawProposal(own)).refusal == .notFound)
        let named = NamedRoom(room: RoomID(Bytes16(high: 9, low: 9)), name: "programme")
        #expect(try admin.ask(.addRoom(named)).refusal == refusal(.roomNameTaken))
        // Who is not in it learns nothing of it.
        #expect(try programme.clients[1].follow(id).refusal == .notFound)
        #expect(try programme.clients[1].ask(.lobby(id)).refusal == .notFound)
        // Whom an administrator signs without that they asked is not let in.
        let members = [
            programme.people[0].member(.facilitator), programme.people[1].member(.peer),
        ]
        #expect(try sign(members, by: 0, programme).refusal == .notFound)
    }

    @Test func `what one releases comes to the administrators, and to no other`() throws {
        let programme = try opened(3)
        for number in [1, 2] { try letIn(number, .peer, programme) }
        let (admin, one, two) = (programme.clients[0], programme.clients[1], programme.clients[2])
        let released = key(1, programme)
        #expect(try one.post(id, released, .say, "a story").posted == 2)
        #expect(try admin.live(id, released) == [1, 2])
        #expect(try one.live(id, released) == [1, 2])
        #expect(try two.live(id, released) == [])
        #expect(two.rooms[id]?.transcripts.isEmpty == true)
        for client in [admin, two] {
            client.rooms[id]?.keys[released] = nil
            #expect(try client.post(id, released).refusal == RefusalCode(.notInScope))
        }
        for kind in [EntryKind.note, .assess, .consent, .paper] {
            #expect(try one.post(id, released, kind).refusal == RefusalCode(.kindNotHere))
        }
        for key in [TranscriptKey.room, .peers, .between(one.person.id, two.person.id)] {
            #expect(try one.post(id, key).refusal == RefusalCode(.notInScope))
        }
        let page = HistoryPage(
            room: id,
            transcript: TranscriptID(room: id, key: released),
            before: 100,
            limit: 10
        )
        let reply = try two.ask(.history(page))
        guard case .answer(.history(first: 0)) = reply else { throw NoReply() }
        #expect(try programme.clients[3].ask(.history(page)).refusal == .notFound)
    }

    @Test func `who is an administrator no more is shut out, and a lost last one ends it`() throws {
        let programme = try opened(3)
        try letIn(1, .peer, programme)
        try letIn(2, .facilitator, programme)
        #expect(try programme.clients[1].post(id, key(1, programme)).posted == 2)
        #expect(try programme.clients[2].live(id, key(1, programme)) == [1, 2])
        try programme.expect(.endAdministrator(programme.people[2].participant))
        #expect(try programme.clients[1].post(id, key(1, programme)).posted != nil)
        #expect(try programme.clients[2].live(id, key(1, programme)) == [1, 2])
        #expect(try programme.clients[2].follow(id).refusal == .left)
        let replacing = AdministratorInvite(
            participant: ParticipantID(Bytes16(high: 6, low: 6)),
            name: "Nora",
            invite: Bytes32(6, 6, 6, 6),
            isReplacing: true
        )
        programme.world.operate(2, .inviteAdministrator(replacing))
        #expect(try programme.clients[0].follow(id).refusal == .left)
        #expect(try programme.clients[1].post(id, key(1, programme)).refusal != nil)
        #expect(try programme.clients[3].ask(.contribute).refusal == refusal(.noProgramme))
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `whatever happens, nobody gets what was not for them`(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let programme = try opened(7)
        var (peers, administrators): (Set<Int>, Set<Int>) = ([], [])
        for _ in 0..<60 {
            let number = 1 + random.below(7)
            let person = programme.people[number]
            switch random.below(9) {
            case 0 where number <= 4 && !peers.contains(number):
                try letIn(number, .peer, programme)
                peers.insert(number)
            case 1 where peers.contains(number):
                let reply = try programme.clients[number].act(id, .exclude(person.id))
                #expect(reply.isDone, "seed \(seed)")
                peers.remove(number)
            case 2 where number > 4 && !administrators.contains(number):
                try letIn(number, .facilitator, programme)
                administrators.insert(number)
            case 3 where administrators.contains(number):
                try programme.expect(.endAdministrator(person.participant))
                administrators.remove(number)
            default:
                for author in peers.union(administrators).union([0]) {
                    let reply = try programme.clients[author].post(id, key(author, programme))
                    #expect(reply.posted != nil, "seed \(seed): \(author) cannot post")
                }
            }
        }
        let oracle = Oracle(programme.world.journal, of: id)
        #expect(oracle.mistakes == [], "seed \(seed)")
        var received = 0
        for client in programme.clients {
            try client.read()
            #expect(client.findings == [], "seed \(seed)")
            for (transcript, copy) in client.rooms[id]?.transcripts ?? [:] {
                for number in copy.live {
                    let entitled = oracle.entitled[transcript]?[number] ?? []
                    #expect(entitled.contains(client.person.id), "seed \(seed)")
                    received += 1
                }
            }
        }
        // Nor does anybody miss what was for them while they were there.
        for (transcript, numbers) in oracle.entitled {
            for client in programme.clients where client.rooms[id]?.isFollowed == true {
                guard oracle.room.membership(of: client.person.id) != nil,
                    let key = oracle.keys[transcript]
                else { continue }
                let spans = oracle.room.readable(key, by: client.person.id)
                let expected = numbers.keys.filter { number in
                    spans.last.map { $0.contains(number) } ?? false
                }
                let got = Set(client.rooms[id]?.transcripts[transcript]?.live ?? [])
                #expect(Set(expected).isSubset(of: got), "seed \(seed)")
            }
        }
        #expect(received > 20, "seed \(seed)")
    }
}
