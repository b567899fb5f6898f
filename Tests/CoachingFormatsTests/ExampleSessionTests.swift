// SPDX-License-Identifier: Apache-2.0

import CoachingFormats
import CoachingModel
import Foundation
import Testing

struct ExampleSessionTests {
    private struct Line: Decodable {
        var session: String
        var topic: String
        var at: Double
        var role: String?
        var text: String
        var label: String?
        var speaker: String
        var round: Int?
        var phase: String
        var kind: String
    }

    private static let kinds: [String: EntryKind] = [
        "say": .say, "ask": .ask, "answer": .answer, "reflect": .reflect, "commit": .commit,
        "feedback": .feedback, "thanks": .thanks,
    ]
    private static let roles: [String: Role] = [
        "client": .client, "coach": .coach, "observer": .observer,
    ]

    private func lines() throws -> [Line] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.deletingLastPathComponent().appending(path: "Examples/session.jsonl")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
    }

    private func triad() throws -> SessionFormat {
        try #require(try BuiltInFormats.format(named: "triad"))
    }

    @Test func `the triad allows every line of the example to who types it`() throws {
        let triad = try triad()
        for line in try lines() {
            let role = try line.role.map { try #require(Self.roles[$0]) } ?? .everyone
            let phases = line.round == nil ? triad.opening + triad.closing : triad.round
            let phase = try #require(phases.first { $0.name == line.phase })
            let kind = try #require(Self.kinds[line.kind])
            #expect(phase.part(of: role)?.kinds.contains(kind) == true, "\(line.text)")
        }
    }

    @Test func `every line is typed while its phase runs, in order of time`() throws {
        let triad = try triad()
        let start = Timestamp(milliseconds: 0)
        let spans = try Timetable.fit(format: triad, rounds: 3, from: start, until: nil)
            .spans(of: triad, rounds: 3, from: start)
        let names =
            triad.opening.map(\.name) + (1...3).flatMap { _ in triad.round.map(\.name) }
            + triad.closing.map(\.name)
        var last = 0.0
        for line in try lines() {
            #expect(line.at > last)
            last = line.at
            let now = Timestamp(milliseconds: Int64(line.at * 1_000))
            let index = try #require(spans.firstIndex { $0.start <= now && now < $0.end })
            #expect(names[index] == line.phase)
            #expect(spans[index].round == line.round)
        }
    }

    @Test func `each of the three holds each role once`() throws {
        let turns = try lines().filter { $0.round != nil }
        var held: Set<String> = []
        for round in 1...3 {
            for role in Self.roles.keys {
                let speakers = Set(
                    turns.filter { $0.round == round && $0.role == role }.map(\.speaker)
                )
                #expect(speakers.count == 1)
                held.formUnion(speakers.map { "\($0) \(role)" })
            }
            #expect((30...45).contains(turns.count { $0.round == round }))
        }
        #expect(held.count == 9)
    }

    @Test func `nobody is called by name in a round, so that roles can be dealt out anew`() throws {
        for line in try lines() where line.round != nil {
            for name in ["Lena", "Priya", "Tom"] { #expect(!line.text.contains(name)) }
        }
    }

    @Test func `everyone ends their turn with a promise that has a date`() throws {
        for line in try lines() where line.kind == "commit" {
            #expect(line.text.contains(/by (Mon|Tue|Wed|Thu|Fri) \d+ Dec$|Fri 4 Dec$/))
        }
        let promises = try lines().filter { $0.kind == "commit" && $0.role == "client" }
        #expect(Set(promises.map(\.speaker)).count == 3)
    }
}
