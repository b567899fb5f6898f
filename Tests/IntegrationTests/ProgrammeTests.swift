// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel
import CoachingSeal
import CoachingWire
import Foundation
import Testing

/// A release to the programme between real clients over real TLS.
@Suite(.timeLimit(.minutes(15)))
struct ProgrammeTests {
    fileprivate struct Missing: Error {}

    @Test func `an administrator who is there lets somebody in, and reads what they release`()
        async throws
    {
        try await RunningServer.run { server, _ in
            let group = RealPeople(port: server.port)
            defer { try? FileManager.default.removeItem(atPath: group.path) }
            try await group.enrol(server.invite, "Maya")
            let room = try await group.with("Maya") { maya in
                let room = try await maya.addRoom("north")
                let id = try #require(try await maya.addPeople([PersonToAdd(name: "Lena")]).first)
                try await maya.propose(id, for: room)
                let line = try await maya.invite(id, name: "Lena").line
                try await group.enrol(Enroller.read(line), "Lena")
                return room
            }
            try await group.with("Maya") { maya in
                await maya.finishChores()
                let number = try await group.with("Lena") { lena in
                    try await lena.accept(room)
                    try await lena.found(room, agreement: "the agreement")
                    // Maya's program is connected: it lets Lena in while she waits.
                    try await lena.joinProgramme(ticks: 120)
                    let view = try await lena.programme()
                    #expect(view.readers.map(\.name) == ["Person 0"])
                    try await lena.accept(view)
                    return try await note("what I learnt", to: view, lena, room)
                }
                #expect(number > 0)
                let programme = try #require(try await maya.programmeRoom()?.room)
                let session = try await maya.enter(programme)
                var words: [String] = []
                for await happening in session.happenings {
                    if case .entry(let line) = happening {
                        words.append(line.body?.text ?? "cannot be opened")
                        guard case .agreed(let people)? = line.release else { throw Missing() }
                        #expect(people == [line.author].compactMap { $0 })
                    }
                    if case .alarm(let alarm) = happening { Issue.record("\(alarm.sentence)") }
                    if case .caughtUp = happening { break }
                }
                #expect(words == ["what I learnt"])
                await session.leave()
            }
        }
    }

    /// Writes a note and releases it.
    private func note(
        _ text: String,
        to view: ProgrammeView,
        _ client: Client,
        _ room: RoomID
    ) async throws -> UInt64 {
        let session = try await client.enter(room)
        try await session.caughtUp()
        let me = try await client.ready().person
        let line = try await session.post(
            EntryBody(text: text),
            kind: .note,
            to: .own(me),
            shown: [me]
        )
        let outcome = try await session.release(line, of: .own(me), to: view)
        await session.leave()
        guard case .released(let number) = outcome else { throw Missing() }
        return number
    }
}
