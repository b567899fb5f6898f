// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingSeal
import CoachingWire

// What a facilitator does from outside the room; inside it is the same with a slash.

extension SessionCommand {
    struct Give: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give somebody the floor, or take it back. For facilitators.",
            discussion: """
                All others wait then, in whatever order the phase speaks, until they are done or
                you take it back. Nobody has to take it: who passes is not given it again in this
                phase, unless they ask.
                """
        )
        @Argument(help: "To whom; without a name it is taken back.")
        var name: String?
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom { session, room in
                    var calls: [FloorCall] = []
                    if let name {
                        let person = try opened.member(name, of: room).person
                        calls = [FloorCall(wish: .give, person: person)]
                    } else {
                        calls = room.givenTheFloor.map { FloorCall(wish: .take, person: $0) }
                        if calls.isEmpty {
                            throw ClientError(.refused, "Nobody was given the floor.")
                        }
                    }
                    for call in calls { try await session.act(.floor(call)) }
                    opened.status(of: try await session.state())
                }
            }
        }
    }

    struct Mute: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Mute somebody until the phase ends. For facilitators.",
            discussion: """
                They alone read why. Their notes, lines to one person, passing and stopping the
                clock stay theirs.
                """
        )
        @Argument(help: "Whom.")
        var name: String
        @Argument(help: "Why, in one line.")
        var why: [String] = []
        @Flag(help: "Let them speak again before the phase ends.")
        var off = false
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard off == why.isEmpty else {
                throw ValidationError("Say why, or --off; they alone read it.")
            }
        }

        func run() async throws {
            try await withClient(options) { opened in
                let words = ["Why you are muted:"] + why
                let body = off ? nil : try await LineText.body(words, due: nil, now: opened.now)
                try await opened.inRoom { session, room in
                    let member = try opened.member(name, of: room)
                    try await session.act(.mute(Muted(person: member.person, isMuted: !off)))
                    if let body {
                        let key = TranscriptKey.between(opened.me, member.person)
                        try await opened.post(body, .say, to: key, session)
                    }
                    opened.output.put(
                        off
                            ? "\(member.name) can speak again."
                            : "\(member.name) is muted until this phase ends.",
                        ["type": "muted", "name": .string(member.name), "muted": .bool(!off)]
                    )
                }
            }
        }
    }

    struct ShutRoom: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "shut",
            abstract: "Let nobody else in, until the room is opened again. For facilitators."
        )
        @Flag(help: "Open it again.")
        var open = false
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom { session, _ in
                    try await session.act(.shut(Shut(isShut: !open)))
                    opened.output.put(
                        open
                            ? "\(session.name) is open."
                            : "\(session.name) is shut: nobody else comes in.",
                        ["type": "shut", "room": .string(session.name), "shut": .bool(!open)]
                    )
                }
            }
        }
    }

    struct Relocate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "regroup",
            abstract: "Put somebody into another pod, from the next round on. For facilitators."
        )
        @Argument(help: "Whom.")
        var name: String
        @Argument(help: "The pod: its number, or somebody who works in it.")
        var pod: String
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom { session, room in
                    guard let running = room.session else {
                        throw ClientError(.refused, "No session is running.")
                    }
                    let person = try opened.member(name, of: room).person
                    let choice = opened.pods(PodChoice.toCome(running), room)
                    let into = try opened.pod(pod, of: choice, room)
                    try await session.act(.move(PodWish(person: person, pod: into.number)))
                    let after = try await session.state()
                    if let drawing = PlanDrawing(running: after) { opened.show(drawing) }
                }
            }
        }
    }

    struct Tell: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say something to all, or to each of one pod alone. For facilitators."
        )
        @Argument(help: "The pod: its number, or somebody who works in it; or all.")
        var pod: String
        @Argument(help: "The text; - reads the standard input.")
        var text: [String]
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                let body = try await LineText.body(text, due: nil, now: opened.now)
                try await opened.inRoom { session, room in
                    guard room.membership(of: opened.me) == .facilitator else {
                        throw ClientError(.refused, "Only a facilitator tells a pod something.")
                    }
                    if pod.lowercased() == "all" {
                        return try await opened.post(body, .say, to: .room, session)
                    }
                    let open = room.session.map { PodChoice.now($0) } ?? []
                    guard !open.isEmpty else {
                        throw ClientError(
                            .refused,
                            "No pod works now.",
                            hint: "peercoach session tell all TEXT"
                        )
                    }
                    let into = try opened.pod(pod, of: opened.pods(open, room), room)
                    var marked = body
                    marked.text = RoomScreenModel.podMark + body.text
                    for person in into.people where room.membership(of: person) != nil {
                        try await opened.post(
                            marked,
                            .say,
                            to: .between(opened.me, person),
                            session
                        )
                    }
                }
            }
        }
    }
}

extension SessionCommand {
    struct CallFacilitator: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "come",
            abstract: "Ask the facilitator to come to your pod.",
            discussion: """
                They are told which pod calls, and who asked. Coming to read along still takes the
                yes of who is client in your turn.
                """
        )
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom(depth: .everything) { session, room in
                    guard let turn = room.turn(of: opened.me)?.turn else {
                        throw ClientError(.refused, "Nobody works in pods now.")
                    }
                    try await session.act(.callFacilitator(TurnPlace(turn.id)))
                    opened.output.put(
                        "Asked.",
                        ["type": "call", "pod": JSON(PodChoice.shown(turn.pod.number))]
                    )
                }
            }
        }
    }
}

extension Opened {
    fileprivate func pods(_ pods: [Pod], _ room: Room) -> PodChoice {
        PodChoice(pods: pods) { room.shownName($0) }
    }

    /// Finds the pod that was typed.
    fileprivate func pod(
        _ typed: String,
        of choice: PodChoice,
        _ room: Room
    ) throws -> Pod {
        if let pod = choice.pod(numbered: typed) { return pod }
        let there = room.members.filter { choice.pod(of: $0.person) != nil }
        let found = try? NameMatch.find(typed, among: there, what: "member") { $0.name }
        guard let found, let pod = choice.pod(of: found.person) else {
            throw ClientError(
                .noSuchName,
                "There is no such pod.",
                hint: choice.pods.isEmpty ? "No round is to come." : "Pods: \(choice.text)."
            )
        }
        return pod
    }
}

extension SessionCommand {
    struct VisitPod: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "visit",
            abstract: "Read a pod's turn for a while, where its client says yes.",
            discussion: """
                A facilitator asks; who is coached in that turn allows it or not. What was written
                before is not read, and the visitor writes nothing there. It ends with the turn,
                or when either of them says --end.
                """
        )
        @Argument(help: "The pod: its number, or somebody who works in it.")
        var pod: String?
        @Flag(help: "Say yes to the facilitator who asks to visit your turn.")
        var allow = false
        @Flag(help: "End the visit, or say no to it.")
        var end = false
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard [pod != nil, allow, end].count(where: { $0 }) == 1 else {
                throw ValidationError("Name a pod, or say --allow or --end.")
            }
        }

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom(depth: .everything) { session, room in
                    let open = room.session?.openTurns ?? []
                    guard !open.isEmpty else {
                        throw ClientError(.refused, "No pod works now.")
                    }
                    if let pod {
                        let choice = opened.pods(open.map(\.pod), room)
                        let into = try opened.pod(pod, of: choice, room)
                        guard let turn = open.first(where: { $0.pod.number == into.number }) else {
                            throw ClientError(.noSuchName, "There is no such pod.")
                        }
                        try await session.act(.askVisit(TurnPlace(turn.id)))
                        let client = room.shownName(turn.pod.client)
                        return opened.visit("Asked. \(client) decides.", "asked")
                    }
                    let own = room.turn(of: opened.me)?.turn
                    if allow {
                        guard let own, let request = room.visitRequest(own.id) else {
                            throw ClientError(.refused, "Nobody asks to visit your turn now.")
                        }
                        let who = room.shownName(request.visitor)
                        try await opened.asking.require(
                            "Let \(who) read what is written in your turn from now on?"
                        )
                        try await session.allowVisit(own.id)
                        return opened.visit("\(who) visits.", "allowed")
                    }
                    guard let turn = own ?? room.visited(by: opened.me) else {
                        throw ClientError(.refused, "There is no visit that is yours to end.")
                    }
                    try await session.act(.endVisit(TurnPlace(turn.id)))
                    opened.visit("Ended.", "ended")
                }
            }
        }
    }
}

extension Opened {
    fileprivate func visit(_ text: String, _ state: String) {
        output.put(text, ["type": "visit", "state": .string(state)])
    }
}
