// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

@testable import peercoach

struct LedgerDrawingTests {
    /// Three who had a triad session in which the last client's turn was ended at once; seen by
    /// that client or by another.
    private func scene(asLast: Bool) throws -> (RoomScene, last: PersonID) {
        for me in 1...3 {
            var scene = try RoomScene(["Lena", "Priya", "Tom"], me: me, at: RoomScene.at(14, 0))
            try scene.start("triad", .spoken, by: 1)
            while scene.room.session?.place.round != 3 { try scene.wake() }
            let client = try #require(scene.room.session?.pods(of: 3).first?.client)
            guard (client == RoomScene.person(me)) == asLast else { continue }
            try scene.ask(.end, by: 1)
            return (scene, client)
        }
        throw Unseen()
    }

    private struct Unseen: Error {}

    private func drawing(_ scene: RoomScene) -> LedgerDrawing {
        LedgerDrawing(
            ledger: Ledger(of: scene.room.sessions, in: scene.room),
            sessions: scene.room.sessions,
            room: scene.room,
            title: "north",
            me: scene.view.me,
            now: scene.now,
            calendar: RoomScene.zone
        )
    }

    @Test func `a ledger has a row and a bar for each within 80 columns`() throws {
        let (scene, last) = try scene(asLast: false)
        let lines = drawing(scene).lines
        #expect(lines[0] == "north, 1 session, Tue 1 Dec.")
        #expect(lines[1].hasSuffix("client  coach  observer  time as client  had the floor"))
        #expect(lines[2...4].contains { $0.hasPrefix("you ") })
        #expect(lines[2...4].allSatisfy { $0.hasSuffix("#") })
        #expect(lines[1...4].map(\.count).max() == 80)
        let name = scene.room.name(of: last) ?? ""
        #expect(lines.contains("Owed a turn, and first next time: \(name)."))
    }

    @Test func `who is far under the others is told so, and nobody else hears of it`() throws {
        let (own, _) = try scene(asLast: true)
        let nudge = try #require(drawing(own).nudge)
        #expect(nudge.contains("less than the others on average. Only you are told so."))
        #expect(own.printed.contains { $0.contains("less than the others on average") })
        let (other, last) = try scene(asLast: false)
        let name = other.room.name(of: last) ?? ""
        let told = drawing(other).lines.filter { $0.contains("on average") }
        #expect(told.allSatisfy { $0.hasPrefix("You were client") && !$0.contains(name) })
    }

    @Test func `a room without sessions says so`() throws {
        let scene = try RoomScene(["Lena", "Tom"], me: 1, at: RoomScene.at(14, 0))
        #expect(drawing(scene).lines == ["No session of north is over yet."])
    }
}
