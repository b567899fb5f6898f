// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Testing

/// A room that is driven by commands, as a server would: it fills in marks and keeps the log.
struct RoomStage {
    static let roomID = RoomID(Bytes16(high: 0x5252, low: 0x5252))
    static let text = Bytes32(1, 2, 3, 4)

    var room = Room(id: roomID)
    var log: [RoomRecord] = []
    var now = Timestamp(milliseconds: 1_700_000_000_000)
    var lists: [PersonID: DeviceList] = [:]
    /// The last number of each transcript.
    var numbers: [TranscriptKey: UInt64] = [:]
    var limits = RoomLimits.standard
    /// What was written before a meeting opens, as the server sees it.
    var written: Set<FeedbackDue> = []

    static func person(_ number: Int) -> PersonID {
        PersonID(Bytes16(high: 0xaa, low: UInt64(number)))
    }

    static func device(_ number: Int, _ which: Int = 0) -> DeviceID {
        DeviceID(Bytes16(high: UInt64(0xd0 + which), low: UInt64(number)))
    }

    static func session(_ number: Int) -> SessionID {
        SessionID(Bytes16(high: 0x5e, low: UInt64(number)))
    }

    static func key(_ number: Int) -> [UInt8] { [4] + [UInt8](repeating: UInt8(number), count: 64) }

    /// Stands for SHA-256 here: the rules compare hashes and never make them.
    static func hash(_ bytes: [UInt8]) -> Bytes32 {
        var word: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { word = (word ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return Bytes32(word, UInt64(bytes.count), 7, 7)
    }

    static func number(of person: PersonID) -> Int { Int(person.value.low) }

    static func deviceList(
        _ number: Int,
        version: UInt32 = 1,
        devices: [Int] = [0],
        revoked: [Int] = []
    ) -> DeviceList {
        DeviceList(
            person: person(number),
            identityKey: key(number),
            version: version,
            previous: version == 1 ? .zero : text,
            devices: devices.sorted().map {
                ListedDevice(
                    device: device(number, $0),
                    signingKey: key(number + 100),
                    created: Timestamp(milliseconds: 5)
                )
            },
            revoked: revoked.sorted().map { device(number, $0) },
            recoveryKey: key(number)
        )
    }

    static func changed(_ list: DeviceList) -> DevicesChanged {
        DevicesChanged(signed: SignedBytes(body: list.body, signature: [9]), list: list)
    }

    static func member(_ number: Int, _ membership: Membership = .peer) -> RosterMember {
        RosterMember(
            person: person(number),
            identityKey: key(number),
            membership: membership,
            leastDeviceListVersion: 1,
            name: "Person \(number)"
        )
    }

    func actor(_ number: Int, device which: Int? = nil) -> RoomActor {
        let person = RoomStage.person(number)
        let device = which.map { RoomStage.device(number, $0) } ?? room.devices(of: person).first
        return .person(person, device ?? RoomStage.device(number))
    }

    /// Takes a command in as the server does, and gives what happened.
    @discardableResult
    mutating func ask(_ command: RoomCommand, by number: Int) throws(RoomRejection) -> [RoomEvent] {
        try ask(command, as: actor(number))
    }

    @discardableResult
    mutating func ask(
        _ command: RoomCommand,
        as actor: RoomActor
    ) throws(RoomRejection) -> [RoomEvent] {
        let records = try room.decide(
            command,
            by: actor,
            at: now,
            limits: limits,
            marks: visitMarks,
            written: written
        )
        for record in records {
            room.evolve(record)
            log.append(record)
        }
        return records.map(\.event)
    }

    /// The rejection of a command, or `nil` where it is taken.
    func refusal(_ command: RoomCommand, by number: Int) -> RoomRejection? {
        refusal(command, as: actor(number))
    }

    func refusal(_ command: RoomCommand, as actor: RoomActor) -> RoomRejection? {
        do throws(RoomRejection) {
            _ = try room.decide(
                command,
                by: actor,
                at: now,
                limits: limits,
                marks: visitMarks,
                written: written
            )
            return nil
        } catch { return error }
    }

    /// Where the turns stand whose visits begin or end.
    var visitMarks: [TranscriptMark] {
        room.marksOfVisits.map { TranscriptMark(key: $0, number: numbers[$0] ?? 0) }
    }

    /// The yes to the visit that is asked for, as one signs it now.
    func visitYes(
        _ turn: TurnID,
        by number: Int,
        change: (inout VisitYes) -> Void = { _ in }
    ) -> TurnChanged {
        let request = room.visitRequest(turn)
        var yes = VisitYes(
            room: RoomStage.roomID,
            turn: turn,
            visitor: request?.visitor ?? RoomStage.person(90),
            asked: request?.position ?? 0,
            number: numbers[.turn(turn)] ?? 0
        )
        change(&yes)
        guard case .person(_, let device) = actor(number) else { preconditionFailure("no device") }
        return TurnChanged(
            signed: SignedBytes(body: yes.body, signature: [6]),
            signer: device,
            yes: yes
        )
    }

    func marks(excluding person: PersonID? = nil) -> [TranscriptMark] {
        room.marksNeeded(excluding: person).map {
            TranscriptMark(key: $0, number: numbers[$0] ?? 0)
        }
    }

    func roster(
        _ members: [RosterMember],
        excludedDevices: [DeviceID] = [],
        version: UInt32? = nil,
        policy: RoomPolicy? = nil
    ) -> Roster {
        Roster(
            room: RoomStage.roomID,
            version: version ?? (room.roster?.version ?? 0) + 1,
            previous: room.roster == nil ? .zero : room.rosterHash,
            members: members.sorted { $0.person < $1.person },
            policy: policy ?? room.policy,
            excludedDevices: excludedDevices
        )
    }

    func rostered(_ roster: Roster, by number: Int) -> Rostered {
        let named = Set(roster.members.map(\.person))
        let leaving = room.members.map(\.person).filter { !named.contains($0) }
        var marks: [TranscriptKey: TranscriptMark] = [:]
        for person in [nil] + leaving.map(Optional.some) {
            for mark in self.marks(excluding: person) { marks[mark.key] = mark }
        }
        guard case .person(_, let device) = actor(number) else { preconditionFailure("no device") }
        return Rostered(
            signed: SignedBytes(body: roster.body, signature: [8]),
            signer: device,
            roster: roster,
            hash: RoomStage.hash(roster.body),
            marks: marks.values.sorted {
                $0.key.instance.lexicographicallyPrecedes($1.key.instance)
            }
        )
    }

    /// The command by which one signs a roster of these members.
    func admission(_ members: [RosterMember], by number: Int) -> RoomCommand {
        let new = members.filter { room.membership(of: $0.person) == nil }
        let lists = new.map { member in
            room.deviceList(of: member.person)
                ?? RoomStage.deviceList(RoomStage.number(of: member.person))
        }
        return .admit(
            rostered(roster(members), by: number),
            newLists: lists.map(RoomStage.changed)
        )
    }

    /// A grant of older entries as one signs it now.
    func granted(
        _ spans: [GrantedSpan],
        to person: Int,
        by number: Int,
        roster: Bytes32? = nil,
        room id: RoomID = RoomStage.roomID
    ) -> HistoryGranted {
        let grant = HistoryGrant(
            room: id,
            person: RoomStage.person(person),
            roster: roster ?? room.rosterHash,
            spans: spans,
            since: nil
        )
        guard case .person(_, let device) = actor(number) else { preconditionFailure("no device") }
        return HistoryGranted(
            signed: SignedBytes(body: grant.body, signature: [7]),
            signer: device,
            grant: grant
        )
    }

    /// Says whether members may give newcomers older entries.
    mutating func allowHistory(_ isAllowed: Bool, by number: Int) throws(RoomRejection) {
        var policy = room.policy
        policy.historyForNewcomers = isAllowed
        let next = rostered(roster(room.members, policy: policy), by: number)
        try ask(.admit(next, newLists: []), by: number)
    }

    @discardableResult
    mutating func exclude(
        _ number: Int,
        _ cause: ExclusionCause = .left,
        as actor: RoomActor? = nil
    ) throws(RoomRejection) -> [RoomEvent] {
        let person = RoomStage.person(number)
        let command = RoomCommand.exclude(person, cause, marks: marks(excluding: person))
        return try ask(command, as: actor ?? self.actor(number))
    }

    /// A room of peers and perhaps facilitators in which all have accepted an agreement and are
    /// there.
    static func ready(peers: Int, facilitators: Int = 0) throws -> RoomStage {
        var stage = RoomStage()
        let people = (1...peers).map { member($0) }
        let others = (0..<facilitators).map { member(90 + $0, .facilitator) }
        let first = facilitators > 0 ? 90 : 1
        try stage.ask(stage.admission(people + others, by: first), by: first)
        try stage.ask(.proposeAgreement(agreement(1)), by: first)
        for one in people + others {
            let number = number(of: one.person)
            try stage.ask(.acceptAgreement(agreement(1)), by: number)
            try stage.ask(.attend(one.person, .here), by: number)
        }
        return stage
    }

    static func agreement(_ version: UInt32) -> AgreementVersion {
        AgreementVersion(version: version, hash: Bytes32(UInt64(version), 0, 0, 0))
    }

    func start(
        _ number: Int,
        medium: Medium = .typed,
        format: SessionFormat = format,
        until: Timestamp? = nil,
        pace: UInt16 = 1,
        shown: [[Pod]]? = nil
    ) -> RoomCommand {
        .start(
            SessionStart(
                session: RoomStage.session(number),
                format: format,
                medium: medium,
                until: until,
                pace: pace,
                purpose: nil,
                shown: shown
            )
        )
    }

    mutating func pass(seconds: Int64) { now = now.adding(milliseconds: seconds * 1_000) }

    /// Lets time pass until the next phase's end, and lets the room wake there.
    @discardableResult
    mutating func wake() throws(RoomRejection) -> [RoomEvent] {
        if let next = room.nextWake { now = max(now, next) }
        return try ask(.wake, as: .server)
    }

    // One opening minute; rounds of agreeing 2, coaching 10, feedback 3 minutes; one closing minute.
    static let format = SessionFormat(
        name: "test",
        title: "Test",
        source: "these tests",
        version: 1,
        pods: PodSizes(smallest: 2, usual: 3, largest: 4),
        opening: [
            Phase(
                name: "arrive",
                title: "Arrive",
                seconds: 60,
                parts: [part(.everyone, [.say], .say)]
            )
        ],
        round: [
            Phase(
                name: "agree",
                title: "Agree",
                seconds: 120,
                parts: [
                    part(.client, [.say, .answer], .say), part(.coach, [.say, .ask], .ask),
                    part(.observer, [], .note),
                ]
            ),
            Phase(
                name: "coach",
                title: "Coach",
                seconds: 600,
                parts: [
                    part(.client, [.say, .answer], .say), part(.coach, [.ask, .reflect], .ask),
                    part(.observer, [], .note),
                ]
            ),
            Phase(
                name: "feedback",
                title: "Feedback",
                seconds: 180,
                parts: [
                    part(.client, [.feedback], .feedback), part(.coach, [.thanks], .thanks),
                    part(.observer, [.feedback], .feedback),
                ]
            ),
        ],
        closing: [
            Phase(
                name: "leave",
                title: "Leave",
                seconds: 60,
                parts: [part(.everyone, [.thanks, .commit], .thanks)]
            )
        ],
        visits: true
    )

    /// The same without opening and closing.
    static var rounds: SessionFormat {
        var format = format
        format.opening = []
        format.closing = []
        return format
    }

    private static func part(_ role: Role, _ kinds: [EntryKind], _ bare: EntryKind) -> Part {
        Part(role: role, kinds: kinds, bare: bare, sentence: "Do it.")
    }
}

/// Numbers that follow from a seed alone.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
