// SPDX-License-Identifier: Apache-2.0

import CoachingFormats
import CoachingModel
import ProcessorTime
import Testing

struct RehearsalTests {
    private static let names = (1...24).map { "Peer \($0)" }

    private func format(_ name: String) throws -> SessionFormat {
        try #require(try BuiltInFormats.format(named: name))
    }

    private func rehearsal(_ name: String, _ members: Int) throws -> Rehearsal {
        Rehearsal(format: try format(name), peers: Array(Self.names.prefix(members)))
    }

    @Test(arguments: BuiltInFormats.names, [Medium.typed, .spoken])
    func `a format that comes with the program has no dead end, whoever many there are`(
        name: String,
        medium: Medium
    ) throws {
        let sizes = try format(name).pods
        let (least, most) = (Int(sizes.smallest), Int(sizes.largest))
        for members in Set([least, Int(sizes.usual), most, most + 1, 2 * most - 1, 13, 24]) {
            for chair in [nil, "Jonas"] {
                var rehearsal = try rehearsal(name, members)
                rehearsal.medium = medium
                rehearsal.facilitator = chair
                let result = rehearsal.run()
                #expect(result.deadEnds == [], "\(members) members")
                #expect(!result.phases.isEmpty)
                #expect((result.linesTried > 0) == (medium == .typed))
            }
        }
    }

    @Test(arguments: BuiltInFormats.names)
    func `with one fewer than a pod takes it says that it does not start`(name: String) throws {
        let least = Int(try format(name).pods.smallest)
        let result = try rehearsal(name, least - 1).run()
        #expect(result.deadEnds == [.noStart(.tooFewPresent)])
    }

    @Test(arguments: BuiltInFormats.names)
    func `its facilitator can go in the midst of each phase and it goes on`(name: String) throws {
        let usual = Int(try format(name).pods.usual)
        var whole = try rehearsal(name, usual)
        whole.facilitator = "Jonas"
        let course = whole.run().phases
        for phase in course {
            var rehearsal = whole
            let half = phase.end.milliseconds(since: phase.start) / 2
            rehearsal.absences["Jonas"] = phase.start.milliseconds(since: whole.from) + half
            let result = rehearsal.run()
            #expect(result.deadEnds == [], "\(phase.phase.name)")
            #expect(result.phases.map(\.end) == course.map(\.end), "\(phase.phase.name)")
        }
    }

    @Test(arguments: BuiltInFormats.names)
    func `somebody can go in the midst of each phase and the others are not stuck`(
        name: String
    ) throws {
        let usual = Int(try format(name).pods.usual)
        let course = try rehearsal(name, usual).run().phases
        for phase in course {
            for member in 0..<usual {
                var rehearsal = try rehearsal(name, usual)
                let half = phase.end.milliseconds(since: phase.start) / 2
                rehearsal.absences[Self.names[member]] =
                    phase.start.milliseconds(since: rehearsal.from) + half
                let result = rehearsal.run()
                let stuck = result.deadEnds.filter { if case .noEnd = $0 { true } else { false } }
                #expect(stuck == [], "\(phase.phase.name) without \(member)")
            }
        }
    }

    @Test func `phases follow each other without a gap, and clients have the same time`() throws {
        var rehearsal = try rehearsal("triad", 3)
        rehearsal.until = rehearsal.from.adding(milliseconds: 90 * 60_000)
        let result = rehearsal.run()
        #expect(result.phases.first?.start == rehearsal.from)
        #expect(zip(result.phases, result.phases.dropFirst()).allSatisfy { $0.end == $1.start })
        #expect(result.phases.last?.end == rehearsal.until)
        #expect(result.ended == rehearsal.until)
        #expect(result.clients.count == 3)
        #expect(Set(result.clients.map(\.milliseconds)).count == 1)
    }

    @Test func `a role that nobody gets is told, as a dead end where enough people are there`()
        throws
    {
        #expect(try rehearsal("triad", 2).run().rolesOfNobody == [.observer])
        var format = try format("triad")
        format.seating = .allCoach
        // The check would refuse it; without the check it would be found here.
        format.round[3].parts.removeAll { $0.role == .coach }
        let result = Rehearsal(format: format, peers: Array(Self.names.prefix(3))).run()
        #expect(result.deadEnds == [.noStart(.formatInvalid)])
    }

    @Test func `a role for which no pod is large enough is a dead end`() throws {
        var format = try format("observation-after")
        #expect(
            Rehearsal(format: format, peers: ["Ada", "Ben"]).run().rolesOfNobody == [.observer]
        )
        format.pods.largest = 2
        let result = Rehearsal(format: format, peers: ["Ada", "Ben"]).run()
        #expect(result.deadEnds == [.roleOfNobody(.observer)])
    }

    @Test func `a phase in which only somebody speaks who is not there is a dead end`() throws {
        var format = try format("triad")
        format.round[3].parts[1].kinds = []
        let pair = Rehearsal(format: format, peers: Array(Self.names.prefix(2))).run()
        #expect(pair.deadEnds == [.nobodySpeaks(phase: "Feedback from who observed")])
        let three = Rehearsal(format: format, peers: Array(Self.names.prefix(3))).run()
        #expect(three.deadEnds == [])
    }

    @Test func `what is held or asked for is no dead end, with a facilitator or without`() throws {
        var format = try format("triad")
        for phase in format.round.indices {
            format.round[phase].isHeld = phase % 2 == 0
            for part in format.round[phase].parts.indices {
                let kinds = format.round[phase].parts[part].kinds.filter { $0 != .note }
                format.round[phase].parts[part].must = kinds.isEmpty ? nil : [kinds[0]]
            }
        }
        #expect(format.mistakes == [])
        for facilitator in [nil, "Jonas"] {
            for medium in Medium.allCases {
                for count in 2...8 {
                    let result = Rehearsal(
                        format: format,
                        peers: Array(Self.names.prefix(count)),
                        facilitator: facilitator,
                        medium: medium
                    ).run()
                    #expect(result.deadEnds == [])
                    #expect(result.clients.count == count)
                }
            }
        }
    }

    @Test func `time that does not fit and nobody who may start are told`() throws {
        var short = try rehearsal("triad", 3)
        short.until = short.from.adding(milliseconds: 60_000)
        #expect(short.run().deadEnds == [.noStart(.timeDoesNotFit)])
        var alone = try rehearsal("triad", 3)
        for name in alone.peers { alone.absences[name] = 0 }
        #expect(alone.run().deadEnds == [.noStart(.notPresent)])
    }

    @Test func `who never came has no turn and is no dead end`() throws {
        var rehearsal = try rehearsal("triad", 4)
        rehearsal.absences["Peer 4"] = 0
        let result = rehearsal.run()
        #expect(result.deadEnds == [])
        #expect(result.clients.map(\.name).sorted() == ["Peer 1", "Peer 2", "Peer 3"])
    }

    @Test func `a rehearsal takes well under a second`() throws {
        let longest = try rehearsal("wise-crowds", 24)
        let time = processorTime { _ = longest.run() }
        #expect(time < .seconds(1), "\(time)")
    }
}
