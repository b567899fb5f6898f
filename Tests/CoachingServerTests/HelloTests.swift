// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingStore
import CoachingTestKit
import CoachingWire
import Testing

struct HelloTests {
    @Test func `a device that proves itself is told who it is`() throws {
        let programme = try Programme.founded(2)
        let client = TestClient(programme.world, programme.people[1])
        try client.connect()
        #expect(client.ready?.person == client.person.id)
        #expect(client.ready?.participant == client.person.participant)
        #expect(client.ready?.administrator == false)
        #expect(client.link?.isAuthenticated == true)
        #expect(client.welcome?.versions == [wireVersion])
        #expect(programme.administrator.ready?.administrator == true)
    }

    @Test func `without a certificate nobody gets past the hello`() throws {
        let programme = try Programme.founded(2)
        let client = TestClient(programme.world, programme.people[1])
        try client.open(certified: false)
        try client.hello()
        #expect(client.goodbye == .certificateRequired)
        #expect(client.link?.isAuthenticated == false)
    }

    @Test func `the certificate of another device does not help`() throws {
        let programme = try Programme.founded(2)
        let client = TestClient(programme.world, programme.people[1])
        try client.open()
        let other = programme.people[2].devices[0]
        try client.hello { $0.device = other.id }
        #expect(client.goodbye == .notKnown)
    }

    @Test func `a signature holds for one connection and one device only`() throws {
        let programme = try Programme.founded(2)
        let (one, two) = (programme.people[1], programme.people[2])
        let changes: [(inout Hello, Welcome) throws -> Void] = [
            { hello, _ in hello.signature[5] ^= 1 },
            { hello, _ in hello.signature = [] },
            { hello, _ in hello.signature.append(0) },
            { hello, welcome in
                hello.signature = try two.devices[0].signing.signHello(
                    nonce: welcome.nonce,
                    serverLeaf: World.leaf
                )
            },
            { hello, _ in
                hello.signature = try one.devices[0].signing.signHello(
                    nonce: .zero,
                    serverLeaf: World.leaf
                )
            },
            { hello, welcome in
                hello.signature = try one.devices[0].signing.signHello(
                    nonce: welcome.nonce,
                    serverLeaf: .zero
                )
            },
        ]
        for change in changes {
            let client = TestClient(programme.world, one)
            try client.open()
            let welcome = try #require(client.welcome)
            var hello = Hello(
                version: wireVersion,
                device: client.device.id,
                signature: try one.devices[0].signing.signHello(
                    nonce: welcome.nonce,
                    serverLeaf: World.leaf
                ),
                program: "test"
            )
            try change(&hello, welcome)
            try client.send(.hello(hello))
            #expect(client.goodbye == .notKnown)
        }
    }

    @Test func `an unknown device is told no more than one that cannot prove itself`() throws {
        let programme = try Programme.founded(2)
        var frames: [[UInt8]] = []
        for index in [0, 1] {
            let client = TestClient(programme.world, programme.people[1], device: index)
            try client.open()
            let link = try #require(client.link)
            let welcome = try #require(client.welcome)
            let hello = Hello(
                version: wireVersion,
                device: client.device.id,
                signature: index == 0
                    ? [UInt8](repeating: 1, count: 64)
                    : try client.device.signing.signHello(
                        nonce: welcome.nonce,
                        serverLeaf: World.leaf
                    ),
                program: ""
            )
            programme.world.receive(try ClientMessage.hello(hello).frame(), on: link)
            frames += link.takeFrames()
        }
        #expect(frames.count == 2)
        #expect(frames.first == frames.last)
    }

    @Test func `another version is told so before all else`() throws {
        let programme = try Programme.founded(2)
        let client = TestClient(programme.world, programme.people[1])
        try client.open()
        try client.hello { $0.version = 2 }
        #expect(client.goodbye == .versionUnsupported)
    }

    @Test func `a second hello, and a request before the first, end the connection`() throws {
        let programme = try Programme.founded(2)
        let client = TestClient(programme.world, programme.people[1])
        try client.connect()
        try client.hello()
        #expect(client.goodbye == .outOfOrder)
        try client.open()
        try client.begin(.rooms)
        #expect(client.goodbye == .outOfOrder)
        try client.open()
        try client.send(.pong)
        #expect(client.goodbye == .outOfOrder)
        try client.connect()
        try client.send(.enrolment(.look(auth: .zero)))
        #expect(client.goodbye == .outOfOrder)
    }

    @Test func `what is no message ends the connection`() throws {
        let programme = try Programme.founded(2)
        for body: [UInt8] in [[0xff], [0x80], [0x81, 0x09], [0xf8, 0x18], [0x81, 0x04, 0x00]] {
            let link = programme.world.connect(certified: nil)
            programme.world.receive([0, 0, 0, UInt8(body.count)] + body, on: link)
            #expect(try link.takeGoodbye() == .malformed)
            #expect(link.isClosed)
        }
    }

    @Test func `a device has four connections and no fifth`() throws {
        let programme = try Programme.founded(1)
        let clients = (0..<4).map { _ in TestClient(programme.world, programme.people[1]) }
        // One is open from the founding.
        for client in clients { try client.connect() }
        #expect(clients.map(\.goodbye) == [nil, nil, nil, .tooMany])
        try clients[0].cut()
        try clients[3].connect()
        #expect(clients[3].ready != nil)
    }

    @Test func `who says nothing is asked, and then closed`() throws {
        let programme = try Programme.founded(1)
        let world = programme.world
        let link = world.connect(certified: nil)
        world.live(seconds: 31)
        let pings = try programme.clients[1].link?.takeMessages().filter { $0 == .ping }
        #expect(pings?.count == 1)
        world.live(seconds: 45)
        #expect(programme.clients[1].link?.isClosed == true)
        #expect(try link.takeGoodbye() == .idle)
    }

    @Test func `who answers pings stays`() throws {
        let programme = try Programme.founded(1)
        let client = programme.clients[1]
        for _ in 0..<10 {
            programme.world.live(seconds: 20)
            try client.read()
        }
        #expect(client.goodbye == nil)
        #expect(client.isConnected)
    }
}
