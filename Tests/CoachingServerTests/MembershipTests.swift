// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingStore
import CoachingTestKit
import CoachingWire
import Testing

struct MembershipTests {
    private let room = Programme.room

    /// Sets up people 1 to `count`, enrolled, proposed and agreed, before the room is opened.
    private func ready(_ count: Int) throws -> Programme {
        let programme = try Programme.invited(count)
        for number in 1...count {
            try programme.enrol(number)
            try programme.clients[number].connect()
            try programme.propose(number)
            try programme.accept(number)
        }
        return programme
    }

    @Test func `the first keeper opens a room, and all whom they sign in are told`() throws {
        let programme = try ready(3)
        guard case .answer(.rooms(let before)) = try programme.clients[1].ask(.rooms) else {
            throw NoReply()
        }
        #expect(before.map(\.stage) == [.founding])
        let members = (1...2).map { programme.people[$0].member() }
        #expect(try programme.admit(members, by: 1) == .answer(.done(3)))
        try programme.clients[2].read()
        #expect(programme.clients[2].pushes.contains(.admitted(room)))
        try programme.clients[3].read()
        #expect(!programme.clients[3].pushes.contains(.admitted(room)))
        guard case .answer(.rooms(let after)) = try programme.clients[3].ask(.rooms) else {
            throw NoReply()
        }
        #expect(after.map(\.stage) == [.accepted])
        #expect(after.first?.admitters == ["Person 1", "Person 2"])
    }

    @Test func `nobody is let in who was not proposed or has not agreed`() throws {
        let programme = try ready(1)
        #expect(
            try programme.admit(
                [programme.people[1].member(), programme.people[0].member()],
                by: 1
            ).refusal == .notFound
        )
        let all = try Cast.people()
        #expect(
            try programme.admit([programme.people[1].member(), all[5].member()], by: 1).refusal
                == .notFound
        )
        #expect(try programme.admit([programme.people[1].member()], by: 1).isDone)
    }

    @Test func `a roster that another device signed is refused`() throws {
        let programme = try ready(2)
        let signed = try Programme.roster(
            [programme.people[1].member()],
            by: programme.clients[2]
        )
        #expect(
            try programme.clients[1].act(room, .admit(signed)).refusal == .badSignature
        )
    }

    @Test func `of two keepers who sign at once one is told of the conflict`() throws {
        let programme = try Programme.founded(4)
        let members = programme.people.dropFirst().map { $0.member() }
        let one = try Programme.roster(Array(members.dropLast(1)), by: programme.clients[1])
        let two = try Programme.roster(Array(members.dropLast(2)), by: programme.clients[2])
        let world = programme.world
        for (number, signed) in [(1, one), (2, two)] {
            let request = Request.room(RoomRequest(room: room, act: .admit(signed)))
            programme.clients[number].nextRequest = 501
            world.feed(
                try ClientMessage.request(id: 500, request).frame(),
                on: try #require(programme.clients[number].link)
            )
        }
        world.step(.turnEnded)
        #expect(try programme.clients[1].reply(500)?.isDone == true)
        #expect(
            try programme.clients[2].reply(500)?.refusal == RefusalCode(.rosterConflict)
        )
    }

    @Test func `who leaves is proposed no more, so that nobody's client lets them in again`() throws
    {
        let programme = try Programme.founded(3)
        let leaving = programme.clients[3]
        #expect(try leaving.act(room, .exclude(leaving.person.id)).isDone)
        guard case .answer(.lobby(let lobby)) = try programme.clients[1].ask(.lobby(room)) else {
            throw NoReply()
        }
        #expect(lobby.candidates.isEmpty)
        let members = programme.people.dropFirst().map { $0.member() }
        #expect(try programme.admit(Array(members), by: 1).refusal == .notFound)
    }

    @Test func `that somebody left is told to the directory also after trouble`() throws {
        let programme = try Programme.founded(3)
        let (world, leaving) = (programme.world, programme.clients[3])
        world.commitsAtOnce = false
        try leaving.begin(
            .room(RoomRequest(room: room, act: .exclude(leaving.person.id)))
        )
        world.commitNext()
        world.commitNext(failing: .unavailable(.diskFull))
        world.commitsAtOnce = true
        world.live(seconds: 2)
        guard case .answer(.lobby(let lobby)) = try programme.clients[1].ask(.lobby(room)) else {
            throw NoReply()
        }
        #expect(lobby.candidates.isEmpty)
    }

    @Test(arguments: [0, 1, 2])
    func `whom the directory takes out of a room is out, whoever did it`(_ way: Int) throws {
        let programme = try Programme.founded(3)
        let person = programme.people[3]
        let place = RoomPlace(room: room, participant: person.participant)
        switch way {
        case 0: #expect(try programme.clients[3].ask(.withdrawProposal(place)).isDone)
        case 1: #expect(try programme.administrator.ask(.withdrawProposal(place)).isDone)
        default: #expect(try programme.administrator.ask(.removePerson(person.participant)).isDone)
        }
        try programme.clients[1].read()
        let copy = try #require(programme.clients[1].rooms[room]?.room)
        #expect(copy.membership(of: person.id) == nil)
        #expect(copy.isFormerMember(person.id))
        try programme.clients[3].read()
        let before = programme.clients[3].pushes.count
        try programme.clients[1].post(room, .room)
        try programme.clients[3].read()
        #expect(programme.clients[3].pushes.count == before)
        #expect(programme.clients[3].goodbye == (way == 2 ? .revoked : nil))
    }

    @Test func `an exclusion that the store refused comes after the start`() throws {
        let programme = try Programme.founded(3)
        let (world, person) = (programme.world, programme.people[3])
        world.commitsAtOnce = false
        try programme.administrator.begin(
            .directory(
                .withdrawProposal(RoomPlace(room: room, participant: person.participant))
            )
        )
        world.commitNext()
        world.commitNext(failing: .unavailable(.diskFull))
        try world.restart()
        world.commitsAtOnce = true
        let client = try programme.clients[3].connect()
        #expect(try client.follow(room).refusal == .left)
    }

    @Test func `a facilitator's end date comes by itself`() throws {
        let programme = try Programme.founded(3, facilitators: 1)
        let (world, person) = (programme.world, programme.people[3])
        let proposal = RoomProposal(
            room: room,
            participant: person.participant,
            membership: .facilitator,
            until: world.now.adding(milliseconds: 20_000)
        )
        #expect(try programme.administrator.ask(.propose(proposal)).isDone)
        world.live(seconds: 19)
        try programme.clients[1].read()
        #expect(programme.clients[1].rooms[room]?.room.membership(of: person.id) == .facilitator)
        world.live(seconds: 2)
        try programme.clients[1].read()
        #expect(programme.clients[1].rooms[room]?.room.membership(of: person.id) == nil)
    }

    @Test func `who is no member is told the same as if there were no such room`() throws {
        let programme = try Programme.founded(2)
        let stranger = programme.administrator
        let nowhere = RoomID(Bytes16(high: 1, low: 2))
        let roster = try Programme.roster([programme.people[0].member()], by: stranger)
        func requests(_ room: RoomID) -> [Request] {
            [
                .post(Post(room: room, item: [0x80])),
                .posted(
                    EntryReference(
                        room: room,
                        transcript: TranscriptID(room: room, key: .room),
                        key: KeyID(.zero),
                        counter: 1
                    )
                ),
                .follow(Follow(room: room, position: 0, transcripts: [], rest: true)),
                .history(
                    HistoryPage(
                        room: room,
                        transcript: TranscriptID(room: room, key: .room),
                        before: 9,
                        limit: 9
                    )
                ),
                .lobby(room), .keys(room), .unfollow(room),
                .room(RoomRequest(room: room, act: .pause)),
                .room(RoomRequest(room: room, act: .exclude(programme.people[1].id))),
                .room(RoomRequest(room: room, act: .admit(roster))),
            ]
        }
        let unopened = RoomID(Bytes16(high: 3, low: 4))
        try programme.expect(.addRoom(NamedRoom(room: unopened, name: "beta")))
        for (index, request) in requests(nowhere).enumerated() {
            programme.world.live(seconds: 3)
            let expected = try stranger.ask(request)
            for room in [room, unopened] {
                let reply = try stranger.ask(requests(room)[index])
                guard case .refusal(var refusal) = reply, case .refusal(let other) = expected
                else {
                    #expect(reply == expected)
                    continue
                }
                refusal.reference = other.reference
                #expect(refusal == other)
                #expect(refusal.code == .notFound)
            }
        }
    }

    @Test func `a former member is told that they left`() throws {
        let programme = try Programme.founded(3)
        let leaving = programme.clients[3]
        #expect(try leaving.act(room, .exclude(leaving.person.id)).isDone)
        #expect(try leaving.follow(room).refusal == .left)
        #expect(try leaving.ask(.keys(room)).refusal == .left)
        #expect(try leaving.act(room, .pause).refusal == .left)
    }

    @Test func `a device that a keeper shut out reads and writes nothing`() throws {
        let programme = try Programme.founded(3)
        let out = programme.clients[3]
        let members = programme.people.dropFirst().map { $0.member() }
        #expect(try programme.admit(Array(members), by: 1, excluded: [out.device.id]).isDone)
        try out.read()
        let before = out.pushes.count
        try programme.clients[1].post(room, .room)
        try out.read()
        #expect(out.pushes.count == before)
        let revoked = RefusalCode(.deviceRevoked)
        #expect(try out.follow(room).refusal == revoked)
        #expect(try out.announceKey(room, .room).refusal == revoked)
        #expect(try out.ask(.keys(room)).refusal == revoked)
    }

    @Test func `only who admits sees who waits`() throws {
        let programme = try Programme.founded(3, facilitators: 1)
        #expect(
            try programme.clients[1].ask(.lobby(room)).refusal == RefusalCode(.notAKeeper)
        )
        guard case .answer(.lobby) = try programme.clients[3].ask(.lobby(room)) else {
            throw NoReply()
        }
    }

    @Test func `a room that is closed can be read by its members and changed by nobody`() throws {
        let programme = try Programme.founded(2)
        try programme.clients[1].post(room, .room)
        try programme.expect(.closeRoom(room))
        let client = programme.clients[1]
        #expect(try client.act(room, .pause).refusal == RefusalCode(.roomClosed))
        #expect(try client.post(room, .room).refusal == RefusalCode(.roomClosed))
        #expect(try programme.administrator.act(room, .pause).refusal == .notFound)
        let again = TestClient(programme.world, programme.people[2])
        try again.connect()
        try again.follow(room)
        #expect(try again.live(room, .room) == [1, 2])
    }

    @Test func `a keeper may invite also when the room is not in memory`() throws {
        var configuration = ServerConfiguration()
        configuration.roomIdleMilliseconds = 10_000
        let programme = try Programme.founded(2, configuration: configuration)
        let world = programme.world
        let newcomer = try Cast.people()[7]
        try programme.expect(
            .addPeople([NewParticipant(participant: newcomer.participant, name: newcomer.name)])
        )
        try programme.expect(
            .propose(
                RoomProposal(
                    room: room,
                    participant: newcomer.participant,
                    membership: .peer,
                    until: nil
                )
            )
        )
        for client in programme.clients { try client.cut() }
        let keeper = try programme.clients[1].connect()
        world.live(seconds: 20)
        let invite = NewInvite(
            hash: Programme.invite(for: newcomer).authHash,
            participant: newcomer.participant,
            days: nil,
            room: room
        )
        #expect(try keeper.ask(.invite(invite)).isDone)
    }
}
