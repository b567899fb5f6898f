// SPDX-License-Identifier: Apache-2.0

import CoachingFormats
import CoachingModel
import Testing

struct BuiltInFormatsTests {
    @Test func `the rules know the names that no programme can take`() {
        #expect(Set(BuiltInFormats.names) == SessionFormat.builtInNames)
    }

    @Test(arguments: BuiltInFormats.names)
    func `a format that comes with the program can be run`(name: String) throws {
        let format = try #require(try BuiltInFormats.format(named: name))
        #expect(format.name == name)
        #expect(format.mistakes == [])
        #expect(!format.source.isEmpty)
    }

    @Test func `a name that nobody gave has no format`() throws {
        #expect(try BuiltInFormats.format(named: "seat") == nil)
        #expect(BuiltInFormats.yaml(named: "") == nil)
    }

    @Test func `the twelve methods and peer group supervision come with the program`() {
        #expect(
            BuiltInFormats.names == [
                "triad", "reciprocal-pair", "grow", "troika-consulting", "wise-crowds", "hot-seat",
                "action-learning", "questions-first", "codevelopment", "case-clinic",
                "peer-supervision", "feedback-round", "observation-before", "observation-work",
                "observation-after", "retro",
            ]
        )
    }

    /// Minutes before the rounds, of a round, and after them; by CAPABILITIES.md F.
    @Test(
        arguments: [
            ("reciprocal-pair", 5, 25, 5), ("triad", 2, 24, 3), ("hot-seat", 10, 20, 10),
            ("troika-consulting", 1, 10, 0), ("wise-crowds", 0, 15, 0),
            ("action-learning", 5, 34, 5), ("questions-first", 0, 38, 15),
            ("observation-before", 0, 25, 0), ("observation-work", 0, 55, 0),
            ("observation-after", 0, 27, 0), ("grow", 0, 30, 5), ("feedback-round", 0, 30, 5),
            ("retro", 47, 0, 3), ("codevelopment", 0, 51, 9), ("case-clinic", 3, 53, 4),
            ("peer-supervision", 0, 35, 5),
        ] as [(String, UInt32, UInt32, UInt32)]
    )
    func `the minutes are those of the sources`(
        name: String,
        before: UInt32,
        round: UInt32,
        after: UInt32
    ) throws {
        let format = try #require(try BuiltInFormats.format(named: name))
        func minutes(_ phases: [Phase]) -> UInt32 { phases.reduce(0) { $0 + $1.seconds } / 60 }
        #expect(minutes(format.opening) == before)
        #expect(minutes(format.round) == round)
        #expect(minutes(format.closing) == after)
    }

    @Test(arguments: ["troika-consulting", "wise-crowds"])
    func `where consultants think aloud the client can only listen`(name: String) throws {
        let format = try #require(try BuiltInFormats.format(named: name))
        let consult = try #require(format.round.first { $0.name == "consult" })
        #expect(consult.part(of: .client)?.kinds == [])
        #expect(consult.part(of: .coach)?.kinds.contains(.suggest) == true)
        for phase in format.round where phase.name != "consult" {
            #expect(phase.part(of: .coach)?.kinds.contains(.suggest) == false)
        }
    }

    @Test(arguments: BuiltInFormats.names)
    func `words that people do not know do not stand in it`(name: String) throws {
        let format = try #require(try BuiltInFormats.format(named: name))
        let phases = format.opening + format.round + format.closing
        let texts = [format.title] + phases.flatMap { [$0.title] + $0.parts.map(\.sentence) }
        let banned = [
            "transcript", "epoch", "keeper", "roster", "audience", "entry", "genesis", "envelope",
            "stale", "sequence",
        ]
        for text in texts {
            for word in banned { #expect(!text.lowercased().contains(word)) }
        }
    }

    @Test func `the triad lets the coach ask and say back, never advise`() throws {
        let triad = try #require(try BuiltInFormats.format(named: "triad"))
        #expect(
            triad.round.map(\.name) == ["aim", "coaching", "client-feedback", "observer-feedback"]
        )
        #expect(triad.round.map(\.seconds) == [120, 840, 180, 300])
        let coaching = triad.round[1]
        #expect(coaching.part(of: .coach)?.kinds == [.ask, .reflect])
        #expect(coaching.part(of: .client)?.kinds == [.say, .answer, .commit])
        #expect(coaching.part(of: .observer)?.kinds == [])
        #expect(coaching.part(of: .observer)?.bare == .note)
        for phase in triad.round {
            for part in phase.parts { #expect(!part.kinds.contains(.suggest)) }
        }
    }

    @Test func `in spoken sessions only the aim goes to the turn`() throws {
        let triad = try #require(try BuiltInFormats.format(named: "triad"))
        for phase in triad.opening + triad.round + triad.closing {
            for part in phase.parts {
                let toTurn = phase.name == "aim" && part.role != .observer
                #expect(part.spoken == (toTurn ? .say : .note))
            }
        }
    }

    @Test func `in the pair the coach is assessed and both have the same time`() throws {
        let pair = try #require(try BuiltInFormats.format(named: "reciprocal-pair"))
        #expect(pair.round.map(\.seconds) == [1_200, 120, 180])
        #expect(pair.round[1].parts.allSatisfy { $0.kinds.isEmpty && $0.bare == .note })
        #expect(pair.round[2].part(of: .client)?.kinds == [.feedback, .assess])
        let table = try Timetable.fit(
            format: pair,
            rounds: 2,
            from: Timestamp(milliseconds: 0),
            until: nil
        )
        #expect(table.length(rounds: 2) == 60 * 60_000)
    }

    @Test func `three triad rounds last 77 minutes and fit an hour and a half`() throws {
        let triad = try #require(try BuiltInFormats.format(named: "triad"))
        let from = Timestamp(milliseconds: 0)
        let own = try Timetable.fit(format: triad, rounds: 3, from: from, until: nil)
        #expect(own.length(rounds: 3) == 77 * 60_000)
        let fitted = try Timetable.fit(
            format: triad,
            rounds: 3,
            from: from,
            until: Timestamp(milliseconds: 90 * 60_000)
        )
        #expect(fitted.length(rounds: 3) == 90 * 60_000)
    }
}
