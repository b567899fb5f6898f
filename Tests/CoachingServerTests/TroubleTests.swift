// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingStore
import CoachingTestKit
import CoachingWire
import Testing

struct TroubleTests {
    private let room = Programme.room

    private func post(_ client: TestClient, _ item: [UInt8]) -> Request {
        .post(Post(room: room, item: item))
    }

    private func start(pace: UInt16 = 1) -> RoomAct {
        .start(
            SessionStart.sample(pace: pace)
        )
    }

    @Test(arguments: [
        StoreError.unavailable(.diskFull), .unavailable(.readOnly), .unavailable(.locked),
    ])
    func `what cannot be kept is refused, and nothing of it stays`(_ error: StoreError) throws {
        let programme = try Programme.founded(2)
        let (world, client) = (programme.world, programme.clients[1])
        try client.post(room, .room)
        let items = try (0..<3).map { _ in try client.seal(room, .room) }
        world.commitsAtOnce = false
        let ids = try items.map { try client.begin(post(client, $0)) }
        let key = try client.event(of: client.makeKey(room, .peers), room, .peers)
        let opening = try client.begin(post(client, key))
        let acting = try programme.clients[2].begin(
            .room(
                RoomRequest(
                    room: room,
                    act: .attend(Attended(person: programme.people[2].id, presence: .away))
                )
            )
        )
        while world.commitNext(failing: error) {}
        // Those that came after one that was not kept are out of step; none was accepted.
        for id in ids + [opening] {
            let code = try client.reply(id)?.refusal
            #expect(code == .tryLater || (code == .outOfStep && id != ids[0] && id != opening))
        }
        #expect(try programme.clients[2].reply(acting)?.refusal == .tryLater)
        #expect(world.notes.filter { $0.level == .error }.count == 1)
        world.commitsAtOnce = true
        for (index, item) in items.enumerated() {
            #expect(try client.ask(post(client, item)).posted == UInt64(index + 3))
        }
        #expect(try client.ask(post(client, key)).posted == 1)
        for one in programme.clients { #expect(one.findings == []) }
        #expect(try programme.clients[2].live(room, .room) == [1, 2, 3, 4, 5])
        #expect(try programme.clients[2].live(room, .peers) == [1])
    }

    @Test func `after somebody else wrote first it is read on and decided again`() throws {
        let programme = try Programme.founded(2)
        let (world, client) = (programme.world, programme.clients[1])
        try client.post(room, .room)
        let item = try client.seal(room, .room)
        world.commitsAtOnce = false
        let id = try client.begin(post(client, item))
        world.conflictNext()
        world.conflictNext()
        world.commitNext()
        #expect(try client.reply(id)?.posted == 3)
        // Who followed was told to ask anew.
        for one in programme.clients.dropFirst() {
            try one.read()
            #expect(one.pushes.contains(.lagged([room])))
            try one.follow(room)
            #expect(try one.live(room, .room) == [1, 2, 3])
            #expect(one.findings == [])
        }
    }

    @Test func `after three conflicts it is for later`() throws {
        let programme = try Programme.founded(2)
        let (world, client) = (programme.world, programme.clients[1])
        try client.post(room, .room)
        let item = try client.seal(room, .room)
        world.commitsAtOnce = false
        let id = try client.begin(post(client, item))
        for _ in 0..<3 { world.conflictNext() }
        #expect(world.appends.isEmpty)
        #expect(try client.reply(id)?.refusal == .tryLater)
        world.commitsAtOnce = true
        #expect(try client.ask(post(client, item)).posted == 3)
    }

    @Test func `also the directory reads on after a conflict`() throws {
        let programme = try Programme.founded(1)
        let (world, admin) = (programme.world, programme.administrator)
        world.commitsAtOnce = false
        let new = NewParticipant(
            participant: ParticipantID(Bytes16(high: 1, low: 1)),
            name: "New"
        )
        let id = try admin.begin(.directory(.addPeople([new])))
        world.conflictNext()
        #expect(try admin.reply(id) == nil)
        world.commitNext()
        #expect(try admin.reply(id)?.isDone == true)
        let again = try admin.begin(.directory(.removePerson(new.participant)))
        for _ in 0..<3 { world.conflictNext() }
        #expect(try admin.reply(again)?.refusal == .tryLater)
        world.commitsAtOnce = true
        #expect(try admin.ask(.removePerson(new.participant)).isDone)
    }

    @Test func `after a new start keys are known and the same bytes have the same number`() throws {
        let programme = try Programme.founded(2)
        let (world, client) = (programme.world, programme.clients[1])
        let made = try client.makeKey(room, .room)
        let key = try client.event(of: made, room, .room)
        #expect(try client.ask(post(client, key)).posted == 1)
        client.rooms[room]?.keys[.room] = made
        let items = try (0..<3).map { _ in try client.seal(room, .room) }
        for item in items.prefix(2) { _ = try client.ask(post(client, item)) }
        try world.restart()
        try client.connect()
        #expect(
            try client.ask(
                .posted(
                    EntryReference(
                        room: room,
                        transcript: made.transcript,
                        key: made.id,
                        counter: 2
                    )
                )
            ).posted == 3
        )
        #expect(try client.ask(post(client, items[1])).posted == 3)
        #expect(try client.ask(post(client, items[2])).posted == 4)
        try world.restart()
        try client.connect()
        let appended = world.journal.count
        #expect(try client.ask(post(client, key)).posted == 1)
        #expect(world.journal.count == appended)
        #expect(try client.announceKey(room, .room).posted == 5)
    }

    @Test func `posts that wait for their key to be read come in their order`() throws {
        let programme = try Programme.founded(2)
        let (world, client) = (programme.world, programme.clients[1])
        try client.post(room, .room)
        let items = try (0..<4).map { _ in try client.seal(room, .room) }
        try world.restart()
        try client.connect()
        try programme.clients[2].connect()
        try client.follow(room)
        world.readsAtOnce = false
        let ids = try items.prefix(3).map { try client.begin(post(client, $0)) }
        world.readNext()
        let last = try client.begin(post(client, items[3]))
        while world.readNext() {}
        world.readsAtOnce = true
        world.step(.turnEnded)
        #expect(try (ids + [last]).map { try client.reply($0)?.posted } == [3, 4, 5, 6])
    }

    @Test func `a store that cannot be read makes posts wait for later and loses none`() throws {
        let programme = try Programme.founded(2)
        let (world, client) = (programme.world, programme.clients[1])
        try client.post(room, .room)
        let item = try client.seal(room, .room)
        try world.restart()
        world.readsAtOnce = false
        try client.connect()
        let id = try client.begin(post(client, item))
        while world.readNext(failing: .unavailable(.inputOutput)) {}
        #expect(try client.reply(id)?.refusal == .tryLater)
        world.readsAtOnce = true
        #expect(try client.ask(post(client, item)).posted == 3)
    }

    @Test func `a session goes on over a short stop and is interrupted by a long one`() throws {
        for away in [59_000, 60_000] as [Int64] {
            let programme = try Programme.founded(2)
            let (world, client) = (programme.world, programme.clients[1])
            #expect(try client.act(room, start()) == .answer(.done(10)))
            world.live(seconds: 70)
            try client.read()
            let ends = try #require(client.rooms[room]?.room.session?.ends)
            try world.restart(away: away)
            try client.connect()
            try client.follow(room)
            let session = try #require(client.rooms[room]?.room.session)
            #expect(session.isInterrupted == (away == 60_000))
            if away == 60_000 {
                #expect(session.left == 50_000)
                #expect(try client.act(room, .resume).isDone)
            } else {
                #expect(session.ends == ends || session.place.round > 0)
            }
        }
    }

    @Test func `nobody's command comes before the interruption`() throws {
        let programme = try Programme.founded(2)
        let (world, client) = (programme.world, programme.clients[1])
        #expect(try client.act(room, start()) == .answer(.done(10)))
        world.live(seconds: 10)
        try client.cut()
        try world.restart(away: 3_600_000)
        // As if the room were read only now.
        try client.connect()
        let reply = try client.act(room, .skip)
        #expect(reply.isDone)
        try client.follow(room)
        let session = try #require(client.rooms[room]?.room.session)
        #expect(session.place.round == 1)
    }

    @Test func `a clock that jumps by a minute or more interrupts, a small jump does not`() throws {
        for jump in [59_000, 61_000] as [Int64] {
            let programme = try Programme.founded(2)
            let (world, client) = (programme.world, programme.clients[1])
            #expect(try client.act(room, start()) == .answer(.done(10)))
            world.live(seconds: 5)
            world.pass(milliseconds: jump)
            // Not a tick is the first to hear of it, but a client.
            #expect(try client.act(room, .extend(1_000)).isDone)
            try client.read()
            let session = try #require(client.rooms[room]?.room.session)
            #expect(session.isInterrupted == (jump == 61_000))
        }
    }

    @Test func `a conflict in the middle of a session does not interrupt it`() throws {
        let programme = try Programme.founded(2)
        let world = programme.world
        try world.restart(away: 3_600_000)
        let client = try programme.clients[1].connect()
        try client.follow(room)
        #expect(try client.act(room, start()) == .answer(.done(10)))
        world.live(seconds: 5)
        world.commitsAtOnce = false
        let id = try client.begin(.room(RoomRequest(room: room, act: .extend(1_000))))
        world.conflictNext()
        world.commitsAtOnce = true
        world.commitNext()
        #expect(try client.reply(id)?.isDone == true)
        try client.follow(room)
        #expect(client.rooms[room]?.room.session?.isInterrupted == false)
    }

    @Test func `phases end when their time is up, whoever is connected`() throws {
        let programme = try Programme.founded(2)
        let world = programme.world
        #expect(try programme.clients[1].act(room, start()).isDone)
        for client in programme.clients { try client.cut() }
        #expect(try world.store.wakes().count == 1)
        world.live(seconds: 400)
        #expect(try world.store.wakes().isEmpty)
        let client = try programme.clients[1].connect()
        try client.follow(room)
        let copy = try #require(client.rooms[room]?.room)
        #expect(copy.session == nil)
        #expect(copy.sessions.map(\.complete) == [true])
    }

    @Test func `time runs back for nobody`() throws {
        let programme = try Programme.founded(2)
        let (world, client) = (programme.world, programme.clients[1])
        try client.post(room, .room)
        world.pass(milliseconds: -3_600_000)
        try client.post(room, .room)
        #expect(
            try client.act(
                room,
                .attend(Attended(person: client.person.id, presence: .phone))
            ).isDone
        )
        try client.read()
        var last = Timestamp(milliseconds: 0)
        for case .item(let item) in client.pushes {
            #expect(item.at >= last)
            last = item.at
        }
        #expect(client.findings == [])
        // Also nobody counts as silent or as heard for that hour.
        for _ in 0..<3 {
            world.live(seconds: 30)
            try client.read()
        }
        #expect(client.isConnected)
    }

    @Test func `who stops answers all that was accepted, and then says goodbye`() throws {
        let programme = try Programme.founded(2)
        let (world, client) = (programme.world, programme.clients[1])
        try client.post(room, .room)
        let item = try client.seal(room, .room)
        world.commitsAtOnce = false
        let accepted = try client.begin(post(client, item))
        let waiting = try client.begin(
            .room(
                RoomRequest(
                    room: room,
                    act: .attend(Attended(person: client.person.id, presence: .away))
                )
            )
        )
        world.step(.stop)
        let late = try client.begin(.rooms)
        #expect(try client.reply(late)?.refusal == .stopping)
        #expect(!world.hasStopped)
        #expect(client.goodbye == nil)
        world.commitNext()
        #expect(!world.hasStopped)
        world.commitNext()
        #expect(world.hasStopped)
        #expect(try client.reply(accepted)?.posted == 3)
        #expect(try client.reply(waiting)?.isDone == true)
        #expect(client.goodbye == .stopping)
        #expect(client.findings == [])
        let next = world.connect(certified: nil)
        #expect(try next.takeGoodbye() == .stopping)
    }

    @Test func `a post that waits for its key is answered before the goodbye`() throws {
        let programme = try Programme.founded(2)
        let (world, client) = (programme.world, programme.clients[1])
        try client.post(room, .room)
        let item = try client.seal(room, .room)
        try world.restart()
        try client.connect()
        world.readsAtOnce = false
        let id = try client.begin(post(client, item))
        world.step(.stop)
        #expect(!world.hasStopped)
        world.readsAtOnce = true
        world.readNext()
        #expect(world.hasStopped)
        #expect(try client.reply(id)?.posted == 3)
        #expect(client.goodbye == .stopping)
    }

    @Test func `who reads nothing does not hold up the stop`() throws {
        let programme = try Programme.founded(2)
        let (world, client) = (programme.world, programme.clients[1])
        for _ in 0..<5 { try client.post(room, .room) }
        let link = try #require(client.link)
        link.isStalled = true
        try client.begin(
            .history(
                HistoryPage(
                    room: room,
                    transcript: TranscriptID(room: room, key: .room),
                    before: 9,
                    limit: 9
                )
            )
        )
        world.step(.stop)
        #expect(world.hasStopped)
    }

    @Test func `a room without use is let go and read again`() throws {
        var configuration = ServerConfiguration()
        configuration.roomIdleMilliseconds = 10_000
        let programme = try Programme.founded(2, configuration: configuration)
        let world = programme.world
        try programme.clients[1].post(room, .room)
        for client in programme.clients { try client.cut() }
        world.live(seconds: 30)
        world.readsAtOnce = false
        let client = programme.clients[1]
        try client.open()
        try client.hello()
        #expect(!world.reads.isEmpty)
        world.readsAtOnce = true
        world.step(.turnEnded)
        try client.follow(room)
        #expect(try client.post(room, .room).posted == 3)
        #expect(client.findings == [])
        // Nobody is told again that they are in.
        #expect(!client.pushes.contains(.admitted(room)))
    }

    @Test func `a full store says so once, and says when it is over`() throws {
        let programme = try Programme.founded(2)
        let (world, client) = (programme.world, programme.clients[1])
        #expect(try client.act(room, start()) == .answer(.done(10)))
        world.trouble = .unavailable(.diskFull)
        world.live(seconds: 50)
        world.live(seconds: 20)
        #expect(world.notes.filter { $0.level == .error }.count == 1)
        world.trouble = nil
        world.live(seconds: 2)
        try client.follow(room)
        #expect(client.rooms[room]?.room.session?.place.round == 1)
        #expect(world.notes.last?.level == .info)
    }
}
