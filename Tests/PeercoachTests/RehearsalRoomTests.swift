// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingFormats
import CoachingModel
import CoachingTerminal
import Testing

@testable import peercoach

/// A rehearsal in the room's own view.
struct RehearsalRoomTests {
    private static let start = RoomScene.at(14, 0)

    private func room(
        _ name: String,
        _ count: Int,
        as role: Role,
        facilitator: String? = nil,
        pace: UInt16 = 1
    ) throws -> RehearsalRoom {
        let format = try #require(try BuiltInFormats.format(named: name))
        let tty = TTY(input: -1, output: -1)
        let (_, nextLine) = AsyncStream.makeStream(of: Void.self)
        let shell = RoomShell(
            options: try GlobalOptions.parse([]),
            source: .lines,
            untilEnd: false,
            tty: tty,
            nextLine: nextLine,
            display: RoomDisplay(isJSON: false, style: .plain, tty: tty, isEmphatic: false)
        )
        let rehearsal = Rehearsal(
            format: format,
            peers: Array(Rehearse.names.prefix(count)),
            facilitator: facilitator,
            from: Self.start
        )
        return try RehearsalRoom(shell, rehearsal, as: role, pace: pace, calendar: RoomScene.zone)
    }

    private func role(_ room: RehearsalRoom) -> Role? {
        let me = room.shell.model?.me
        return me.flatMap { room.shell.model?.room.turn(of: $0)?.role }
    }

    /// Lets so many seconds go by.
    private func pass(_ seconds: Int64, _ room: inout RehearsalRoom, from start: Int64 = 0) {
        for second in start..<start + seconds {
            let now = Self.start.adding(milliseconds: second * 1_000)
            room.take(.tick, at: now)
        }
    }

    private func type(_ line: String, _ room: inout RehearsalRoom, at second: Int64) {
        room.take(.line(.line(line)), at: Self.start.adding(milliseconds: second * 1_000))
    }

    @Test(arguments: [Role.client, .coach, .observer])
    func `one gets the role that one asked for, and the prompt names who reads`(role: Role) throws {
        var room = try room("triad", 3, as: role)
        #expect(room.shell.model?.stage == .inside)
        #expect(room.shell.model?.room.session != nil)
        for second in 0..<4_000 where self.role(room) == nil { pass(1, &room, from: Int64(second)) }
        #expect(self.role(room) == role)
        #expect(room.shell.model?.prompt.contains(" until ") == true)
    }

    @Test func `a role that nobody has is named`() throws {
        #expect(throws: ClientError.self) { try room("reciprocal-pair", 2, as: .observer) }
    }

    @Test(arguments: BuiltInFormats.names)
    func `every format goes through to its end, and pretend members speak`(name: String) throws {
        let format = try #require(try BuiltInFormats.format(named: name))
        let count = max(Int(format.pods.usual), 2)
        let role: Role = .client
        guard !format.hasNoRounds else { return }
        var room = try room(name, count, as: role, pace: 60)
        var second: Int64 = 0
        while room.shell.model?.room.session != nil, second < 4 * 3_600 {
            pass(1, &room, from: second)
            second += 1
            // One keeps the time oneself, and does not put down what a phase asks for.
            if room.shell.model?.room.session?.clock.isHeld == true {
                type("/skip", &room, at: second)
            }
        }
        #expect(room.shell.model?.room.session == nil, "it does not end")
        let model = try #require(room.shell.model)
        // While one is watched at work nobody writes to the others.
        let isSilent = name == "observation-work"
        #expect(model.past.contains { $0.author != model.me } != isSilent, "nobody speaks")
    }

    @Test func `lines go by the rules of a room, and a refusal names the phase`() throws {
        var room = try room("triad", 3, as: .observer)
        var second: Int64 = 0
        while role(room) == nil, second < 10_000 {
            pass(1, &room, from: second)
            second += 1
        }
        let before = room.shell.model?.past.count ?? 0
        type("/note quiet", &room, at: second)
        #expect(room.shell.model?.past.count == before + 1)
        #expect(room.shell.model?.outgoing.isEmpty == true)
        type("/turn I would do it so", &room, at: second)
        #expect(room.shell.model?.held.count == 1)
        #expect(room.shell.acts == 0)
        type("/drop", &room, at: second)
        #expect(room.shell.model?.held.isEmpty == true)
    }

    @Test func `who is ready does not wait for pretend members`() throws {
        var room = try room("triad", 3, as: .client)
        let place = try #require(room.shell.model?.room.session?.place)
        type("/ready", &room, at: 1)
        pass(3, &room, from: 2)
        #expect(room.shell.model?.room.session?.place != place)
    }

    @Test func `the clock is the person's, and closing says that nothing is kept`() throws {
        var room = try room("triad", 3, as: .coach)
        type("/pause", &room, at: 1)
        #expect(room.shell.model?.room.session?.ends == nil)
        type("/resume", &room, at: 2)
        let place = try #require(room.shell.model?.room.session?.place)
        type("/skip", &room, at: 3)
        #expect(room.shell.model?.room.session?.place != place)
        type("/start nonsense", &room, at: 4)
        type("/history", &room, at: 5)
        #expect(room.shell.acts == 0)
        type("/quit", &room, at: 6)
        #expect(room.shell.isOver)
        #expect(room.shell.errands.isEmpty, "nothing was to be sent anywhere")
        #expect(room.shell.failure == nil)
    }

    @Test func `with a facilitator the time is theirs`() throws {
        var room = try room("triad", 3, as: .coach, facilitator: "Zoe")
        type("/skip", &room, at: 1)
        #expect(room.shell.model?.room.session?.place.phase == 0)
        #expect(room.shell.acts == 0)
    }
}
