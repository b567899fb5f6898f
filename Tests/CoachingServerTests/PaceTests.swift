// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingServer
import CoachingTestKit
import CoachingWire
import Testing

/// How fast a device may ask.
@Suite struct `The pace of a device` {
    /// Opens some connections of one device.
    private func connections(_ count: Int, of programme: Programme) throws -> [TestClient] {
        try programme.clients[1].cut()
        return try (0..<count).map { _ in
            try TestClient(programme.world, programme.people[1]).connect()
        }
    }

    private func flood(_ client: TestClient, _ count: Int) throws {
        for _ in 0..<count where client.isConnected {
            try client.begin(.posted(RequestsTests.reference))
        }
    }

    @Test func `is the same over four connections as over one`() throws {
        for count in [1, 4] {
            let programme = try Programme.founded(1)
            let clients = try connections(count, of: programme)
            for client in clients { try flood(client, 120 / count) }
            let answered = {
                try clients.reduce(0) {
                    try $1.read()
                    return $0 + $1.replies.count
                }
            }
            // A question costs two requests: of 40 at once come twenty, and the one that is too many
            // on each connection.
            #expect(try (20...21 + count).contains(answered()), "\(count) connections")
            programme.world.live(seconds: 10)
            #expect(try (65...76).contains(answered()), "\(count) connections")
        }
    }

    @Test func `is kept when it comes again`() throws {
        let programme = try Programme.founded(1)
        try flood(programme.clients[1], 60)
        try programme.clients[1].cut()
        let again = try TestClient(programme.world, programme.people[1]).connect()
        try flood(again, 10)
        #expect(again.replies.count <= 1)
        #expect(again.link?.isPaused == true)
    }

    @Test func `is forgotten when it has been gone for long enough`() throws {
        let programme = try Programme.founded(1)
        try flood(programme.clients[1], 30)
        try programme.clients[1].cut()
        programme.world.live(seconds: 30)
        let again = try TestClient(programme.world, programme.people[1]).connect()
        try flood(again, 20)
        #expect(again.replies.count == 20)
    }

    @Test func `who goes on without waiting for answers is cut after thirty seconds`() throws {
        let programme = try Programme.founded(2)
        let client = programme.clients[1]
        try flood(client, 2_000)
        programme.world.live(seconds: 29)
        try client.read()
        #expect(client.goodbye == nil)
        programme.world.live(seconds: 2)
        try client.read()
        #expect(client.goodbye == .tooFast)
        // Nobody else is cut, and the device may come again.
        #expect(try programme.clients[2].ask(.rooms).refusal == nil)
        try client.connect()
        #expect(client.ready != nil)
    }

    @Test func `who waits for each answer is only read more slowly`() throws {
        let programme = try Programme.founded(1)
        let (world, client) = (programme.world, programme.clients[1])
        var asked = 0
        for _ in 0..<120 {
            // It asks again as soon as it has its answer.
            while client.link?.isPaused == false {
                #expect(try client.ask(.posted(RequestsTests.reference)).refusal == nil)
                asked += 1
            }
            world.live(seconds: 1)
            try client.read()
        }
        #expect(client.goodbye == nil)
        #expect((600...640).contains(asked))
    }

    @Test func `a burst now and then harms nobody`() throws {
        let programme = try Programme.founded(1)
        let (world, client) = (programme.world, programme.clients[1])
        for _ in 0..<10 {
            try flood(client, 60)
            world.live(seconds: 20)
            try client.read()
            #expect(client.link?.held.isEmpty == true)
        }
        #expect(client.goodbye == nil)
    }

    @Test func `counts bytes as well`() throws {
        var configuration = ServerConfiguration()
        configuration.requestsBurst = 1_000_000
        let programme = try Programme.founded(1, configuration: configuration)
        let (world, client) = (programme.world, programme.clients[1])
        // A text of 60,000 bytes where a request has room for it: refused, and it has come.
        let long = Post(
            room: Programme.room,
            item: [0x79, 0xea, 0x60] + [UInt8](repeating: 97, count: 60_000)
        )
        for _ in 0..<40 where client.link?.isPaused == false { try client.begin(.post(long)) }
        // A mebibyte at once, 64 KiB a second.
        #expect((17...19).contains(client.replies.count))
        for _ in 0..<30 { try client.begin(.post(long)) }
        let before = client.replies.count
        world.live(seconds: 20)
        try client.read()
        #expect((20...23).contains(client.replies.count - before))
    }

    @Test func `gives two pages of history a second`() throws {
        let programme = try Programme.founded(1)
        let (world, client) = (programme.world, programme.clients[1])
        try client.post(Programme.room, .room)
        let page = HistoryPage(
            room: Programme.room,
            transcript: TranscriptID(room: Programme.room, key: .room),
            before: 3,
            limit: 10
        )
        world.live(seconds: 30)
        for _ in 0..<60 { try client.begin(.history(page)) }
        let before = client.replies.count
        world.live(seconds: 10)
        try client.read()
        #expect((19...21).contains(client.replies.count - before))
    }
}
