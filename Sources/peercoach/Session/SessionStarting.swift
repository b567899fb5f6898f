// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import CoachingClient
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire

struct SessionStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Plan the rounds for those who are here, show them, and start.",
        discussion: """
            Nothing begins before the plan was shown and you said yes. FORMAT is a name from
            peercoach formats, or a YAML file of your own (FILE.yaml, or a path with a slash); the
            session keeps the format as it is now, whatever becomes of the file.
            """
    )

    @Argument(help: "The format.")
    var format: String
    @Option(help: "How you talk: typed or spoken. It is never assumed.")
    var medium: MediumChoice
    @Option(help: "When it ends, such as 15:30; otherwise the format's own minutes.")
    var until: String?
    @Option(help: "What it is for; everyone in the room reads it.")
    var purpose: String?
    @Option(help: "What shall be there at its end.")
    var result: String?
    @Option(help: "By how much minutes are divided, for trying things out.")
    var pace: UInt16 = 1
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard Timetable.paces.contains(pace) else {
            throw ValidationError("The pace is 1 to \(Timetable.paces.upperBound).")
        }
        guard (purpose == nil) == (result == nil) else {
            throw ValidationError("--purpose and --result belong together.")
        }
        if purpose != nil, text == nil {
            throw ValidationError("Say what it is for, and what shall be there at its end.")
        }
    }

    /// What it is for, in one text.
    private var text: String? { StatedPurpose.text(purpose ?? "", result ?? "") }

    func run() async throws {
        try await withClient(options) { opened in
            let format = try await FormatChoice.find(format, opened)
            let end = try end(opened.now)
            try await opened.inRoom { session, room in
                let plan = try opened.preview(room, format, end, pace, medium.medium)
                opened.show(
                    PlanDrawing(preview: plan, format, medium.medium, room, at: opened.now)
                )
                if let text { opened.output.line(StatedPurpose.shown(text)) }
                try await opened.asking.require("Start this for everybody?")
                if let text {
                    try await session.post(
                        EntryBody(text: text, paper: .purpose),
                        kind: .paper,
                        to: .room,
                        shown: Set(room.audience(of: .room))
                    )
                }
                try await session.act(
                    .start(
                        SessionStart(
                            session: SessionID(opened.randomBytes()),
                            format: format,
                            medium: medium.medium,
                            until: end,
                            pace: pace,
                            purpose: text.map { Hashing.hash(Array($0.utf8)) },
                            shown: plan.rounds
                        )
                    )
                )
                opened.status(of: try await session.state())
            }
        }
    }

    private func end(_ now: Timestamp) throws(ClientError) -> Timestamp? {
        guard let until else { return nil }
        guard let end = Moment(now: now).time(until) else {
            throw ClientError(
                .usage,
                "'\(until)' is no time that can be read.",
                hint: "Such as 15:30."
            )
        }
        guard end > now else { throw ClientError(.usage, "\(until) is over already.") }
        return end
    }
}

/// How people talk, as it is typed.
enum MediumChoice: String, ExpressibleByArgument, CaseIterable, Sendable {
    case typed
    case spoken

    var medium: Medium { self == .typed ? .typed : .spoken }
}

extension Opened {
    /// 16 random bytes.
    func randomBytes() -> Bytes16 {
        Bytes16(high: client.environment.draw(), low: client.environment.draw())
    }

    /// Plans a session for those who are here, by the rules that the server goes by.
    func preview(
        _ room: Room,
        _ format: SessionFormat,
        _ until: Timestamp?,
        _ pace: UInt16,
        _ medium: Medium
    ) throws(ClientError) -> SessionPlan {
        guard room.session == nil else {
            throw ClientError(.refused, "A session is running already.")
        }
        let here = room.present.map { room.shownName($0) }
        do {
            return try room.preview(
                format: format,
                until: until,
                pace: pace,
                at: now,
                medium: medium
            )
        } catch {
            throw ClientError(
                .refused,
                Self.sentence(error, room, format, until, pace, now),
                hint: here.isEmpty
                    ? "Nobody is here: they open the room, or say peercoach present."
                    : "Here: \(Words.list(here))."
            )
        }
    }

    private static func sentence(
        _ rejection: RoomRejection,
        _ room: Room,
        _ format: SessionFormat,
        _ until: Timestamp?,
        _ pace: UInt16,
        _ now: Timestamp
    ) -> String {
        if let reason = PlanWords.reason(rejection, format) { return reason }
        do throws(PlanRefusal) {
            let rounds = try RotationPlanner.plan(
                present: room.present,
                of: format,
                history: room.history
            )
            _ = try Timetable.fit(
                format: format,
                rounds: rounds.count,
                from: now,
                until: until,
                pace: pace
            )
            return rejection == .formatInvalid
                ? "This format cannot be run." : "This cannot be planned."
        } catch {
            return "It cannot be planned: \(error.description)."
        }
    }
}

/// Why a session cannot be planned, where it is not for the number of people or minutes.
enum PlanWords {
    /// Gives a sentence; `nil` for any other reason.
    static func reason(_ rule: RoomRejection, _ format: SessionFormat) -> String? {
        let before = format.follows?.before ?? ""
        return switch rule {
        case .meetingBeforeMissing:
            "\(format.title) goes on from a meeting of \(before), with the same people in the same "
                + "roles. None was held that still waits for it: start \(before) first."
        case .pairsNotPresent:
            "\(format.title) goes on with those who were together in \(before), and none of these "
                + "pairs is here."
        default: nil
        }
    }
}
