// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingServer
import CoachingTestKit
import CoachingWire
import Testing

/// What becomes of a session whose facilitator or host is cut off.
struct LostTimekeeperTests {
    private let room = Programme.room

    private func programme(facilitators: Int) throws -> Programme {
        var configuration = ServerConfiguration()
        configuration.graceMilliseconds = 20_000
        return try Programme.founded(
            3,
            facilitators: facilitators,
            configuration: configuration
        )
    }

    private func state(_ client: TestClient) throws -> Room {
        try client.read()
        return try #require(client.rooms[room]?.room)
    }

    @Test func `after the grace time the first of the rota keeps time, until who did is back`()
        throws
    {
        let programme = try programme(facilitators: 1)
        let (world, peer) = (programme.world, programme.clients[1])
        let facilitator = try #require(programme.clients.last)
        #expect(try facilitator.act(room, .start(SessionStart.sample())).isDone)
        #expect(try peer.act(room, .pause).refusal == RefusalCode(.notInCharge))
        try facilitator.cut()
        world.live(seconds: 15)
        #expect(try state(peer).timekeepers == [facilitator.person.id])
        world.live(seconds: 10)
        let keepers = try state(peer).timekeepers
        #expect(keepers == [try state(peer).rota.first])
        let keeper = try #require(programme.clients.first { keepers == [$0.person.id] })
        #expect(try keeper.act(room, .pause).isDone)
        #expect(try state(peer).presence(of: facilitator.person.id) == .here)
        try facilitator.connect()
        try facilitator.follow(room)
        world.live(seconds: 2)
        #expect(try state(peer).timekeepers == [facilitator.person.id])
        #expect(try keeper.act(room, .resume).refusal == RefusalCode(.notInCharge))
        #expect(try facilitator.act(room, .resume).isDone)
    }

    @Test func `a facilitator who is cut off in any phase leaves a session that goes on`() throws {
        let programme = try programme(facilitators: 1)
        let (world, peer) = (programme.world, programme.clients[1])
        let facilitator = try #require(programme.clients.last)
        #expect(try facilitator.act(room, .start(SessionStart.sample(pace: 60))).isDone)
        var phases: Set<PhasePlace> = []
        while let session = try state(peer).session {
            guard phases.insert(session.place).inserted else {
                try facilitator.connect()
                try facilitator.follow(room)
                try facilitator.cut()
                world.live(seconds: 1)
                continue
            }
        }
        #expect(phases.count > 3)
        #expect(try state(peer).lastSession?.complete == true)
        #expect(try state(peer).lastSession?.owed == [])
    }

    @Test func `a lost host gets the keeping of time back and stays in every round`() throws {
        let programme = try programme(facilitators: 0)
        let (world, host) = (programme.world, programme.clients[1])
        let peer = programme.clients[2]
        #expect(try host.act(room, .start(SessionStart.sample())).isDone)
        let rounds = try state(peer).session?.plan.rounds
        try host.cut()
        world.live(seconds: 30)
        let stand = try state(peer).timekeepers
        #expect(stand.count == 1 && stand != [host.person.id])
        #expect(try state(peer).session?.plan.rounds == rounds)
        try host.connect()
        try host.follow(room)
        world.live(seconds: 2)
        #expect(try state(peer).timekeepers == [host.person.id])
    }

    @Test func `handing over and the rota go through the server`() throws {
        let programme = try programme(facilitators: 1)
        let peers = Array(programme.clients[1...2])
        let facilitator = try #require(programme.clients.last)
        let order = Array(try state(peers[0]).rota.reversed())
        #expect(try peers[0].act(room, .setRota(RotaSet(order: order))).isDone)
        #expect(try state(peers[1]).rota == order)
        let short = RotaSet(order: Array(order.dropLast()))
        #expect(try peers[0].act(room, .setRota(short)).refusal == RefusalCode(.rotaConflict))
        let handed = HandedOver(to: peers[1].person.id)
        #expect(try peers[1].act(room, .handOver(handed)).refusal == RefusalCode(.notInCharge))
        #expect(try facilitator.act(room, .handOver(handed)).isDone)
        #expect(try peers[1].act(room, .start(SessionStart.sample())).isDone)
        #expect(try state(peers[0]).timekeepers == [peers[1].person.id])
        let own = HandedOver(to: facilitator.person.id)
        #expect(try facilitator.act(room, .handOver(own)).refusal == RefusalCode(.notAPeer))
    }
}
