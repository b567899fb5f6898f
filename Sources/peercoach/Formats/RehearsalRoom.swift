// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingFormats
import CoachingModel
import CoachingTerminal

/// The room view of one who rehearses: pretend members stand in the place of the connection.
///
/// It is the view's own loop; nothing leaves the machine.
struct RehearsalRoom {
    /// What the room is called on the screen.
    static let name = "a rehearsal"

    var shell: RoomShell
    private var members: PretendMembers

    /// Lets everybody in and starts the session.
    ///
    /// - Throws: why the format cannot be run with these people, or has no such role.
    init(
        _ shell: RoomShell,
        _ rehearsal: Rehearsal,
        as role: Role,
        pace: UInt16,
        calendar: WallCalendar = .local
    ) throws(ClientError) {
        self.shell = shell
        members = PretendMembers(peers: rehearsal.peers, facilitator: rehearsal.facilitator)
        let now = rehearsal.from
        let start = SessionStart(
            session: SessionID(Bytes16(high: 4, low: 4)),
            format: rehearsal.format,
            medium: rehearsal.medium,
            until: rehearsal.until,
            pace: pace,
            purpose: nil,
            shown: nil
        )
        let before: [RoomRecord]
        do throws(RoomRejection) {
            before = try members.gather(for: start, at: now)
        } catch {
            throw Self.noStart(error)
        }
        guard let me = members.take(role, of: start, at: now) else {
            let word = rehearsal.format.word(for: role)
            throw ClientError(
                .noSuchName,
                "With \(rehearsal.peers.count) people nobody is \(word) in \(rehearsal.format.title).",
                hint: "Another role, or more --members."
            )
        }
        open(me, before, now, calendar)
        do throws(RoomRejection) {
            take(try members.start(start, at: now))
        } catch {
            throw Self.noStart(error)
        }
        settle(at: now)
    }

    private static func noStart(_ rejection: RoomRejection) -> ClientError {
        ClientError(.refused, "It cannot be started: \(PretendWords.sentence(rejection)).")
    }

    private mutating func open(
        _ me: PersonID,
        _ before: [RoomRecord],
        _ now: Timestamp,
        _ calendar: WallCalendar
    ) {
        var model = RoomScreenModel(
            roomName: Self.name,
            me: me,
            room: Room(id: members.room.id),
            stage: .entering,
            now: now,
            calendar: calendar
        )
        model.isRehearsal = true
        model.link = .online
        for record in before { model.replay(record) }
        let words = model.system(
            "This is a rehearsal: the others are pretended, nothing leaves this machine or is kept.",
            "rehearsal"
        )
        let effects = [.show(words)] + model.entered()
        shell.isRehearsal = true
        shell.isOnline = true
        shell.model = model
        shell.perform(effects)
        settle(at: now)
    }

    /// Takes what the person does, or a second that went by.
    mutating func take(_ input: RoomInput, at now: Timestamp) {
        if case .tick = input { take(members.advance(to: now)) }
        shell.take(input, at: now)
        settle(at: now)
    }

    private mutating func take(_ happened: [PretendMembers.Happening]) {
        for one in happened {
            switch one {
            case .record(let record):
                shell.take(.happening(.record(record, isNew: true)), at: record.at)
            case .line(let line): shell.perform(shell.model?.heard(line) ?? [])
            }
        }
    }

    /// Has the pretend members answer what the view asked for.
    private mutating func settle(at now: Timestamp) {
        // What is answered can lead to a further wish, such as to be here.
        for _ in 0..<16 where !shell.rehearsed.isEmpty {
            let wishes = shell.rehearsed
            shell.rehearsed = []
            for wish in wishes { answer(wish, at: now) }
        }
        // The prompt, and whether it is over.
        shell.take(.link(.connected), at: now)
    }

    private mutating func answer(_ wish: RoomEffect, at now: Timestamp) {
        switch wish {
        case .post(let line) where line.file != nil:
            let error = ClientError(.refused, "Files are not part of a rehearsal.")
            shell.take(.posted(line.id, error), at: now)
        case .post(let line):
            do throws(RoomRejection) {
                let happened = try members.post(line, at: now)
                shell.take(.posted(line.id, nil), at: now)
                take(happened)
            } catch {
                let sentence = PretendWords.sentence(error, members.room, members.me) + "."
                shell.take(.posted(line.id, ClientError(.refused, sentence)), at: now)
            }
        case .act(let deed):
            do throws(RoomRejection) {
                if let happened = try members.act(deed, at: now) {
                    shell.take(.did(deed, nil), at: now)
                    return take(happened)
                }
                let sentence = "This is not part of a rehearsal."
                shell.take(.did(deed, ClientError(.refused, sentence)), at: now)
            } catch {
                let sentence = PretendWords.sentence(error, members.room, members.me) + "."
                shell.take(.did(deed, ClientError(.refused, sentence)), at: now)
            }
        case .recall(let count, _):
            shell.acts -= 1
            let lines = Array(members.lines.suffix(count))
            shell.perform(shell.model?.recalled(lines, hasOlder: false) ?? [])
        case .readFormat(let wish):
            shell.acts -= 1
            shell.perform(shell.model?.formatRead(wish, .unknown) ?? [])
        case .show, .wipe, .leave: break
        }
    }
}

extension PretendWords {
    /// Why the rules of a room refuse something, without a full stop.
    static func sentence(_ rejection: RoomRejection) -> String {
        switch rejection {
        case .tooFewPresent: "there are too few people for this format"
        case .timeDoesNotFit: "the time does not fit this format and these people"
        case .formatInvalid: "the format cannot be run as it is"
        case .pairsNotPresent: "none of those who were together in the meeting before is there"
        default: "the rules of a room refuse it"
        }
    }

    /// Why the rules of a room refuse what a person does now, without a full stop.
    static func sentence(_ rejection: RoomRejection, _ room: Room, _ person: PersonID) -> String {
        switch rejection {
        case .notYourFloor:
            guard let place = room.part(of: person) else { return "Not now. /note keeps a note" }
            let role =
                place.role == .everyone
                ? "everybody" : "the \(room.session?.format.word(for: place.role) ?? "person")"
            if place.phase.isSilent { return "'\(place.phase.title)' is for silence. /note" }
            guard let part = place.part, !part.kinds.isEmpty else {
                return "In '\(place.phase.title)' \(role) listens. Keep a note with /note"
            }
            let kinds = part.kinds.map { $0 == .say ? "plain lines" : "/\($0)" }
            return "In '\(place.phase.title)' \(role) has \(kinds.joined(separator: ", "))"
        case .notYourTurn:
            let holder = room.floor(of: person)?.holder.flatMap { room.name(of: $0) } ?? "Somebody"
            return "One speaks at a time here: \(holder) has the floor"
        case .questionNotCited:
            return "Here a statement answers a question, and nobody has asked one that it answers"
        case .notInCharge:
            let keeper = room.timekeepers.first.flatMap { room.name(of: $0) }
            return keeper.map { "\($0) keeps the time here" } ?? "Not now"
        case .muted: return "You are muted until this phase ends"
        case .scopeClosed: return "It is over; nothing can be added there now"
        case .kindNotHere: return "This kind of line does not belong there"
        case .noSession: return "No session is running"
        case .facilitatorOnly: return "Only a facilitator may do this"
        default: return "The rules of a room refuse it now"
        }
    }
}
