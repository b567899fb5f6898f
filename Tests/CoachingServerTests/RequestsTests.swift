// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingStore
import CoachingTestKit
import CoachingWire
import Testing

struct RequestsTests {
    @Test(arguments: [7, 6, 0] as [UInt64])
    func `a number that does not ascend ends the connection`(_ next: UInt64) throws {
        let programme = try Programme.founded(1)
        let client = programme.clients[1]
        client.nextRequest = 7
        _ = try client.ask(.rooms)
        client.nextRequest = next
        try client.begin(.rooms)
        #expect(client.goodbye == .repeatedRequest)
    }

    @Test func `numbers may leave gaps, and the last one is the greatest there is`() throws {
        let programme = try Programme.founded(1)
        let link = try #require(programme.clients[1].link)
        _ = link.takeFrames()
        for id in [50, UInt64(Int64.max)] {
            programme.world.receive(try ClientMessage.request(id: id, .rooms).frame(), on: link)
        }
        let messages = try link.takeMessages()
        #expect(messages.count == 2, "\(messages)")
        #expect(!link.isClosed)
    }

    @Test func `an unknown request and a bad payload are refused by their number`() throws {
        let programme = try Programme.founded(1)
        let link = try #require(programme.clients[1].link)
        _ = link.takeFrames()
        // [3, 1000, 250, null] and [3, 1001, 9 (lobby), 5]
        for body: [UInt8] in [
            [0x84, 0x03, 0x19, 0x03, 0xe8, 0x18, 0xfa, 0xf6],
            [0x84, 0x03, 0x19, 0x03, 0xe9, 0x09, 0x05],
        ] {
            programme.world.receive([0, 0, 0, UInt8(body.count)] + body, on: link)
        }
        var codes: [UInt64: RefusalCode] = [:]
        for case .refusal(let id, let refusal) in try link.takeMessages() {
            codes[id] = refusal.code
        }
        #expect(codes == [1_000: .unknownRequest, 1_001: .badRequest])
    }

    @Test func `who asks too fast is not read for a while, and nothing is lost`() throws {
        let programme = try Programme.founded(1)
        let (world, client) = (programme.world, programme.clients[1])
        for _ in 0..<60 { try client.begin(.posted(RequestsTests.reference)) }
        #expect(client.link?.isPaused == true)
        let held = try #require(client.link?.held.count)
        #expect(held > 0)
        #expect(client.replies.count < 61)
        world.live(seconds: 30)
        try client.read()
        #expect(client.link?.held.isEmpty == true)
        #expect(client.link?.isPaused == false)
        #expect((2..<62).allSatisfy { client.replies[$0] != nil })
        #expect(client.goodbye == nil)
    }

    @Test func `also what cannot be understood takes of the allowance`() throws {
        let programme = try Programme.founded(1)
        let link = try #require(programme.clients[1].link)
        let body: [UInt8] = [0x84, 0x03, 0x19, 0x04, 0x00, 0x18, 0xfa, 0xf6]
        for number in 0..<60 {
            var next = body
            next[4] = UInt8(number)
            programme.world.receive([0, 0, 0, 8] + next, on: link)
        }
        #expect(link.isPaused)
    }

    @Test func `no more than so many requests wait`() throws {
        var configuration = ServerConfiguration()
        configuration.requestsWaitingMax = 5
        let programme = try Programme.founded(1, configuration: configuration)
        let (world, client) = (programme.world, programme.clients[1])
        world.commitsAtOnce = false
        for presence in [Presence.phone, .here, .phone, .here, .phone, .here] {
            try client.begin(
                .room(
                    RoomRequest(
                        room: Programme.room,
                        act: .attend(Attended(person: client.person.id, presence: presence))
                    )
                )
            )
        }
        #expect(client.replies.values.compactMap(\.refusal) == [.busy])
        world.commitsAtOnce = true
        world.commitNext()
        try client.read()
        #expect((2..<7).allSatisfy { client.replies[$0]?.isDone == true })
    }

    @Test func `only administrators see people, invites and counts`() throws {
        let programme = try Programme.founded(2)
        for request in [Request.people, .invites, .status] {
            #expect(try programme.clients[1].ask(request).refusal == .notAnAdministrator)
            #expect(try programme.administrator.ask(request).refusal == nil)
        }
    }

    @Test func `only administrators rename people, and rooms keep the name that was signed`() throws
    {
        let programme = try Programme.founded(2)
        let person = programme.people[1]
        let rename = DirectoryRequest.renamePerson(
            NewName(participant: person.participant, name: "Ada Byron")
        )
        let refused = try programme.clients[2].ask(rename)
        #expect(refused.refusal?.rawValue == DirectoryRejection.notAnAdministrator.rawValue)
        #expect(try programme.administrator.ask(rename).isDone)
        let taken = DirectoryRequest.renamePerson(
            NewName(participant: programme.people[2].participant, name: "ada byron")
        )
        let reply = try programme.administrator.ask(taken)
        #expect(reply.refusal?.rawValue == DirectoryRejection.nameTaken.rawValue)
        guard case .answer(.people(let people)) = try programme.administrator.ask(.people) else {
            throw NoReply()
        }
        #expect(people.contains { $0.name == "Ada Byron" && $0.rooms.count == 1 })
        #expect(!people.contains { $0.name == person.name })
        let client = programme.clients[1]
        try client.connect()
        #expect(client.ready?.name == "Ada Byron")
        try client.follow(Programme.room)
        #expect(client.rooms[Programme.room]?.room.name(of: person.id) == person.name)
    }

    @Test func `an administrator sees who is in, also of rooms that are not in memory`() throws {
        let programme = try Programme.founded(2)
        try programme.world.restart()
        let admin = try programme.administrator.connect()
        guard case .answer(.people(let people)) = try admin.ask(.people) else { throw NoReply() }
        let stages = people.flatMap { $0.rooms.map(\.stage) }
        #expect(stages == [.admitted, .admitted])
        guard case .answer(.status(let status)) = try admin.ask(.status) else { throw NoReply() }
        #expect(status.rooms.map(\.opened) == [true])
        #expect(status.rooms.map(\.attended) == [nil])
    }

    @Test(arguments: [false, true])
    func `an administrator sees names of who came only where the group agreed`(agreed: Bool) throws
    {
        let programme = try Programme.founded(3)
        let client = programme.clients[1]
        let room = Programme.room
        if agreed {
            try client.follow(room)
            let state = try #require(client.rooms[room]?.room)
            var roster = try #require(state.roster)
            roster.version += 1
            roster.previous = state.rosterHash
            roster.policy.namesToAdministrators = true
            #expect(try client.act(room, .admit(client.device.signing.sign(roster))).isDone)
        }
        #expect(try client.act(room, .start(.sample())).isDone)
        #expect(try client.act(room, .skip).isDone)
        #expect(try client.act(room, .end).isDone)
        guard case .answer(.status(let status)) = try programme.administrator.ask(.status) else {
            throw NoReply()
        }
        let came = try #require(status.rooms.first { $0.room == room })
        #expect(came.attended == nil)
        let names = (1...3).map { programme.people[$0].name }.sorted()
        #expect(came.names == (agreed ? names : nil))
        #expect(try client.ask(.status).refusal != nil)
    }

    @Test func `a list of rooms that cannot be read is refused and not made up`() throws {
        let programme = try Programme.founded(2)
        try programme.world.restart()
        programme.world.readsAtOnce = false
        let client = programme.clients[1]
        try client.open()
        try client.hello()
        let id = try client.begin(.rooms)
        while programme.world.readNext(failing: .unavailable(.inputOutput)) {}
        #expect(try client.reply(id)?.refusal == .tryLater)
        programme.world.readsAtOnce = true
        guard case .answer(.rooms(let rooms)) = try client.ask(.rooms) else { throw NoReply() }
        #expect(rooms.map(\.stage) == [.admitted])
    }

    static let reference = EntryReference(
        room: Programme.room,
        transcript: TranscriptID(.zero),
        key: KeyID(.zero),
        counter: 1
    )
}
