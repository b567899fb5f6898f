// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel
import Testing

struct RoomCodingTests {
    typealias Stage = RoomStage

    /// A format that says all that a format can say.
    private static var wholeFormat: SessionFormat {
        var format = Stage.rounds
        format.roundsMost = 1
        format.seating = .oneCoach
        format.labels = RoleLabels()
        format.labels?.client = "presenter"
        format.labels?.observer = "witness"
        format.visits = true
        format.absence = .waits
        format.graceSeconds = 300
        format.follows = MeetingLink(before: "before", written: true)
        format.round[0].isHeld = false
        format.round[0].interventions = [.say, .ask]
        format.round[1].interventions = [.commit]
        format.round[0].parts[0].floor = .round
        format.round[0].parts[0].must = format.round[0].parts[0].kinds
        return format
    }

    /// A log in which every kind of event occurs, with and without what may be absent.
    private func log() throws -> [RoomRecord] {
        var stage = try Stage.ready(peers: 4, facilitators: 1)
        try stage.ask(stage.start(1), by: 90)
        try stage.ask(.pause, by: 90)
        try stage.ask(.resume, by: 90)
        try stage.ask(.extend(1_000), by: 90)
        try stage.wake()
        stage.numbers = [.room: 5, .peers: 300]
        try stage.exclude(2)
        while stage.room.session != nil { try stage.wake() }
        try stage.ask(stage.admission(stage.room.members + [Stage.member(2)], by: 90), by: 90)
        try stage.ask(
            .changeDevices(
                Stage.changed(Stage.deviceList(1, version: 2, devices: [1], revoked: [0]))
            ),
            as: .server
        )
        let podStarted = PhaseStarted(
            place: PhasePlace(round: 1, phase: 2),
            pod: 3,
            ends: Timestamp(milliseconds: -4)
        )
        let started = SessionStarted(
            session: Stage.session(3),
            format: Stage.format,
            medium: .spoken,
            plan: SessionPlan(
                rounds: [],
                timetable: Timetable(opening: [1], round: [], closing: [.max])
            ),
            pace: 600,
            host: Stage.person(1),
            purpose: Stage.text
        )
        var whole = started
        whole.format = Self.wholeFormat
        let clock = ClockSet(cause: .interrupted, pod: 2, ends: nil, left: 9)
        let opened = PromptOpened(
            prompt: PromptID(Bytes16(high: 9, low: 9)),
            scope: .peers,
            audience: [Stage.person(1), Stage.person(3)],
            ends: Timestamp(milliseconds: 77)
        )
        let closed = PromptClosed(prompt: opened.prompt, answers: 300)
        let spans = [GrantedSpan(scope: .room, from: 1, until: 5)]
        var given = stage.granted(spans, to: 2, by: 90)
        given.grant.since = stage.now
        given.signed.body = given.grant.body
        let turn = TurnID(session: Stage.session(3), round: 2, pod: 1)
        for event: RoomEvent in [
            .promptOpened(opened), .promptClosed(closed),
            .historyGranted(given), .historyGranted(stage.granted(spans, to: 2, by: 90)),
            .phaseStarted(podStarted), .sessionStarted(started), .sessionStarted(whole),
            .clockSet(clock),
            .handedOver(HandedOver(to: Stage.person(2))), .handedOver(HandedOver(to: nil)),
            .rotaSet(RotaSet(order: [Stage.person(2), Stage.person(1)])),
            .meetingSet(MeetingSet(id: 1, start: nil, minutes: 10)),
            .meetingSet(MeetingSet(id: .max, start: stage.now, minutes: 90)),
            .coming(Coming(meeting: 1, comes: true)),
            .keeperReached(KeeperReached(person: Stage.person(90), isReached: false)),
            .needMet(NeedMet(person: Stage.person(3), kind: .commit)),
            .floorCalled(FloorCall(wish: .ask, person: Stage.person(3))),
            .floorCalled(FloorCall(wish: .give, person: Stage.person(3))),
            .muted(Muted(person: Stage.person(3), isMuted: true)), .shut(Shut(isShut: true)),
            .visitAsked(TurnPlace(turn)), .turnChanged(stage.visitYes(turn, by: 1)),
            .visitEnded(VisitEnded(turn, Stage.person(90), number: 300)),
            .deviationProposed(deviation(10)), .deviationAgreed(deviation(10)),
            .deviationEnded(deviation(nil)), .relationshipCalled(RelationshipCall(.close)),
            .relationshipCalled(RelationshipCall(nil)), .farewellSaid(Farewell(isLast: false)),
            .facilitatorCalled(TurnPlace(turn)),
            .unrecognised(kind: 700),
        ] {
            stage.log.append(RoomRecord(at: stage.now, by: Stage.person(2), event: event))
        }
        return stage.log
    }

    private func deviation(_ minutes: UInt16?) -> Deviation {
        Deviation(less: Stage.person(1), more: Stage.person(2), minutes: minutes, once: false)
    }

    @Test func `every record comes back from its bytes as it was`() throws {
        let log = try log()
        #expect(Set(log.map(\.event.kind)).isSuperset(of: [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12]))
        #expect(Set(log.map(\.event.kind)).isSuperset(of: [13, 14, 45, 46, 50, 60, 61, 700]))
        #expect(Set(log.map(\.event.kind)).isSuperset(of: 70...85))
        for record in log {
            let bytes = record.encoded()
            let again = try RoomRecord(decoding: bytes, rosterHash: Stage.hash)
            #expect(again == record)
            #expect(again.encoded() == bytes)
            try CBORReader.validate(bytes, limits: CBORLimits(items: 32_768, profile: .wire))
        }
    }

    @Test func `payloads have the bytes that their Codable form gives`() throws {
        let encoder = CBOREncoder(limits: CBORLimits(items: 32_768))
        for record in try log() {
            let payload: [UInt8]
            switch record.event {
            case .turnOpened(let value): payload = try encoder.encode(value)
            case .turnClosed(let value): payload = try encoder.encode(value)
            case .agreementProposed(let value), .agreementAccepted(let value):
                payload = try encoder.encode(value)
            case .sessionStarted(let value): payload = try encoder.encode(value)
            case .phaseStarted(let value): payload = try encoder.encode(value)
            case .clockSet(let value): payload = try encoder.encode(value)
            case .sessionEnded(let value): payload = try encoder.encode(value)
            case .attended(let value): payload = try encoder.encode(value)
            case .replanned(let value): payload = try encoder.encode(value)
            case .promptOpened(let value): payload = try encoder.encode(value)
            case .promptClosed(let value): payload = try encoder.encode(value)
            case .handedOver(let value): payload = try encoder.encode(value)
            case .rotaSet(let value): payload = try encoder.encode(value)
            case .keeperReached(let value): payload = try encoder.encode(value)
            case .needMet(let value): payload = try encoder.encode(value)
            case .meetingSet(let value): payload = try encoder.encode(value)
            case .coming(let value): payload = try encoder.encode(value)
            case .floorCalled(let value): payload = try encoder.encode(value)
            case .muted(let value): payload = try encoder.encode(value)
            case .shut(let value): payload = try encoder.encode(value)
            case .visitAsked(let value), .facilitatorCalled(let value):
                payload = try encoder.encode(value)
            case .visitEnded(let value): payload = try encoder.encode(value)
            case .deviationProposed(let value), .deviationAgreed(let value),
                .deviationEnded(let value):
                payload = try encoder.encode(value)
            case .relationshipCalled(let value): payload = try encoder.encode(value)
            case .farewellSaid(let value): payload = try encoder.encode(value)
            case .rostered, .devicesChanged, .excluded, .restoreAccepted, .historyGranted,
                .turnChanged, .unrecognised:
                continue
            }
            #expect(record.encoded().suffix(payload.count) == payload[...])
        }
    }

    @Test func `the whole format says all that a format can say, and can be run`() {
        let format = Self.wholeFormat
        #expect(format.mistakes.isEmpty)
        let mirrors = [
            Mirror(reflecting: format), Mirror(reflecting: format.round[0]),
            Mirror(reflecting: format.round[0].parts[0]),
        ]
        for field in mirrors.flatMap(\.children) {
            #expect("\(field.value)" != "nil", "\(field.label ?? "?") is not said")
        }
    }

    @Test func `a record that is cut anywhere is refused`() throws {
        for record in try log() {
            let bytes = record.encoded()
            for count in bytes.indices {
                #expect(throws: CBORError.self) {
                    try RoomRecord(decoding: Array(bytes[..<count]), rosterHash: Stage.hash)
                }
            }
            #expect(throws: CBORError.self) {
                try RoomRecord(decoding: bytes + [0], rosterHash: Stage.hash)
            }
        }
    }

    @Test func `a record with any byte changed is refused or read, and taken in without harm`()
        throws
    {
        let stage = try Stage.ready(peers: 3)
        for record in try log() {
            let bytes = record.encoded()
            for index in stride(from: 0, to: bytes.count, by: 3) {
                for flip: UInt8 in [0x01, 0x80, 0xff] {
                    var changed = bytes
                    changed[index] ^= flip
                    guard
                        let read = try? RoomRecord(decoding: changed, rosterHash: Stage.hash)
                    else { continue }
                    var room = stage.room
                    room.evolve(read)
                    #expect(room.position == stage.room.position + 1)
                }
            }
        }
    }

    @Test func `unknown keys are passed over in events and refused in what is signed`() throws {
        let attended = RoomRecord(
            at: Timestamp(milliseconds: 5),
            by: nil,
            event: .attended(Attended(person: Stage.person(1), presence: .here))
        )
        var bytes = attended.encoded()
        let map = try #require(bytes.firstIndex(of: 0xa2))
        bytes[map] = 0xa3
        bytes += [0x09, 0x63, 0x61, 0x62, 0x63]
        #expect(try RoomRecord(decoding: bytes, rosterHash: Stage.hash) == attended)

        var body = Stage.deviceList(1).body
        #expect(body[0] == 0xa7)
        body[0] = 0xa8
        body += [0x07, 0x00]
        #expect(throws: CBORError.self) { try DeviceList(body: body, person: Stage.person(1)) }
    }

    @Test func `signed bodies come back as they were and only in order`() throws {
        let list = Stage.deviceList(1, version: 4, devices: [0, 3], revoked: [1, 2])
        #expect(try DeviceList(body: list.body, person: list.person) == list)
        var swapped = list
        swapped.devices.swapAt(0, 1)
        #expect(throws: CBORError.self) {
            try DeviceList(body: swapped.body, person: list.person)
        }
        let stage = try Stage.ready(peers: 3, facilitators: 1)
        var roster = stage.roster(stage.room.members, excludedDevices: [Stage.device(2)])
        #expect(try Roster(body: roster.body) == roster)
        roster.members.swapAt(0, 1)
        #expect(throws: CBORError.self) { try Roster(body: roster.body) }
    }

    @Test func `a replayed log gives the state that made it`() throws {
        var room = Room(id: Stage.roomID)
        var stage = try Stage.ready(peers: 5, facilitators: 1)
        try stage.ask(stage.start(1), by: 90)
        while stage.room.session != nil { try stage.wake() }
        for record in stage.log {
            room.evolve(try RoomRecord(decoding: record.encoded(), rosterHash: Stage.hash))
        }
        #expect(room == stage.room)
    }
}
