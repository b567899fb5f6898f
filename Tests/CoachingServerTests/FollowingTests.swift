// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingStore
import CoachingTestKit
import CoachingWire
import Testing

struct FollowingTests {
    private let room = Programme.room

    @Test func `what is posted reaches every follower once and in order`() throws {
        let programme = try Programme.founded(3)
        for number in [1, 2, 3, 1, 2] {
            #expect(try programme.clients[number].post(room, .room).posted != nil)
        }
        for client in programme.clients.dropFirst() {
            #expect(try client.live(room, .room) == Array(1...8))
            #expect(client.findings == [])
        }
    }

    @Test func `a recipient finds nothing wrong in what comes`() throws {
        let programme = try Programme.founded(2)
        for number in [1, 2, 1] { try programme.clients[number].post(room, .room) }
        let id = TranscriptID(room: room, key: .room)
        #expect(try programme.clients[2].live(room, .room).count == 5)
        let copy = try #require(programme.clients[2].rooms[room]?.transcripts[id])
        var reader = TranscriptReader(transcript: id)
        let keys = programme.people.flatMap(\.devices).map(\.signing.verifyingKey)
        for number in copy.live {
            let item = try #require(copy.items[number])
            let receipt = reader.receive(number: number, item: item) { device in
                keys.first { DeviceID(signingKey: $0.bytes) == device }
            }
            #expect(receipt.findings == [])
        }
        #expect(reader.number == 5)
        #expect(reader.head == copy.head)
    }

    @Test func `who comes back gets what was missed and nothing twice`() throws {
        let programme = try Programme.founded(3)
        let away = programme.clients[3]
        try programme.clients[1].post(room, .room)
        try away.cut()
        for _ in 0..<3 { try programme.clients[1].post(room, .room) }
        try programme.clients[2].post(room, .peers)
        try away.connect()
        try away.follow(room)
        try programme.clients[1].post(room, .room)
        #expect(try away.live(room, .room) == [1, 2, 3, 4, 5, 6])
        #expect(try away.live(room, .peers) == [1, 2])
        #expect(away.findings == [])
    }

    @Test func `who wants only what is new gets only that`() throws {
        let programme = try Programme.founded(2)
        for _ in 0..<3 { try programme.clients[1].post(room, .room) }
        let late = TestClient(programme.world, programme.people[2])
        try late.connect()
        try late.follow(room, rest: false)
        try programme.clients[1].post(room, .room)
        #expect(try late.live(room, .room) == [5])
        #expect(late.findings == [])
    }

    @Test func `missing frames come page by page, with new ones behind them`() throws {
        var configuration = ServerConfiguration()
        configuration.pageBytes = 1_000
        let programme = try Programme.founded(2, configuration: configuration)
        let world = programme.world
        for _ in 0..<12 { try programme.clients[1].post(room, .room) }
        let late = TestClient(world, programme.people[2])
        try late.connect()
        world.readsAtOnce = false
        try late.begin(late.followRequest(room))
        // Between any two reads somebody posts.
        for _ in 0..<30 {
            world.readNext()
            world.live(seconds: 1)
            try programme.clients[1].post(room, .room)
        }
        world.readsAtOnce = true
        world.readNext()
        try programme.clients[1].post(room, .room)
        let all = try programme.clients[1].live(room, .room)
        #expect(all.count == 44)
        #expect(try late.live(room, .room) == all)
        #expect(late.findings == [])
    }

    @Test func `a transcript that opens while heads are read is not missed`() throws {
        let programme = try Programme.founded(3)
        let world = programme.world
        // Person 3 is let in again later, so that their part of 'room' begins in the middle.
        try programme.clients[1].post(room, .room)
        try readmit(programme, 3)
        try programme.clients[1].post(room, .room)
        let late = TestClient(world, programme.people[3])
        try late.connect()
        world.readsAtOnce = false
        let id = try late.begin(late.followRequest(room))
        #expect(try late.reply(id) == nil)
        // While the head is read a new transcript opens.
        try programme.clients[2].post(room, .peers)
        world.readsAtOnce = true
        world.readNext()
        world.step(.turnEnded)
        let reply = try #require(try late.reply(id))
        #expect(reply.refusal == nil, "\(reply)")
        try programme.clients[2].post(room, .peers)
        #expect(try late.live(room, .peers) == [1, 2, 3])
        #expect(try late.live(room, .room) == [3, 4])
        #expect(late.findings == [])
    }

    /// Has a person leave and be proposed, agree and be let in again.
    func readmit(_ programme: Programme, _ number: Int) throws {
        let client = programme.clients[number]
        #expect(try client.act(room, .exclude(client.person.id)).isDone)
        try programme.propose(number)
        try programme.accept(number)
        let members = programme.people.dropFirst().map { $0.member() }
        #expect(try programme.admit(Array(members), by: 1).isDone)
    }

    @Test func `who is shut out while heads are read follows nothing`() throws {
        let programme = try Programme.founded(3)
        let world = programme.world
        try programme.clients[1].post(room, .room)
        try readmit(programme, 3)
        let late = TestClient(world, programme.people[3])
        try late.connect()
        world.readsAtOnce = false
        let id = try late.begin(late.followRequest(room))
        #expect(try programme.clients[1].act(room, .exclude(late.person.id)).isDone)
        world.readsAtOnce = true
        world.readNext()
        world.step(.turnEnded)
        #expect(try late.reply(id)?.refusal == .left)
        let before = late.pushes.count
        try programme.clients[1].post(room, .room)
        try late.read()
        #expect(late.pushes.count == before)
    }

    @Test func `of two requests to follow the later one holds`() throws {
        let programme = try Programme.founded(3)
        let world = programme.world
        try programme.clients[1].post(room, .room)
        try readmit(programme, 3)
        try programme.clients[1].post(room, .room)
        let late = TestClient(world, programme.people[3])
        try late.connect()
        world.readsAtOnce = false
        let one = try late.begin(late.followRequest(room))
        let two = try late.begin(late.followRequest(room))
        world.readsAtOnce = true
        world.readNext()
        #expect(try late.reply(one)?.refusal == .conflict)
        guard case .answer(.followed)? = try late.reply(two) else { throw NoReply() }
        try programme.clients[1].post(room, .room)
        #expect(try late.live(room, .room) == [3, 4, 5])
        #expect(late.findings == [])
    }

    @Test func `a slow reader is told so, follows again, and then has it all`() throws {
        let programme = try Programme.founded(2)
        let (world, slow) = (programme.world, programme.clients[2])
        let link = try #require(slow.link)
        link.framesMax = 5
        link.isStalled = true
        for _ in 0..<12 { try programme.clients[1].post(room, .room) }
        #expect(link.isLagging)
        world.unstall(link)
        try slow.read()
        #expect(slow.pushes.contains(.lagged([room])))
        #expect(slow.rooms[room]?.isFollowed == false)
        try slow.follow(room)
        try programme.clients[1].post(room, .room)
        #expect(try slow.live(room, .room) == Array(1...14))
        #expect(slow.findings == [])
    }

    @Test func `what is asked while pushes are dropped waits until they are not`() throws {
        let programme = try Programme.founded(2)
        let (world, slow) = (programme.world, programme.clients[2])
        for _ in 0..<3 { try programme.clients[1].post(room, .room) }
        try slow.read()
        let link = try #require(slow.link)
        link.framesMax = 2
        link.isStalled = true
        for _ in 0..<4 { try programme.clients[1].post(room, .room) }
        // It does not know yet that it lags.
        let follow = try slow.begin(slow.followRequest(room))
        let page = try slow.begin(
            .history(
                HistoryPage(
                    room: room,
                    transcript: TranscriptID(room: room, key: .room),
                    before: 4,
                    limit: 2
                )
            )
        )
        link.framesMax = 1_000
        world.unstall(link)
        guard case .answer(.followed)? = try slow.reply(follow) else { throw NoReply() }
        #expect(try slow.reply(page) == .answer(.history(first: 2)))
        #expect(try slow.live(room, .room) == Array(1...8))
    }

    @Test func `who follows no more gets nothing more`() throws {
        let programme = try Programme.founded(2)
        let client = programme.clients[2]
        try programme.clients[1].post(room, .room)
        #expect(try client.ask(.unfollow(room)).isDone)
        let before = client.pushes.count
        try programme.clients[1].post(room, .room)
        try client.read()
        #expect(client.pushes.count == before)
    }

    @Test func `a new transcript is announced to its readers before its first frame`() throws {
        let programme = try Programme.founded(3)
        let pair = TranscriptKey.between(programme.people[1].id, programme.people[2].id)
        for client in programme.clients { client.pushes = [] }
        #expect(try programme.clients[1].post(room, pair).posted == 2)
        for number in [1, 2] {
            let client = programme.clients[number]
            try client.read()
            guard case .opened(room, let open)? = client.pushes.first else { throw NoReply() }
            #expect(open.scope == .direct)
            #expect(open.first == 1)
            #expect(client.pushes.count == 3)
            #expect(client.findings == [])
        }
        try programme.clients[3].read()
        #expect(programme.clients[3].pushes.isEmpty)
    }

    @Test func `pages of the past stay within what one may read`() throws {
        let programme = try Programme.founded(3)
        let id = TranscriptID(room: room, key: .room)
        for _ in 0..<9 { try programme.clients[1].post(room, .room) }
        let client = TestClient(programme.world, programme.people[2])
        try client.connect()
        try client.follow(room, rest: false)
        func page(_ client: TestClient, _ before: UInt64, _ limit: UInt32) throws -> Reply {
            try client.ask(
                .history(
                    HistoryPage(room: room, transcript: id, before: before, limit: limit)
                )
            )
        }
        #expect(try page(client, 11, 4) == .answer(.history(first: 7)))
        #expect(client.rooms[room]?.transcripts[id]?.pages == [7, 8, 9, 10])
        #expect(try page(client, 7, 100) == .answer(.history(first: 1)))
        #expect(try page(client, 1, 5) == .answer(.history(first: 0)))
        #expect(try page(client, 0, 5) == .answer(.history(first: 0)))
        #expect(try page(client, UInt64(Int64.max), .max) == .answer(.history(first: 1)))
        #expect(try page(client, 3, 0) == .answer(.history(first: 2)))
        try readmit(programme, 3)
        try programme.clients[1].post(room, .room)
        let late = TestClient(programme.world, programme.people[3])
        try late.connect()
        try late.follow(room)
        #expect(try page(late, UInt64(Int64.max), 100) == .answer(.history(first: 11)))
        #expect(try page(late, 11, 3) == .answer(.history(first: 8)))
        let pair = TranscriptKey.between(programme.people[1].id, programme.people[2].id)
        try programme.clients[1].post(room, pair)
        let foreign = HistoryPage(
            room: room,
            transcript: TranscriptID(room: room, key: pair),
            before: 9,
            limit: 9
        )
        #expect(try late.ask(.history(foreign)) == .answer(.history(first: 0)))
        #expect(late.findings == [])
    }

    @Test func `a log that is longer than the server's is a conflict`() throws {
        let programme = try Programme.founded(2)
        let follow = Follow(room: room, position: 1_000, transcripts: [], rest: true)
        #expect(try programme.clients[1].ask(.follow(follow)).refusal == .conflict)
    }

    @Test func `an item that is accepted before an exclusion reaches the one who goes`() throws {
        let programme = try Programme.founded(3)
        let (world, leaving) = (programme.world, programme.clients[3])
        try programme.clients[1].post(room, .room)
        let item = try programme.clients[1].seal(room, .room)
        let pair = TranscriptKey.between(programme.people[1].id, leaving.person.id)
        let author = programme.clients[1]
        let key = try author.event(of: author.makeKey(room, pair), room, pair)
        let after = try programme.clients[1].seal(room, .room)
        let (one, two) = (
            try #require(programme.clients[1].link), try #require(programme.clients[2].link)
        )
        let requests: [(Link, UInt64, Request)] = [
            (one, 900, .post(Post(room: room, item: item))),
            (one, 901, .post(Post(room: room, item: key))),
            (
                two, 902,
                .room(RoomRequest(room: room, act: .exclude(leaving.person.id)))
            ),
            (one, 903, .post(Post(room: room, item: after))),
        ]
        programme.clients[1].nextRequest = 904
        programme.clients[2].nextRequest = 904
        for (link, id, request) in requests {
            world.feed(try ClientMessage.request(id: id, request).frame(), on: link)
        }
        world.step(.turnEnded)
        #expect(try leaving.live(room, .room) == [1, 2, 3])
        #expect(try leaving.live(room, pair) == [1])
        #expect(leaving.rooms[room]?.room.membership(of: leaving.person.id) == nil)
        #expect(try programme.clients[1].reply(903)?.refusal == RefusalCode(.staleAudience))
        #expect(leaving.findings == [])
    }
}
