// SPDX-License-Identifier: Apache-2.0
import CoachingFormats
import CoachingModel
import CoachingTerminal

@testable import peercoach

/// A room with people in it and the view that one of them has of it, driven as by a server.
struct RoomScene {
    static let zone = WallCalendar { _ in 3_600 }

    var room = Room(id: RoomID(Bytes16(high: 0x52, low: 1)))
    var view: RoomScreenModel
    /// What the view printed, as rows of a wide screen.
    var printed: [String] = []
    /// What the view asked to have done, but for lines to show.
    var asked: [RoomEffect] = []
    var now: Timestamp
    private var numbers: [TranscriptKey: UInt64] = [:]
    /// How many lines there are in the room and among the peers when somebody comes in.
    var lines: UInt64 = 0

    /// Tue 1 Dec 2026, at a clock time of the zone.
    static func at(_ hour: Int, _ minute: Int, _ second: Int = 0) -> Timestamp {
        zone.instant(
            WallCalendar.Parts(
                year: 2026,
                month: 12,
                day: 1,
                hour: hour,
                minute: minute,
                second: second
            )
        )
    }

    static func person(_ number: Int) -> PersonID {
        PersonID(Bytes16(high: 0xaa, low: UInt64(number)))
    }

    static func device(_ number: Int) -> DeviceID {
        DeviceID(Bytes16(high: 0xd0, low: UInt64(number)))
    }

    /// The room "north" with people in it who have accepted the agreement and are there.
    ///
    /// - Parameters:
    ///   - peers: their names; they are the persons 1, 2 …
    ///   - facilitators: their names; they are the persons 91, 92 …
    ///   - me: whose view it is.
    ///   - start: when it is.
    /// - Throws: what the room's rules refuse.
    init(
        _ peers: [String],
        facilitators: [String] = [],
        me: Int,
        at start: Timestamp
    ) throws {
        now = start
        view = RoomScreenModel(
            roomName: "north",
            me: Self.person(me),
            room: room,
            stage: .inside,
            now: start,
            calendar: Self.zone
        )
        let members =
            peers.enumerated().map { Self.member($0 + 1, $1, .peer) }
            + facilitators.enumerated().map { Self.member($0 + 91, $1, .facilitator) }
        let first = facilitators.isEmpty ? 1 : 91
        try ask(admission(members, by: first), by: first)
        let agreement = AgreementVersion(version: 1, hash: Bytes32(1, 2, 3, 4))
        try ask(.proposeAgreement(agreement), by: first)
        for member in members {
            let number = Int(member.person.value.low)
            try ask(.acceptAgreement(agreement), by: number)
            try ask(.attend(member.person, .here), by: number)
        }
        let admissions = view.admissions
        view = RoomScreenModel(
            roomName: "north",
            me: Self.person(me),
            room: room,
            stage: .inside,
            now: start,
            calendar: Self.zone
        )
        view.admissions = admissions
        _ = view.linked(.online)
        perform(view.opening())
        printed = []
        asked = []
    }

    static func member(
        _ number: Int,
        _ name: String,
        _ membership: Membership = .peer
    ) -> RosterMember {
        RosterMember(
            person: person(number),
            identityKey: key(number),
            membership: membership,
            leastDeviceListVersion: 1,
            name: name
        )
    }

    static func key(_ number: Int) -> [UInt8] { [4] + [UInt8](repeating: UInt8(number), count: 64) }

    /// Takes a command in as the server does; the view sees what happened.
    mutating func ask(_ command: RoomCommand, by number: Int) throws {
        try take(
            room.decide(
                command,
                by: .person(Self.person(number), Self.device(number)),
                at: now
            )
        )
    }

    /// Takes in a command of the server's own.
    mutating func askAsServer(_ command: RoomCommand) throws {
        try take(room.decide(command, by: .server, at: now))
    }

    private mutating func take(_ records: [RoomRecord]) {
        for record in records {
            room.evolve(record)
            perform(view.happened(record))
        }
    }

    /// Lets somebody into the room.
    mutating func admit(_ number: Int, _ name: String, by keeper: Int) throws {
        try ask(admission(room.members + [Self.member(number, name)], by: keeper), by: keeper)
    }

    mutating func exclude(_ number: Int, by keeper: Int) throws {
        let person = Self.person(number)
        let marks = room.marksNeeded(excluding: person).map { TranscriptMark(key: $0, number: 0) }
        try ask(.exclude(person, .removed, marks: marks), by: keeper)
    }

    /// Changes how long lines are kept and who else may read them.
    mutating func keep(_ policy: RoomPolicy, by keeper: Int) throws {
        try ask(admission(room.members, by: keeper, policy), by: keeper)
    }

    /// Has somebody give another the older lines of the room.
    mutating func give(to person: Int, since: Timestamp?, by number: Int) throws {
        let span = room.newcomersSpan(.room, of: Self.person(person)) ?? 1...1
        let grant = HistoryGrant(
            room: room.id,
            person: Self.person(person),
            roster: room.rosterHash,
            spans: [GrantedSpan(scope: .room, from: 1, until: span.lowerBound - 1)],
            since: since
        )
        let granted = HistoryGranted(
            signed: SignedBytes(body: grant.body, signature: [7]),
            signer: Self.device(number),
            grant: grant
        )
        try ask(.grantHistory(granted), by: number)
    }

    private func admission(
        _ members: [RosterMember],
        by number: Int,
        _ policy: RoomPolicy? = nil
    ) -> RoomCommand {
        let roster = Roster(
            room: room.id,
            version: (room.roster?.version ?? 0) + 1,
            previous: room.roster == nil ? .zero : room.rosterHash,
            members: members.sorted { $0.person < $1.person },
            policy: policy ?? room.policy,
            excludedDevices: []
        )
        let rostered = Rostered(
            signed: SignedBytes(body: [UInt8(roster.version)], signature: [8]),
            signer: Self.device(number),
            roster: roster,
            hash: Bytes32(UInt64(roster.version), 5, 5, 5),
            marks: room.marksNeeded(excluding: nil).map { TranscriptMark(key: $0, number: lines) }
        )
        let lists = members.filter { room.membership(of: $0.person) == nil }.map { member in
            let number = Int(member.person.value.low)
            let list = DeviceList(
                person: member.person,
                identityKey: Self.key(number),
                version: 1,
                previous: .zero,
                devices: [
                    ListedDevice(
                        device: Self.device(number),
                        signingKey: Self.key(number + 100),
                        created: Timestamp(milliseconds: 5)
                    )
                ],
                revoked: [],
                recoveryKey: Self.key(number)
            )
            return DevicesChanged(signed: SignedBytes(body: [1], signature: [9]), list: list)
        }
        return .admit(rostered, newLists: lists)
    }

    /// Starts a built-in format; `until` ends it at a clock time.
    mutating func start(
        _ name: String,
        _ medium: Medium,
        until: Timestamp? = nil,
        by number: Int
    ) throws {
        guard let format = try BuiltInFormats.format(named: name) else { return }
        try start(format, medium, until: until, by: number)
    }

    /// Starts a format; `until` ends it at a clock time.
    mutating func start(
        _ format: SessionFormat,
        _ medium: Medium,
        until: Timestamp? = nil,
        by number: Int
    ) throws {
        try ask(
            .start(
                SessionStart(
                    session: SessionID(Bytes16(high: 0x5e, low: UInt64(room.sessions.count + 1))),
                    format: format,
                    medium: medium,
                    until: until,
                    pace: 1,
                    purpose: nil,
                    shown: nil
                )
            ),
            by: number
        )
    }

    /// Lets time pass to the end of the phase, and the room wake there.
    mutating func wake() throws {
        guard let next = room.nextWake else { return }
        now = max(now, next)
        try take(room.decide(.wake, by: .server, at: now))
    }

    /// Sets the clock of room and view.
    mutating func clock(_ hour: Int, _ minute: Int, _ second: Int = 0) {
        now = Self.at(hour, minute, second)
        perform(view.tick(now))
    }

    /// Types a whole line, and lets the server take what is sent.
    mutating func type(_ line: String) {
        view.drafting(line)
        perform(view.submit(line))
    }

    /// What a person wrote arrives.
    mutating func hear(
        _ number: Int?,
        _ key: TranscriptKey,
        _ kind: EntryKind,
        _ text: String,
        due: Timestamp? = nil,
        paper: HeardLine.Paper? = nil,
        isBreach: Bool = false,
        isHeard: Bool = false,
        feedback: FeedbackContent? = nil
    ) {
        numbers[key, default: 0] += 1
        perform(
            view.heard(
                HeardLine(
                    key: key,
                    number: numbers[key] ?? 0,
                    at: now,
                    author: number.map { Self.person($0) },
                    kind: kind,
                    text: text,
                    due: due,
                    paper: paper,
                    feedback: feedback,
                    isBreach: isBreach,
                    isHeard: isHeard
                )
            )
        )
    }

    /// The turn in which the viewer sits.
    var turn: TranscriptKey {
        room.turn(of: view.me).map { .turn($0.turn.id) } ?? .own(view.me)
    }

    /// The lines that the view sent.
    var posted: [OutgoingLine] {
        asked.compactMap { if case .post(let line) = $0 { line } else { nil } }
    }

    mutating func perform(_ effects: [RoomEffect]) {
        defer { _ = view.nextPrompt() }
        for effect in effects {
            switch effect {
            case .show(let line): show(line)
            case .post(let line):
                asked.append(effect)
                numbers[line.key, default: 0] += 1
                perform(view.sent(line.id))
                perform(
                    view.heard(
                        HeardLine(
                            key: line.key,
                            number: numbers[line.key] ?? 0,
                            at: now,
                            author: view.me,
                            kind: line.kind,
                            text: line.text,
                            due: line.due,
                            paper: line.meaning == .link ? .link : nil,
                            feedback: line.feedback
                        )
                    )
                )
            default: asked.append(effect)
            }
        }
    }

    private mutating func show(_ line: RoomLine) {
        var screen = LinearScreen(style: .plain)
        screen.emit(line.screenLine(Self.zone))
        printed += String(decoding: screen.takeOutput(), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    /// What was printed since the last call.
    mutating func news() -> [String] {
        defer { printed = [] }
        return printed
    }

    /// The lines that were sent since the last call.
    mutating func sent() -> [OutgoingLine] {
        defer { asked = [] }
        return asked.compactMap { if case .post(let line) = $0 { line } else { nil } }
    }
}
