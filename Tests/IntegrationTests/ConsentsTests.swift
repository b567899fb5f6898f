// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel
import CoachingSeal
import Foundation
import Testing

/// What comes to more readers by everybody's yes, and what comes without names, between real
/// clients over real TLS.
@Suite(.timeLimit(.minutes(15)))
struct ConsentsTests {
    @Test func `a line that two share is released once the other has said yes`() async throws {
        try await RunningServer.run { server, _ in
            let group = RealPeople(port: server.port)
            defer { try? FileManager.default.removeItem(atPath: group.path) }
            let room = try await group.room(server.invite, of: ["Priya", "Lena", "Tom"])
            let people = try await group.people(in: room)
            let (priya, lena) = (try #require(people["Priya"]), try #require(people["Lena"]))
            let (key, text) = (TranscriptKey.between(lena, priya), "I dared to say no")
            try await group.say(text, to: key, as: "Lena", room)
            let outcome = try await group.inRoom("Lena", room) { session, state in
                let line = try #require(
                    try await session.lines(before: nil, count: 9).lines.last { $0.key == key }
                )
                return try await session.release(
                    line.number,
                    of: key,
                    to: .room,
                    shown: Set(state.audience(of: .room))
                )
            }
            guard case .asked(_, [priya]) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            for yes in [false, true] {
                await #expect(throws: ClientError.self, "whom it does not concern") {
                    try await group.answer(yes, by: "Tom", room)
                }
                try await group.with("Lena") { await $0.finishChores() }
                #expect(try await !group.reads("Tom", room).contains(text))
                try await group.answer(yes, by: "Priya", room)
            }
            // Whatever command of the author's connects then releases it, once.
            #expect(try await !group.reads("Tom", room).contains(text))
            for _ in 1...2 { try await group.with("Lena") { await $0.finishChores() } }
            for name in ["Tom", "Priya", "Lena"] {
                let lines = try await group.inRoom(name, room) { session, _ in
                    try await session.lines(before: nil, count: 9).lines
                }
                let released = lines.filter { $0.key == .room && $0.body?.text == text }
                #expect(released.map(\.release) == [.agreed([lena, priya].sorted())])
                #expect(released.map(\.author) == [lena])
                #expect(lines.contains { $0.key == key } == (name != "Tom"))
            }
        }
    }

    @Test func `five answers come together and without names`() async throws {
        let others = ["Lena", "Tom", "Ben", "Jonas", "Ada"]
        try await RunningServer.run { server, _ in
            let group = RealPeople(port: server.port)
            defer { try? FileManager.default.removeItem(atPath: group.path) }
            let room = try await group.room(server.invite, of: ["Priya"] + others)
            let prompt = try await group.inRoom("Priya", room) { session, state in
                try await session.prompt(
                    "What does nobody say?",
                    to: .room,
                    shown: Set(state.audience(of: .room))
                )
            }
            for name in others {
                #expect(try await group.answers(name, room) == [])
                try await group.inRoom(name, room) { session, _ in
                    try await session.answer(prompt, "it is \(name)'s")
                }
            }
            let twice = await #expect(throws: ClientError.self) {
                try await group.inRoom("Ada", room) { session, _ in
                    try await session.answer(prompt, "one more")
                }
            }
            #expect(twice?.roomRule == .alreadyAnswered)
            try await group.inRoom("Priya", room) { session, _ in
                try await session.endPrompt(prompt)
            }
            let first = try await group.answers("Priya", room)
            #expect(Set(first) == Set(others.map { "it is \($0)'s" }) && first.count == 5)
            for name in others { #expect(try await group.answers(name, room) == first) }
        }
    }
}

extension RealPeople {
    /// Answers the release that was asked for last.
    fileprivate func answer(_ yes: Bool, by name: String, _ room: RoomID) async throws {
        try await inRoom(name, room) { session, _ in
            guard let request = try await session.releases().last else {
                throw ClientError(.refused, "Nothing is asked.")
            }
            try await session.answer(request, yes: yes)
        }
    }

    /// Gives the answers without names that somebody reads, in their order.
    fileprivate func answers(_ name: String, _ room: RoomID) async throws -> [String] {
        try await inRoom(name, room) { session, _ in
            let lines = try await session.lines(before: nil, count: 20).lines
            let answers = lines.filter { $0.key.isPrompt && $0.kind == .answer }
            #expect(answers.allSatisfy { $0.author == nil && $0.authorName.isEmpty })
            return answers.map { $0.body?.text ?? "closed" }
        }
    }
}
