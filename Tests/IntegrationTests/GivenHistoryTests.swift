// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Foundation
import Testing

/// Older lines for somebody who came later, between real clients over real TLS.
@Suite(.timeLimit(.minutes(15)))
struct GivenHistoryTests {
    @Test func `a newcomer reads the lines that a member gave, in order, and nothing else`()
        async throws
    {
        try await RunningServer.run { server, _ in
            let group = RealPeople(port: server.port)
            defer { try? FileManager.default.removeItem(atPath: group.path) }
            try await group.enrol(server.invite, "Maya")
            let room = try await group.with("Maya") { try await $0.addRoom("north") }
            try await group.letIn(["Priya"], to: room)
            try await group.with("Priya") { priya in
                try await priya.found(room, agreement: "the agreement")
            }
            try await group.letIn(["Lena"], to: room)
            for text in ["one", "two", "three"] {
                try await group.say(text, as: text == "two" ? "Priya" : "Lena", room)
            }
            let people = try await group.people(in: room)
            let (priya, lena) = (try #require(people["Priya"]), try #require(people["Lena"]))
            try await group.say("to Priya", to: .between(lena, priya), as: "Lena", room)
            try await group.letIn(["Tom"], to: room)
            let newcomer = try #require(try await group.people(in: room)["Tom"])
            // The group has not agreed yet.
            let refused = try await #require(throws: ClientError.self) {
                _ = try await group.inRoom("Lena", room) { session, _ in
                    try await session.grant(to: newcomer)
                }
            }
            #expect(refused.code == .refused)
            #expect(try await group.reads("Tom", room) == ["the agreement"])
            try await group.allowHistory(true, in: room)
            let given = try await group.inRoom("Lena", room) { session, _ in
                try await session.grant(to: newcomer)
            }
            #expect(given.devices == 1)
            // Lena was not there yet when the agreement was posted first, and reads it posted anew.
            let wanted = ["the agreement", "one", "two", "three", "the agreement"]
            #expect(try await group.reads("Tom", room) == wanted)
            #expect(try await group.reads("Tom", room) == wanted, "and once more with kept keys")
            #expect(try await group.reads("Lena", room) == wanted + ["to Priya"])
        }
    }
}
