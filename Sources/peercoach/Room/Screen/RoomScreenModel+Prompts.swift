// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingTerminal

// Questions that are answered without names.
extension RoomScreenModel {
    /// The prompts that the person may answer and has not answered in this view, latest last.
    var answerable: [PromptID] {
        room.openPrompts.filter { prompt in
            guard let key = room.key(of: prompt) else { return false }
            return !answered.contains(prompt) && room.isInAudience(of: key, me)
        }
    }

    /// The prompts of one's own that are open, latest last.
    var ownPrompts: [PromptID] { room.openPrompts.filter { room.prompts[$0]?.asker == me } }

    /// Asks everybody without names, or closes what one has asked so.
    mutating func prompt(_ rest: String) -> [RoomEffect] {
        if rest.lowercased() == "end" {
            guard let prompt = ownPrompts.last else {
                return refuses("Nothing that you asked without names is open.")
            }
            return [.act(.endPrompt(prompt))]
        }
        var (key, text) = (TranscriptKey.room, rest)
        let (option, after) = rest.headAndRest
        if option == "--to" {
            let (who, question) = after.headAndRest
            switch who.lowercased() {
            case "room": key = .room
            case "peers": key = .peers
            default: return refuses("Who is asked without names? /prompt --to peers TEXT")
            }
            text = question
        }
        guard !text.isEmpty else { return refuses("Type it all: \(SlashCommand.prompt.usage)") }
        guard text.utf8.count <= Self.textBytesMax else {
            return refuses("Not asked: the question is too long.")
        }
        // Whoever was let in since the line began is not asked unseen.
        let readers = (draft?.room ?? room).audience(of: key)
        guard readers.contains(me) else {
            return refuses("Not asked: only peers read there. /prompt TEXT asks everyone.")
        }
        guard readers.count >= RoomLimits.answersLeast else {
            return refuses(
                "Not asked: only \(readers.count) could answer, so answers would tell who wrote "
                    + "them. Without names it takes \(RoomLimits.answersLeast)."
            )
        }
        return [.act(.prompt(text, key.scope, readers: readers))]
    }

    /// Answers what was asked last, without one's name.
    func unnamed(_ text: String) -> [RoomEffect] {
        guard !text.isEmpty else { return refuses("Type it all: \(SlashCommand.unnamed.usage)") }
        guard let prompt = answerable.last else {
            return refuses("Nothing is asked without names that you have not answered.")
        }
        return [.act(.answer(prompt, text))]
    }

    /// Says that something was done that the room's log does not tell.
    mutating func done(_ deed: RoomDeed) -> [RoomEffect] {
        switch deed {
        case .prompt(_, let scope, let readers):
            let ends = ownPrompts.last.flatMap { room.prompts[$0]?.ends }
            let until = ends.map { ", until \(Words.moment($0, now: now, calendar))" } ?? ""
            let who = scope == .peers ? "the peers" : "everyone"
            return [
                .show(
                    RoomLine(
                        at: now,
                        lead: .sent,
                        text: "Asked \(who) in \(roomName) without names: "
                            + "\(readers.count) can answer, you too\(until). "
                            + "/prompt end closes it.",
                        type: "asked"
                    )
                )
            ]
        case .answer(let prompt, _):
            answered.insert(prompt)
            return [
                .show(
                    RoomLine(
                        at: now,
                        lead: .sent,
                        text: "Kept sealed, without your name, until \(asked(prompt)) is closed.",
                        type: "answered"
                    )
                )
            ]
        default: return []
        }
    }

    /// Names what was asked.
    private func asked(_ prompt: PromptID) -> String {
        guard let asker = room.prompts[prompt]?.asker else { return "what was asked" }
        return asker == me ? "what you asked" : "what \(name(asker)) asked"
    }

    /// Says how to answer, and what becomes of it, before anything is written.
    func invitation(_ line: HeardLine) -> [RoomEffect] {
        guard case .prompt(let prompt, _) = line.key, line.kind == .ask,
            let state = room.prompts[prompt], answerable.contains(prompt)
        else { return [] }
        let least = RoomLimits.answersLeast
        return [
            .show(
                offer(
                    "/unnamed TEXT answers once, without your name, until "
                        + "\(Words.moment(state.ends, now: now, calendar)). "
                        + "\(state.asked.count) can answer; shown all at once when it closes, if "
                        + "at least \(least) did. It cannot be taken back."
                )
            )
        ]
    }

    /// Says how a prompt ended.
    func promptClosed(_ closed: PromptClosed, _ before: Room) -> [RoomLine] {
        guard let state = before.prompts[closed.prompt], state.isOpen else { return [] }
        let what = asked(closed.prompt)
        let facts: [JSON.Field] = [.init("answers", JSON(closed.answers))]
        guard closed.answers > 0 else {
            return [
                system(
                    "Closed: fewer than \(RoomLimits.answersLeast) answered \(what). "
                        + "The answers were thrown away; nobody has read them.",
                    "promptClosed",
                    facts
                )
            ]
        }
        return [
            system(
                "Closed: \(Words.count(closed.answers, "answer")) to \(what), in no order of time:",
                "promptClosed",
                facts
            )
        ]
    }

    /// Shows an answer without a name.
    func unnamedLine(_ line: HeardLine) -> RoomLine {
        RoomLine(
            at: line.at,
            lead: .scope("\(Words.scope(line.key.scope)), without a name"),
            text: line.text ?? "(cannot be read here)",
            type: "line",
            facts: [
                .init("scope", .string("\(line.key.scope)")), .init("unnamed", true),
                .init("kind", .string(Words.kind(line.kind))), .init("number", JSON(line.number)),
                .init("text", JSON(line.text)),
            ]
        )
    }
}

extension HeardLine {
    /// Whether it is an answer without a name.
    var isUnnamed: Bool { author == nil && kind == .answer && key.isPrompt }
}
