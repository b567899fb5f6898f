// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

/// Tries every order of up to four commands by three members.
struct RoomExhaustiveTests {
    typealias Stage = RoomStage

    private struct Step {
        var number: Int?
        var command: (Stage) -> RoomCommand
        var seconds: Int64 = 0
    }

    private func steps(of people: [Int]) -> [Step] {
        var steps: [Step] = [
            Step(number: nil, command: { _ in .wake }, seconds: 121),
            Step(number: nil, command: { _ in .wake }, seconds: -100),
            Step(
                number: nil,
                command: { .awoke(awaySince: $0.now.adding(milliseconds: -70_000)) },
                seconds: 70
            ),
        ]
        for number in people {
            let person = Stage.person(number)
            steps.append(Step(number: number, command: { _ in .attend(person, .away) }))
            steps.append(Step(number: number, command: { _ in .attend(person, .phone) }))
            steps.append(Step(number: number, command: { $0.start($0.room.sessions.count + 1) }))
            for command: RoomCommand in [.pause, .resume, .extend(30_000), .skip, .end] {
                steps.append(Step(number: number, command: { _ in command }))
            }
            steps.append(
                Step(
                    number: number,
                    command: { .exclude(person, .left, marks: $0.marks(excluding: person)) }
                )
            )
            steps.append(
                Step(
                    number: number,
                    command: { stage in
                        .proposeAgreement(
                            Stage.agreement((stage.room.agreementInForce?.version ?? 0) + 1)
                        )
                    }
                )
            )
            steps.append(
                Step(
                    number: number,
                    command: { stage in
                        .acceptAgreement(
                            stage.room.agreementProposed ?? stage.room.agreementInForce
                                ?? Stage.agreement(1)
                        )
                    }
                )
            )
        }
        return steps
    }

    @Test(arguments: [false, true], [false, true])
    func `every order of four commands keeps the room sound`(moderated: Bool, running: Bool) throws
    {
        var stage =
            moderated
            ? try Stage.ready(peers: 2, facilitators: 1) : try Stage.ready(peers: 3)
        let people = moderated ? [1, 2, 90] : [1, 2, 3]
        if running {
            try stage.ask(stage.start(1, format: Stage.rounds), by: moderated ? 90 : 1)
            stage.log = []
        }
        let steps = steps(of: people)
        let genesis = stage.room
        var known: Set<Room> = [stage.room]
        var frontier = [stage]
        for _ in 1...4 {
            var next: [Stage] = []
            for before in frontier {
                for step in steps {
                    var stage = before
                    stage.pass(seconds: step.seconds)
                    let actor = step.number.map { stage.actor($0) } ?? .server
                    do throws(RoomRejection) {
                        guard try !stage.ask(step.command(stage), as: actor).isEmpty else {
                            continue
                        }
                    } catch { continue }
                    guard known.insert(stage.room).inserted else { continue }
                    RoomInvariants.check(stage.room, after: before.room)
                    next.append(stage)
                }
            }
            frontier = next
        }
        #expect(known.count > 1_000)
        // What the last orders made follows from their records alone, and comes to an end.
        for (index, stage) in frontier.enumerated() where index % 37 == 0 {
            var replayed = genesis
            for record in stage.log.suffix(Int(stage.room.position - genesis.position)) {
                replayed.evolve(record)
            }
            #expect(replayed == stage.room)
            RoomInvariants.checkThatItEnds(stage)
        }
    }
}

/// What holds in every room that commands can lead to.
enum RoomInvariants {
    static func check(_ room: Room, after before: Room) {
        #expect(room.lastAt >= before.lastAt)
        #expect(room.position > before.position)
        if let session = room.session {
            #expect((session.ends == nil) != (session.left == nil))
            let open = session.openTurns
            #expect(open.allSatisfy { $0.round == session.place.round })
            let seated = open.flatMap(\.pod.people)
            #expect(Set(seated).count == seated.count)
            #expect(open.allSatisfy { room.membership(of: $0.pod.client) != nil })
            #expect(
                open.allSatisfy { $0.pod.coaches.contains { room.membership(of: $0) != nil } }
            )
            // Nobody is client twice but who was given another one's whole turn.
            let given = Set(
                room.deviations.filter { $0.isAgreed && $0.terms.minutes == nil }.map(\.terms.more)
            )
            let planned = session.started.plan.rounds.joined().map(\.client)
            let clients = session.turns.values.map(\.turn.pod.client)
            for client in Set(clients) where clients.count(where: { $0 == client }) > 1 {
                let wasGiven = planned.count { $0 == client } > 1
                #expect(wasGiven || given.contains(client))
            }
            #expect(room.members.contains { $0.membership == .peer })
            #expect(room.members.contains { room.isInCharge($0.person) })
        } else {
            #expect(room.nextWake == nil)
        }
        for person in room.present {
            #expect(room.hasAccepted(person))
            #expect(room.membership(of: person) == .peer)
        }
    }

    /// Checks that the session ends by waking alone, and where its clock stands after somebody in
    /// charge let it go on.
    static func checkThatItEnds(_ stage: RoomStage) {
        var stage = stage
        for _ in 0..<1_000 {
            guard stage.room.session != nil else { return }
            do throws(RoomRejection) {
                if let next = stage.room.nextWake {
                    stage.now = max(stage.now, next)
                    #expect(try stage.ask(.wake, as: .server).count > 0)
                } else {
                    let acting = stage.room.members.first {
                        stage.room.isInCharge($0.person)
                            && !stage.room.devices(of: $0.person).isEmpty
                    }
                    guard let acting else {
                        Issue.record("nobody is in charge of a session whose clock stands")
                        return
                    }
                    try stage.ask(.resume, by: RoomStage.number(of: acting.person))
                }
            } catch {
                Issue.record("refused: \(error)")
                return
            }
        }
        Issue.record("the session does not end")
    }
}
