// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingTestKit
import CoachingWire
import Testing

/// What could be stored but not be handed on in a frame.
@Suite struct `What is longer than a frame` {
    private let room = Programme.room

    @Test func `a session whose record is too long is refused, and nothing of it is stored`() throws
    {
        var configuration = ServerConfiguration()
        configuration.limits.frameBytesMax = 700
        let programme = try Programme.founded(4, configuration: configuration)
        let (world, client) = (programme.world, programme.clients[1])
        let before = world.journal.count
        let start = SessionStart.sample()
        guard case .refusal(let refusal) = try client.act(room, .start(start)) else {
            throw NoReply()
        }
        #expect(refusal.code == .tooLong)
        #expect(refusal.detail == UInt64(700 - Frame.pushBytesMax))
        #expect(world.journal.count == before)
        let position = client.rooms[room]?.room.position
        // The room goes on as if nothing had been asked.
        #expect(try client.post(room, .own(client.person.id), .note).posted == 2)
        let away = Attended(person: client.person.id, presence: .phone)
        #expect(try client.act(room, .attend(away)).isDone)
        #expect(client.rooms[room]?.room.position == position.map { $0 + 1 })
        #expect(client.rooms[room]?.room.session == nil)
        #expect(client.findings == [])
    }

    @Test func `the same session starts where its record fits`() throws {
        let programme = try Programme.founded(4)
        let start = SessionStart.sample()
        #expect(try programme.clients[1].act(room, .start(start)).isDone)
    }

    @Test func `an item that leaves less than a push adds is refused, one byte less is kept`()
        throws
    {
        var configuration = ServerConfiguration()
        let programme = try Programme.founded(1)
        let one = programme.clients[1]
        let key = try one.event(of: one.makeKey(room, .room), room, .room)
        for (spare, isKept) in [(0, true), (-1, false)] {
            configuration.limits.frameBytesMax = UInt32(key.count + Frame.pushBytesMax + spare)
            let programme = try Programme.founded(1, configuration: configuration)
            let client = programme.clients[1]
            let before = programme.world.journal.count
            let item = try client.event(of: client.makeKey(room, .room), room, .room)
            #expect(item.count == key.count)
            let reply = try client.ask(.post(Post(room: room, item: item)))
            #expect((reply.posted == 1) == isKept)
            #expect((reply.refusal == .tooLong) == !isKept)
            #expect(programme.world.journal.count == before + (isKept ? 1 : 0))
        }
    }
}
