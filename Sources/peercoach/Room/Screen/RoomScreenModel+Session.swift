// SPDX-License-Identifier: Apache-2.0
import CoachingFormats
import CoachingModel

// MARK: - Starting a session

extension RoomScreenModel {
    /// The formats that can be started by name.
    var formatNames: [String] { BuiltInFormats.names + programmeFormats }

    /// Shows what a session would be, and asks; a file is read first.
    mutating func start(_ rest: String) -> [RoomEffect] {
        if let refusal = cannotStart { return refusal }
        let wish: StartWish
        switch StartWish.read(rest, at: now, calendar) {
        case .success(let read): wish = read
        case .failure(let mistake):
            return refuses(mistake.sentence + " " + SlashCommand.start.usage)
        }
        if FormatChoice.isFile(wish.format) { return [.readFormat(wish)] }
        if !wish.format.isEmpty, !SessionFormat.builtInNames.contains(wish.format.lowercased()) {
            // Only the server knows whether it is one of the programme's, and its newest version.
            return [.readFormat(wish)]
        }
        let format: SessionFormat?
        do {
            format = try BuiltInFormats.format(named: wish.format.lowercased())
        } catch { format = nil }
        guard let format else {
            return refuses(
                "Which format? /start \(formatNames[0]), or another one: the Tab key lists "
                    + "them, peercoach formats explains them."
            )
        }
        return offerSession(wish, format, file: nil)
    }

    /// Shows what a session with a format of one's own would be, or what is wrong with its file.
    mutating func formatRead(_ wish: StartWish, _ reading: FormatReading) -> [RoomEffect] {
        switch reading {
        case .format(let format):
            if let refusal = cannotStart { return refusal }
            let isFile = FormatChoice.isFile(wish.format)
            if !isFile { programmeFormats = Set(programmeFormats + [format.name]).sorted() }
            return offerSession(wish, format, file: isFile ? wish.format : nil)
        case .mistakes(let mistakes):
            return mistakes.flatMap { refuses("\(wish.format), \($0)") }
                + refuses(
                    "\(wish.format) cannot be run: \(Words.count(mistakes.count, "mistake")). "
                        + "Nothing has begun."
                )
        case .unreadable(let sentence): return refuses(sentence)
        case .unknown:
            programmeFormats.removeAll { $0 == wish.format.lowercased() }
            return refuses(
                "There is no format '\(wish.format)'. The Tab key lists them, or your own "
                    + "file: /start FILE.yaml"
            )
        }
    }

    /// Why the person cannot start a session now, whatever the format.
    private var cannotStart: [RoomEffect]? {
        if room.session != nil { return refuses("A session is running already. /plan shows it.") }
        if mayStart { return nil }
        if room.hasFacilitator { return refuses("\(chargeText) starts the session here.") }
        return refuses(
            room.hasAccepted(me)
                ? "You are away. /away again when you are back, then /start."
                : "First accept the agreement: /agreement"
        )
    }

    /// Shows the plan of a start that was refused, as it is by now.
    mutating func again(_ offer: SessionOffer) -> [RoomEffect] { offerSession(offer) }

    private mutating func offerSession(
        _ wish: StartWish,
        _ format: SessionFormat,
        file: String?
    ) -> [RoomEffect] {
        offerSession(
            SessionOffer(
                format: format,
                file: file,
                medium: wish.medium ?? room.lastSession?.medium ?? .typed,
                until: wish.until,
                pace: wish.pace,
                purpose: statedPurpose,
                shown: []
            )
        )
    }

    private mutating func offerSession(_ wanted: SessionOffer) -> [RoomEffect] {
        let (format, medium) = (wanted.format, wanted.medium)
        let plan: SessionPlan
        do throws(RoomRejection) {
            plan = try room.preview(
                format: format,
                until: wanted.until,
                pace: wanted.pace,
                at: now,
                medium: medium
            )
        } catch {
            return refuses(reason(error, format))
        }
        let spans = plan.timetable.spans(of: format, rounds: plan.rounds.count, from: now)
        let end = spans.last?.end ?? now
        let rounds = roundsText(plan.rounds.count)
        var lines = [
            system(
                "\(format.title), \(Words.medium(medium)), \(rounds), \(Words.clock(now, calendar)) "
                    + "to \(Words.clock(end, calendar)). Nothing has begun yet.",
                "plan"
            ),
            system(mediumText(medium)),
        ]
        lines.append(purposeText(wanted.purpose))
        if let file = wanted.file {
            lines.append(
                system(
                    "The format is your own: \(format.name), version \(format.version), from "
                        + "\(file)."
                )
            )
        }
        var lastRound: Int?
        for span in spans {
            if let round = span.round {
                if round != lastRound, plan.rounds.indices.contains(round - 1) {
                    lastRound = round
                    let pods = plan.rounds[round - 1].map { podText($0, format) }.joined(
                        separator: "; "
                    )
                    lines.append(
                        planLine(span.start, "Round \(round) of \(plan.rounds.count): \(pods)")
                    )
                }
                if round == 1 {
                    let title = span.label.split(separator: ": ", maxSplits: 1).last ?? ""
                    lines.append(planLine(span.start, "   \(title)"))
                }
            } else {
                lines.append(planLine(span.start, span.label))
            }
        }
        let missing = room.members.filter {
            $0.membership == .peer && !room.present.contains($0.person)
        }
        if !missing.isEmpty {
            lines.append(
                system(
                    "Without \(Words.list(missing.map(\.name))), not here: /present NAME [phone]"
                )
            )
        }
        var offer = wanted
        offer.shown = plan.rounds
        return lines.map { .show($0) } + ask(.start(offer))
    }

    private func planLine(_ at: Timestamp, _ text: String) -> RoomLine {
        system(
            "  \(Words.clock(at, calendar))  \(text)",
            "plan",
            [.init("starts", .string(Words.stamp(at)))]
        )
    }

    private func reason(_ rule: RoomRejection, _ format: SessionFormat) -> String {
        switch rule {
        case .tooFewPresent:
            let here = room.present.map { nameOrYou($0) }
            let least = format.pods.smallest <= 2 ? "Two" : "\(format.pods.smallest)"
            return "Too few people are here for it: \(Words.list(here)). \(least) at least must "
                + "be here and have accepted the agreement."
        case .timeDoesNotFit:
            return "The time until then is too short or too long for \(format.title) with "
                + "\(Words.count(room.present.count, "person", "people")). Without 'until' it "
                + "takes its own minutes."
        default: return PlanWords.reason(rule, format) ?? "This cannot be started with who is here."
        }
    }
}

/// What somebody typed after `/start`.
struct StartWish: Hashable, Sendable {
    /// A name, or the path of a file.
    var format = ""
    var until: Timestamp?
    var medium: Medium?
    var pace: UInt16 = 1

    /// Why it cannot be understood.
    struct Mistake: Error, Hashable {
        var sentence: String
    }

    static func read(
        _ text: String,
        at now: Timestamp,
        _ calendar: WallCalendar
    ) -> Result<StartWish, Mistake> {
        var wish = StartWish()
        var text = text.trimmingSpaces[...]
        // A path with spaces stands in quotes.
        if text.first == "\"", let end = text.dropFirst().firstIndex(of: "\"") {
            wish.format = String(text[text.index(after: text.startIndex)..<end])
            text = text[text.index(after: end)...]
        } else {
            wish.format = String(text.prefix { !$0.isWhitespace })
            text = text.dropFirst(wish.format.count)
        }
        var words = text.split(whereSeparator: \.isWhitespace).map(String.init)[...]
        while let word = words.popFirst()?.lowercased() {
            switch word {
            case "typed": wish.medium = .typed
            case "spoken": wish.medium = .spoken
            case "until":
                guard let time = words.popFirst(),
                    let until = Moment(now: now, calendar: calendar).time(time), until > now
                else {
                    return .failure(Mistake(sentence: "Until when? A clock time such as 15:30."))
                }
                wish.until = until
            case "pace":
                guard let number = words.popFirst().flatMap({ UInt16($0) }), number > 0 else {
                    return .failure(Mistake(sentence: "The pace is a number from 1."))
                }
                wish.pace = number
            default: return .failure(Mistake(sentence: "'\(word)' is not understood."))
            }
        }
        return .success(wish)
    }
}

// MARK: - The running session

extension RoomScreenModel {
    /// The rounds by the clock.
    func plan() -> [RoomEffect] {
        guard let session = room.session else { return refuses("No session is running.") }
        var lines = [
            system(
                "\(session.format.title), \(Words.medium(session.medium)), since "
                    + "\(clock(session.startedAt)).",
                "plan"
            )
        ]
        if session.format.hasNoRounds {
            let titles = session.format.opening.map(\.title).joined(separator: ", ")
            lines.append(system("  All together: \(titles)", "plan"))
        }
        for planned in room.plannedRounds {
            let pods = planned.pods.map { podText($0) }.joined(separator: "; ")
            let isNow = planned.round == Int(session.place.round) ? "   (now)" : ""
            lines.append(
                system(
                    "  \(clock(planned.start)) to \(clock(planned.end))  Round \(planned.round): "
                        + "\(pods)\(isNow)",
                    "plan",
                    [
                        .init("round", JSON(planned.round)),
                        .init("starts", .string(Words.stamp(planned.start))),
                        .init("ends", .string(Words.stamp(planned.end))),
                    ]
                )
            )
        }
        if !session.format.closing.isEmpty {
            lines.append(
                system(
                    "  then  " + session.format.closing.map(\.title).joined(separator: ", "),
                    "plan"
                )
            )
        }
        return lines.map { .show($0) }
    }

    mutating func clockCommand(_ command: SlashCommand, _ rest: String) -> [RoomEffect] {
        guard room.session != nil else { return refuses("No session is running.") }
        guard room.isInCharge(me) || command == .resume && room.mayResume(me) else {
            return refuses("Not done: \(chargeText) keeps the time. /stop is everybody's.")
        }
        switch command {
        case .pause: return [.act(.pause)]
        case .resume: return [.act(.resume)]
        case .skip: return [.act(.skip)]
        case .back:
            return room.session?.hasEarlierPhase != true
                ? refuses("Not done: there is no phase before this one to go back to.")
                : [.act(.back)]
        case .end: return ask(.end)
        default: break
        }
        guard let minutes = Int64(rest), (1...240).contains(minutes) else {
            return refuses("By how many minutes? /extend 5 (240 at most)")
        }
        return [.act(.extend(milliseconds: minutes * 60_000))]
    }

    /// Closes the view; who goes while no session runs is away.
    mutating func quit() -> [RoomEffect] {
        let waits = held.count + kept.count
        if waits > 0, !wasWarnedOfLoss {
            wasWarnedOfLoss = true
            return refuses(
                "Not closed: \(Words.count(waits, "line")) did not go and would be lost. /retry or "
                    + "/drop, or /quit again."
            )
        }
        isLeaving = true
        var effects: [RoomEffect] = []
        let isHere = stage == .inside && room.presence(of: me) != .away
        if room.session == nil, isHere, link == .online {
            effects.append(.act(.attend(me, .away)))
        } else if isRehearsal {
            effects += says("The rehearsal is over. Nothing of it left this machine or is kept.")
        } else if room.session != nil {
            effects.append(
                .show(
                    system(
                        "The session goes on and you keep your place in it: "
                            + "peercoach room \(roomName) brings you back."
                    )
                )
            )
        }
        return effects + [.leave]
    }
}
