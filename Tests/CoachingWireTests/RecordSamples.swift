// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
import CoachingModel

/// A record of a room's log with the name of its vector.
struct RecordSample: Sendable {
    var name: String
    var record: RoomRecord

    var sample: Sample {
        Sample(
            name: "record-" + name,
            spec: "10.\(record.event.kind)",
            direction: .record,
            bytes: record.encoded()
        )
    }

    static let attended = RoomRecord(
        at: Values.time,
        by: Values.person,
        event: .attended(Attended(person: Values.person, presence: .here))
    ).encoded()

    static let all: [RecordSample] = events.map { name, by, event in
        RecordSample(name: name, record: RoomRecord(at: Values.time, by: by, event: event))
    }

    private static let marks = [
        TranscriptMark(key: .room, number: 41),
        TranscriptMark(
            key: .turn(TurnID(session: Values.session, round: 1, pod: 0)),
            number: 7
        ),
    ]

    private static let events: [(String, PersonID?, RoomEvent)] = [
        (
            "rostered", Values.person,
            .rostered(
                Rostered(
                    signed: Values.signedRoster,
                    signer: Values.device,
                    roster: Values.roster,
                    hash: Hashing.hash(Values.roster.body),
                    marks: marks
                )
            )
        ),
        (
            "devices-changed", nil,
            .devicesChanged(
                DevicesChanged(
                    signed: Values.signedList,
                    list: Values.deviceList
                )
            )
        ),
        (
            "devices-changed-with-marks", nil,
            .devicesChanged(
                DevicesChanged(
                    signed: Values.signedList,
                    list: Values.deviceList,
                    marks: marks
                )
            )
        ),
        (
            "excluded", Values.other,
            .excluded(Excluded(person: Values.other, cause: .left, marks: marks))
        ),
        (
            "turn-opened", nil,
            .turnOpened(Turn(session: Values.session, round: 1, pod: Values.pod))
        ),
        (
            "turn-closed", nil,
            .turnClosed(TurnClosed(session: Values.session, round: 1, pod: 0, held: true))
        ),
        (
            "agreement-proposed", Values.person,
            .agreementProposed(AgreementVersion(version: 1, hash: Values.hash(0x61)))
        ),
        (
            "agreement-accepted", Values.other,
            .agreementAccepted(AgreementVersion(version: 1, hash: Values.hash(0x61)))
        ),
        (
            "session-started", Values.person,
            .sessionStarted(
                SessionStarted(
                    session: Values.session,
                    format: Values.format,
                    medium: .typed,
                    plan: Values.plan,
                    pace: 1,
                    host: Values.person,
                    purpose: Values.hash(0x70)
                )
            )
        ),
        (
            "session-started-facilitated", Values.other,
            .sessionStarted(
                SessionStarted(
                    session: Values.session,
                    format: Values.format,
                    medium: .spoken,
                    plan: Values.plan,
                    pace: 60,
                    host: nil,
                    purpose: nil
                )
            )
        ),
        (
            "session-started-shaped", Values.person,
            .sessionStarted(
                SessionStarted(
                    session: Values.session,
                    format: Values.shapedFormat,
                    medium: .typed,
                    plan: SessionPlan(
                        rounds: [
                            [
                                Pod(
                                    number: 0,
                                    client: Values.person,
                                    coaches: [Values.other, Values.third],
                                    observers: []
                                )
                            ]
                        ],
                        timetable: Values.plan.timetable
                    ),
                    pace: 1,
                    host: Values.person,
                    purpose: nil
                )
            )
        ),
        (
            "floor-called", Values.person,
            .floorCalled(FloorCall(wish: .ready, person: Values.person))
        ),
        (
            "phase-started", nil,
            .phaseStarted(
                PhaseStarted(
                    place: PhasePlace(round: 1, phase: 0),
                    pod: nil,
                    ends: Values.later
                )
            )
        ),
        (
            "phase-started-in-a-pod", nil,
            .phaseStarted(
                PhaseStarted(place: PhasePlace(round: 1, phase: 0), pod: 0, ends: Values.later)
            )
        ),
        (
            "clock-paused", Values.person,
            .clockSet(ClockSet(cause: .paused, pod: nil, ends: nil, left: 120_000))
        ),
        (
            "clock-extended", Values.person,
            .clockSet(ClockSet(cause: .extended, pod: 0, ends: Values.later, left: nil))
        ),
        (
            "session-ended", nil,
            .sessionEnded(SessionEnded(session: Values.session, complete: true))
        ),
        (
            "attended", Values.person,
            .attended(Attended(person: Values.person, presence: .here))
        ),
        (
            "replanned", nil,
            .replanned(Replanned(session: Values.session, from: 2, rounds: Values.plan.rounds))
        ),
        (
            "restore-accepted", Values.person,
            .restoreAccepted(
                RestoreAccepted(
                    signed: Values.signedAcceptance,
                    signer: Values.device,
                    acceptance: Values.acceptance,
                    hash: Hashing.hash(Values.acceptance.body)
                )
            )
        ),
        (
            "prompt-opened", Values.person,
            .promptOpened(
                PromptOpened(
                    prompt: Values.prompt,
                    scope: .room,
                    audience: [Values.person, Values.other].sorted(),
                    ends: Values.later
                )
            )
        ),
        (
            "prompt-closed", nil,
            .promptClosed(PromptClosed(prompt: Values.prompt, answers: 5))
        ),
        (
            "history-granted", Values.person,
            .historyGranted(
                HistoryGranted(
                    signed: Values.signedGrant,
                    signer: Values.device,
                    grant: Values.grant
                )
            )
        ),
        ("handed-over", Values.person, .handedOver(HandedOver(to: Values.other))),
        ("rota-set", Values.other, .rotaSet(RotaSet(order: [Values.other, Values.person]))),
        (
            "meeting-set", Values.person,
            .meetingSet(MeetingSet(id: 3, start: Values.later, minutes: 90))
        ),
        ("coming", Values.other, .coming(Coming(meeting: 3, comes: false))),
        (
            "keeper-reached", nil,
            .keeperReached(KeeperReached(person: Values.person, isReached: false))
        ),
        ("need-met", nil, .needMet(NeedMet(person: Values.other, kind: .commit))),
        (
            "phase-started-in-pod", nil,
            .phaseStarted(
                PhaseStarted(place: PhasePlace(round: 2, phase: 1), pod: 1, ends: Values.later)
            )
        ),
        (
            "clock-through", nil,
            .clockSet(ClockSet(cause: .through, pod: 1, ends: nil, left: 0))
        ),
        ("clock-held", nil, .clockSet(ClockSet(cause: .held, pod: nil, ends: nil, left: 0))),
        (
            "clock-awaiting", nil,
            .clockSet(ClockSet(cause: .awaiting, pod: nil, ends: nil, left: 90_000))
        ),
        (
            "floor-given", Values.other,
            .floorCalled(FloorCall(wish: .give, person: Values.person))
        ),
        ("muted", Values.other, .muted(Muted(person: Values.person, isMuted: true))),
        ("shut", Values.other, .shut(Shut(isShut: true))),
        ("visit-asked", Values.other, .visitAsked(TurnPlace(Values.turn))),
        (
            "turn-changed", Values.person,
            .turnChanged(
                TurnChanged(
                    signed: Values.signedVisitYes,
                    signer: Values.device,
                    yes: Values.visitYes
                )
            )
        ),
        (
            "visit-ended", Values.person,
            .visitEnded(VisitEnded(Values.turn, Values.other, number: 9))
        ),
        ("relationship-called", Values.person, .relationshipCalled(RelationshipCall(.renew))),
        ("relationship-waits", Values.person, .relationshipCalled(RelationshipCall(nil))),
        ("farewell-said", Values.other, .farewellSaid(Farewell(isLast: true))),
        ("facilitator-called", Values.other, .facilitatorCalled(TurnPlace(Values.turn))),
        ("deviation-proposed", Values.person, .deviationProposed(Values.deviation)),
        ("deviation-agreed", Values.other, .deviationAgreed(Values.deviation)),
        (
            "deviation-ended", Values.other,
            .deviationEnded(
                Deviation(less: Values.other, more: Values.person, minutes: nil, once: true)
            )
        ),
    ]
}

/// A record of the directory's log with the name of its vector.
struct DirectorySample: Sendable {
    var name: String
    var record: DirectoryRecord

    func sample() throws(CBORError) -> Sample {
        Sample(
            name: "directory-" + name,
            spec: "11.\(record.event.kind)",
            direction: .directory,
            bytes: try CBOREncoder(limits: .wire).encode(record)
        )
    }

    static let all: [DirectorySample] = events.map { name, by, event in
        DirectorySample(
            name: name,
            record: DirectoryRecord(at: Values.time, by: by, event: event)
        )
    }

    private static let version = DeviceListVersion(
        signed: Values.signedList,
        version: 1,
        hash: Values.hash(0x6c)
    )

    private static let events: [(String, ParticipantID?, DirectoryEvent)] = [
        (
            "participant-added", Values.participant,
            .participantAdded(
                NewParticipant(
                    participant: Values.otherParticipant,
                    name: "Béla",
                    department: "Engines",
                    address: nil
                )
            )
        ),
        (
            "participant-renamed", Values.participant,
            .participantRenamed(
                ParticipantRenamed(participant: Values.otherParticipant, name: "Bela")
            )
        ),
        (
            "participant-removed", Values.participant,
            .participantRemoved(Values.otherParticipant)
        ),
        ("administrator-made", nil, .administratorMade(Values.participant)),
        (
            "administrator-ended", Values.participant,
            .administratorEnded(Values.otherParticipant)
        ),
        (
            "room-added", Values.participant,
            .roomAdded(RoomAdded(room: Values.room, name: "Tuesday pairs"))
        ),
        ("room-closed", Values.participant, .roomClosed(Values.room)),
        (
            "proposed", Values.participant,
            .proposed(
                Proposed(
                    room: Values.room,
                    participant: Values.otherParticipant,
                    membership: .facilitator,
                    until: Values.later,
                    fromRoom: false
                )
            )
        ),
        (
            "proposal-withdrawn", nil,
            .proposalWithdrawn(
                ProposalWithdrawn(
                    room: Values.room,
                    participant: Values.otherParticipant,
                    cause: .endDate
                )
            )
        ),
        (
            "accepted", Values.otherParticipant,
            .accepted(ProposalAccepted(room: Values.room, participant: Values.otherParticipant))
        ),
        (
            "invited", Values.participant,
            .invited(
                Invited(
                    invite: Values.invite,
                    participant: Values.otherParticipant,
                    expires: Values.later,
                    device: Values.device,
                    purpose: .person,
                    room: Values.room
                )
            )
        ),
        (
            "invited-by-name", Values.participant,
            .invited(
                Invited(
                    invite: Values.invite,
                    participant: Values.otherParticipant,
                    expires: Values.later,
                    device: Values.device,
                    purpose: .person,
                    room: nil,
                    inviterName: InviterName(name: "Béla", mac: Values.hash(0x6e))
                )
            )
        ),
        (
            "invite-renewed", Values.participant,
            .inviteRenewed(InviteRenewed(invite: Values.invite, expires: Values.later))
        ),
        ("invite-revoked", Values.participant, .inviteRevoked(Values.invite)),
        ("invite-declined", nil, .inviteDeclined(Values.invite)),
        (
            "enrolled", nil,
            .enrolled(
                Enrolled(
                    participant: Values.participant,
                    name: "Ada",
                    enrolment: Enrolment(
                        invite: Values.invite,
                        person: Values.person,
                        device: Values.device,
                        signingKey: Values.point(0x53),
                        deviceList: version,
                        mac: Values.hash(0x6d),
                        encryptionKey: Values.signedKey,
                        requestKey: Values.hash(0x72),
                        certificate: [0x30, 0x00]
                    )
                )
            )
        ),
        (
            "device-waiting", nil,
            .deviceWaiting(
                DeviceWaiting(
                    person: Values.person,
                    enrolment: DeviceEnrolment(
                        invite: Values.invite,
                        device: Values.otherDevice,
                        signingKey: Values.point(0x54),
                        encryptionKey: Values.signedKey,
                        mac: Values.hash(0x6d),
                        requestKey: Values.hash(0x72),
                        certificate: [0x30, 0x00]
                    )
                )
            )
        ),
        (
            "device-listed", Values.participant,
            .deviceListed(
                DeviceListed(
                    person: Values.person,
                    list: version,
                    devices: [Values.device, Values.otherDevice],
                    revoked: [Values.id(0x66)]
                )
            )
        ),
        ("device-revoked", Values.participant, .deviceRevoked(Values.device)),
        (
            "certificate-renewed", Values.participant,
            .certificateRenewed(
                CertificateRenewed(device: Values.device, certificate: [0x30, 0x00])
            )
        ),
        (
            "encryption-key-announced", Values.participant,
            .encryptionKeyAnnounced(
                EncryptionKeyAnnounced(device: Values.device, key: Values.signedKey, version: 2)
            )
        ),
        (
            "vouched", Values.participant,
            .vouched(
                Vouched(
                    person: Values.other,
                    voucher: Values.signedVoucher,
                    signer: Values.device,
                    introduction: Values.hash(0x6d)
                )
            )
        ),
        ("defaults-set", Values.participant, .defaultsSet(Values.policy)),
        ("programme-opened", Values.participant, .programmeOpened(Values.room)),
        ("format-added", Values.participant, .formatAdded(Values.format)),
        ("format-removed", Values.participant, .formatRemoved("team-triad")),
    ]
}
