// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingModel
import CoachingWire

struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "The session that runs, its plan and its clock.",
        subcommands: [
            Status.self, Plan.self, Recap.self, SessionStartCommand.self, Next.self, Pause.self,
            Resume.self, Extend.self, End.self, Handover.self,
            Schedule.self, MoveMeeting.self, Ready.self, Pass.self, AskFloor.self,
            Stop.self, Back.self, Give.self, Mute.self, ShutRoom.self, Relocate.self, Tell.self,
            VisitPod.self, CallFacilitator.self,
        ],
        defaultSubcommand: Status.self
    )

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What goes on now, and what is yours to do."
        )
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom { _, room in opened.status(of: room) }
            }
        }
    }

    struct Plan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The rounds with their clock times, pods and roles."
        )
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await withClient(options) { opened in
                try await opened.inRoom { _, room in
                    guard let drawing = PlanDrawing(running: room) else {
                        throw ClientError(.refused, "No session is running.")
                    }
                    opened.show(drawing)
                }
            }
        }
    }

    struct Next: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End the phase now and go on with the next.",
            aliases: ["skip"]
        )
        @OptionGroup var options: GlobalOptions

        func run() async throws { try await Opened.clock(options, .skip) }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Stop the clock.")
        @OptionGroup var options: GlobalOptions

        func run() async throws { try await Opened.clock(options, .pause) }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let the clock go on.")
        @OptionGroup var options: GlobalOptions

        func run() async throws { try await Opened.clock(options, .resume) }
    }

    struct Extend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give the phase more minutes."
        )
        @Argument(help: "How many minutes, 1 to 240.")
        var minutes: Int
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard (1...240).contains(minutes) else {
                throw ValidationError("A phase gets 1 to 240 minutes more.")
            }
        }

        func run() async throws {
            try await Opened.clock(options, .extend(Int64(minutes) * 60_000))
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End the session now.")
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            try await Opened.clock(options, .end, asking: "End the session now, for everybody?")
        }
    }
}

extension Opened {
    /// Asks something of the clock and tells how things stand afterwards.
    static func clock(
        _ options: GlobalOptions,
        _ act: RoomAct,
        asking question: String? = nil
    ) async throws {
        try await withClient(options) { opened in
            try await opened.inRoom { session, _ in
                if let question { try await opened.asking.require(question) }
                try await session.act(act)
                opened.status(of: try await session.state())
            }
        }
    }

    /// Prints a plan.
    func show(_ drawing: PlanDrawing) {
        for line in drawing.lines { output.line(line, indent: 9) }
        for object in drawing.objects { output.object(object) }
    }

    /// Tells what goes on in a room.
    func status(of room: Room) {
        guard let session = room.session else {
            let held = Words.count(room.sessionsHeld, "session")
            output.line("No session is running. \(held) so far.")
            if let last = room.lastSession {
                output.line("The last one ended \(Words.moment(last.ended, now: now)).")
            }
            let there = room.present.map { room.shownName($0) }
            output.line("Here now: \(Words.list(there)).")
            output.object(
                [
                    "type": "session", "running": false, "held": JSON(room.sessionsHeld),
                    "present": JSON(there),
                ])
            return
        }
        let place = place(session, room.course(of: me)?.place)
        output.line("\(session.format.title), \(Words.medium(session.medium)): \(place)")
        let course = room.course(of: me) ?? session.course(ofPod: .max)
        let left = course.clock.ends.map { end in
            "Until \(session.pace == 1 ? Words.clock(end) : Words.exactClock(end))."
        }
        output.line(left ?? stopped(course))
        let keepers = room.timekeepers.map { $0 == me ? "you" : room.shownName($0) }
        if !keepers.isEmpty { output.line("Who keeps the time: \(Words.list(keepers)).") }
        if let own = room.part(of: me) {
            let role = own.role == .everyone ? "" : ", as \(Words.role(own.role))"
            output.line("You\(role): \(sentence(own.part, room))", indent: 2)
        }
        for turn in session.openTurns {
            let labels = room.session?.format.labels
            let pod = PlanDrawing.sentence(turn.pod, labels) { room.shownName($0) }
            output.line("  \(pod)", indent: 4)
        }
        let calling = room.membership(of: me) == .facilitator ? room.callingTurns : []
        for turn in calling {
            guard let caller = turn.caller.map({ room.shownName($0) }) else { continue }
            let pod = PodChoice.shown(turn.turn.pod.number)
            output.line(
                "\(caller) asks you to come to pod \(pod): session visit \(pod), or session tell \(pod)"
            )
        }
        output.object(
            [
                "type": "session", "running": true, "number": JSON(room.sessions.count + 1),
                "format": .string(session.format.name),
                "medium": .string(Words.medium(session.medium)),
                "round": JSON(session.place.round), "rounds": JSON(session.plan.rounds.count),
                "phase": JSON(session.phase(at: course.place)?.name),
                "until": JSON(course.clock.ends.map { Words.stamp($0) }),
                "paused": .bool(course.clock.ends == nil && !course.clock.isInterrupted),
                "interrupted": .bool(course.clock.isInterrupted),
                "held": .bool(course.clock.isHeld), "through": .bool(course.isThrough),
                "role": JSON(room.part(of: me).map { Words.role($0.role) }),
                "host": JSON(session.host.map { room.shownName($0) }),
                "calling": .array(calling.map { JSON(PodChoice.shown($0.turn.pod.number)) }),
                "timekeepers": JSON(room.timekeepers.map { room.shownName($0) }),
            ])
    }

    private func place(_ session: RunningSession, _ own: PhasePlace?) -> String {
        let phase = session.phase(at: own ?? session.place)?.title ?? "between phases"
        if session.isTogether { return "\(phase), all together" }
        return "round \(session.place.round) of \(session.plan.rounds.count), \(phase)"
    }

    private func stopped(_ course: PodCourse) -> String {
        let left = Words.span(course.clock.left ?? 0)
        if course.isThrough { return "Your pod is through; the round ends when the others are." }
        if course.clock.isHeld {
            return "The time is up, and it goes on until peercoach session next."
        }
        return course.clock.isInterrupted
            ? "The server was away; \(left) are left. peercoach session resume goes on."
            : "The clock stands; \(left) are left. peercoach session resume goes on."
    }

    private func sentence(_ part: Part?, _ room: Room) -> String {
        guard let part, !part.sentence.isEmpty else { return "listen." }
        guard let pod = room.turn(of: me)?.turn.pod else { return part.sentence }
        return PhaseSentence.filled(part.sentence, pod) { room.shownName($0) }
    }
}

/// The sentences of formats.
enum PhaseSentence {
    /// Puts the names of a pod in the places of its roles, once, from left to right, so that a
    /// name that looks like a place stays a name.
    static func filled(_ sentence: String, _ pod: Pod, _ name: (PersonID) -> String) -> String {
        let places = [
            "{client}": name(pod.client),
            "{coach}": Words.list(pod.coaches.map(name)),
            "{observer}": Words.list(pod.observers.map(name)),
        ]
        var text = ""
        var rest = sentence[...]
        while let next = rest.first {
            if next == "{", let found = places.first(where: { rest.hasPrefix($0.key) }) {
                text += found.value
                rest = rest.dropFirst(found.key.count)
            } else {
                text.append(rest.removeFirst())
            }
        }
        return text
    }
}
