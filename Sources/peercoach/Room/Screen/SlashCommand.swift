// SPDX-License-Identifier: Apache-2.0
import CoachingFormats
import CoachingModel

/// What can be typed after a slash.
enum SlashCommand: String, CaseIterable, Hashable, Sendable {
    case note, turn, room, peers, to
    case ask, answer, reflect, suggest, offer, thanks, feedback, commit
    case who, plan, call, members, verify, history, agreement, help
    case start, pause, resume, extend, skip, end
    case ready, pass, floor, stop, back
    case present, absent, admit, remove, handover
    case yes, no, retry, drop, undo, away, clear, quit
    case breach
    case prompt, unnamed
    case assess, read, marks, heard, purpose
    case give, mute, shut, move, tell, visit, come
    case file
    case review, feel, journal
    case q

    /// How it is typed.
    var usage: String {
        switch self {
        case .note, .turn, .room, .peers: "/\(rawValue) [TEXT]"
        case .to: "/to NAME [TEXT]"
        case .answer: "/answer [N] TEXT"
        case .ask, .reflect, .suggest, .offer, .thanks: "/\(rawValue) TEXT"
        case .feedback: "/feedback [NAME] [TEXT]"
        case .commit: "/commit TEXT [by DATE]"
        case .history: "/history [N]"
        case .call: "/call [LINK]"
        case .verify: "/verify [NAME]"
        case .agreement: "/agreement [accept]"
        case .start: "/start FORMAT or FILE.yaml [until TIME] [typed or spoken]"
        case .extend: "/extend MINUTES"
        case .present: "/present NAME [phone]"
        case .absent: "/absent NAME"
        case .admit: "/admit [NAME]"
        case .remove: "/remove NAME"
        case .assess: "/assess NAME [TEXT]"
        case .read: "/read [NAME]"
        case .heard: "/heard NAME"
        case .purpose: "/purpose WHAT IT IS FOR / WHAT SHALL BE THERE AT THE END"
        case .marks: "/marks [give]"
        case .handover: "/handover [NAME]"
        case .breach: "/breach NAMES: TEXT"
        case .prompt: "/prompt [--to peers] TEXT or end"
        case .unnamed: "/unnamed TEXT"
        case .give: "/give [NAME]"
        case .mute: "/mute NAME [WHY]"
        case .move: "/move NAME POD"
        case .tell: "/tell POD or all TEXT"
        case .visit: "/visit [POD]"
        case .file: "/file PATH"
        case .feel: "/feel [turn or room] 1 to 5 [WORDS]"
        case .journal: "/journal TEXT"
        case .review: "/review [N kept|partly|missed|renegotiated]"
        case .q: "/q [AIM]"
        default: "/\(rawValue)"
        }
    }

    /// The kind of line that it sends.
    var kind: EntryKind? {
        switch self {
        case .ask: .ask
        case .answer: .answer
        case .reflect: .reflect
        case .suggest: .suggest
        case .offer: .offer
        case .thanks: .thanks
        case .feedback: .feedback
        case .commit: .commit
        default: nil
        }
    }

    /// Whether it needs a connection.
    var needsServer: Bool {
        switch self {
        case .start, .pause, .resume, .extend, .skip, .end, .present, .absent, .admit, .remove,
            .handover, .away, .history, .undo, .prompt, .unnamed, .ready, .pass, .floor,
            .stop, .back, .give, .mute, .shut, .move, .tell, .visit, .come, .file:
            true
        default: false
        }
    }
}

extension RoomScreenModel {
    /// Whether a command does something now.
    func isPossible(_ command: SlashCommand) -> Bool {
        switch command {
        case .help, .clear, .quit: return true
        case .yes, .no: return !questions.isEmpty
        default: break
        }
        guard stage == .inside else { return false }
        let session = room.session
        let inCharge = room.isInCharge(me)
        switch command {
        case .turn: return address(of: .turn, in: room) != nil
        case .peers: return room.hasFacilitator && room.membership(of: me) == .peer
        case .ask, .answer, .reflect, .suggest, .offer, .thanks, .feedback, .commit:
            return command.kind.map { isPossible($0) } ?? false
        case .plan: return session != nil
        case .agreement: return room.agreementInForce != nil
        case .start: return session == nil && mayStart
        case .pause: return inCharge && session?.hasRunningClock == true
        case .resume:
            return inCharge && session?.hasStandingClock == true || room.mayResume(me)
        case .extend, .skip, .end: return inCharge && session != nil
        case .present, .absent: return inCharge
        case .admit: return room.isKeeper(me) && !waiting.isEmpty
        case .remove: return room.isKeeper(me)
        case .handover: return mayHandOver
        case .read: return !unopened.isEmpty
        case .marks: return marks != nil
        case .assess: return room.members.count > 1
        case .purpose: return session == nil && mayStart
        case .heard: return room.members.contains { room.canHear($0.person, me, feedbackGiven) }
        case .retry, .drop: return !held.isEmpty
        case .undo: return lastOwn != nil || !outgoing.isEmpty
        case .prompt:
            return room.members.count >= RoomLimits.answersLeast || !ownPrompts.isEmpty
        case .unnamed: return !answerable.isEmpty
        case .ready: return room.floor(of: me).map { !$0.ready.contains(me) } ?? false
        case .pass: return mayPass(me) || inCharge && !passable.isEmpty
        case .floor: return room.floor(of: me) != nil
        case .stop:
            return room.floor(of: me) != nil && room.course(of: me)?.clock.ends != nil
        case .back: return inCharge && session?.hasEarlierPhase == true
        case .give, .mute, .shut, .move, .tell: return mayModerate(command)
        case .visit: return mayVisit
        case .come: return room.turn(of: me) != nil && room.hasFacilitatorToCall
        default: return true
        }
    }

    /// Whether the phase takes a kind from the person now.
    private func isPossible(_ kind: EntryKind) -> Bool {
        guard let address = address(for: kind, in: room) else { return false }
        do throws(RoomRejection) {
            try room.mayPost(kind, in: address.key, by: me)
            return true
        } catch { return false }
    }

    /// Whether the person could start a session, but for who is present.
    var mayStart: Bool {
        room.hasFacilitator
            ? room.isInCharge(me)
            : room.hasAccepted(me) && room.presence(of: me) != .away
    }

    /// The commands that do something now.
    var possible: [SlashCommand] { SlashCommand.allCases.filter { isPossible($0) } }

    /// What a word could become: commands, or names after a command that takes one.
    func completions(before: String, word: String) -> [String] {
        if before.isEmpty, word.hasPrefix("/") { return possible.map { "/" + $0.rawValue } }
        guard before.hasPrefix("/") else { return [] }
        let (head, rest) = before.headAndRest
        switch SlashCommand(rawValue: String(head.dropFirst())) {
        case .breach:
            return rest.contains(":")
                ? []
                : ["facilitator:", "room:"]
                    + room.members.map(\.person).filter { $0 != me }
                    .map { name($0) }
        case .heard:
            return rest.isEmpty
                ? room.members.filter { room.canHear($0.person, me, feedbackGiven) }.map(\.name)
                : []
        case .to, .feedback, .assess, .read, .present, .absent, .remove, .verify, .handover:
            guard rest.isEmpty else { return head == "/present" ? ["phone"] : [] }
            return room.members.map(\.person).filter { $0 != me }.map { name($0) }
        case .answer:
            return rest.isEmpty ? answerableQuestions.reversed().map { "\($0)" } : []
        case .admit: return rest.isEmpty ? waiting : []
        case .give: return rest.isEmpty ? givable.map { name($0) } : []
        case .mute, .move:
            guard rest.isEmpty || head == "/move" else { return [] }
            return room.members.map(\.person).filter { $0 != me }.map { name($0) }
        case .tell, .visit:
            guard rest.isEmpty else { return [] }
            let pods = room.session.map { PodChoice.now($0) } ?? []
            return (head == "/tell" ? ["all"] : []) + pods.flatMap(\.people).map { name($0) }
        case .pass: return rest.isEmpty && room.isInCharge(me) ? passable.map { name($0) } : []
        case .agreement: return rest.isEmpty ? ["accept"] : []
        case .q: return rest.isEmpty ? offered.bank.aims : []
        case .prompt: return rest.isEmpty ? ["--to", "end"] : rest == "--to" ? ["peers"] : []
        case .start: return rest.isEmpty ? formatNames : ["until", "typed", "spoken"]
        default: return []
        }
    }
}
