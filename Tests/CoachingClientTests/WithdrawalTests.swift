// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

@Suite(.timeLimit(.minutes(15)))
struct WithdrawalTests {
    @Test func `who is there is told, and who comes later does not read it`() async throws {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom"])
        try await scene.with("Tom") { tom in
            let seen = try await tom.enter(room)
            try await seen.caughtUp()
            let (first, second, lena) = try await scene.with("Lena") { lena in
                let view = try await lena.enter(room)
                try await view.caughtUp()
                let first = try await view.say("too much")
                let second = try await view.say("far too much")
                try await view.say("just right")
                try await view.withdraw([second, first], from: .room)
                return (first, second, try await lena.ready().person)
            }
            var words: [String] = []
            for await happening in seen.happenings {
                switch happening {
                case .entry(let entry): words.append(entry.body?.text ?? "")
                case .erased(let key, let number, let by):
                    #expect(key == .room && by == lena)
                    #expect(number == first || number == second)
                    words.append("gone")
                case .alarm(let alarm): Issue.record("\(alarm.sentence)")
                default: break
                }
                if words.count(where: { $0 == "gone" }) == 2 { break }
            }
            #expect(words.suffix(3) == ["", "gone", "gone"])
            #expect(words.contains("far too much"))
        }
        let late = try await scene.words(of: "Priya", in: room)
        #expect(late.contains("just right"))
        #expect(!late.contains { $0.contains("too much") || $0.contains("alarm") })
    }

    @Test func `another's line cannot be taken back, nor the same twice`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let number = try await scene.with("Lena") { lena in
            let view = try await lena.enter(room)
            try await view.caughtUp()
            return try await view.say("mine")
        }
        let error = try await #require(throws: ClientError.self) {
            try await scene.with("Priya") { priya in
                let view = try await priya.enter(room)
                try await view.caughtUp()
                try await view.withdraw([number], from: .room)
            }
        }
        #expect(error.roomRule == .notAuthor)
        let again = try await #require(throws: ClientError.self) {
            try await scene.with("Lena") { lena in
                let view = try await lena.enter(room)
                try await view.caughtUp()
                try await view.withdraw([number], from: .room)
                try await view.withdraw([number], from: .room)
            }
        }
        #expect(again.roomRule == .takenBack)
    }
}
