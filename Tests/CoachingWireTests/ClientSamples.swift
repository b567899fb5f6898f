// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel
import CoachingWire

/// One message of a client with the name of its vector.
struct ClientSample: Sendable {
    var name: String
    var spec: String
    var message: ClientMessage

    func sample() throws(CBORError) -> Sample {
        Sample(
            name: "client-" + name,
            spec: spec,
            direction: .client,
            bytes: try message.frame()
        )
    }

    static let all: [ClientSample] =
        first
        + requests.map { name, request in
            ClientSample(
                name: "request-" + name,
                spec: "4.\(request.kind.rawValue)",
                message: .request(id: 7, request)
            )
        }
        + pages.map { name, request in
            ClientSample(
                name: "request-\(name)-after",
                spec: "4.\(request.kind.rawValue)",
                message: .request(id: 7, request, after: Values.cursor)
            )
        }
        + acts.map { act in
            ClientSample(
                name: "room-\(hyphenated("\(act.kind)"))",
                spec: "4.6.\(act.kind.rawValue)",
                message: .request(id: 8, .room(RoomRequest(room: Values.room, act: act)))
            )
        }
        + directory.map { name, request in
            ClientSample(
                name: "directory-" + name,
                spec: "4.7.\(request.kind.rawValue)",
                message: .request(id: 9, .directory(request))
            )
        }

    private static let first: [ClientSample] = [
        ClientSample(
            name: "hello",
            spec: "3.2",
            message: .hello(
                Hello(
                    version: wireVersion,
                    device: Values.device,
                    signature: Values.bytes(64, 0x5a),
                    program: "peercoach 0.1"
                )
            )
        ),
        ClientSample(name: "pong", spec: "3.6", message: .pong),
        ClientSample(
            name: "enrolment-look",
            spec: "3.5.0",
            message: .enrolment(.look(auth: Values.hash(0x61)))
        ),
        ClientSample(
            name: "enrolment-person",
            spec: "3.5.1",
            message: .enrolment(
                .person(
                    PersonForm(
                        auth: Values.hash(0x61),
                        request: [0x30, 0x00],
                        deviceList: Values.signedList,
                        mac: Values.hash(0x6d),
                        encryptionKey: Values.signedKey
                    )
                )
            )
        ),
        ClientSample(
            name: "enrolment-device",
            spec: "3.5.2",
            message: .enrolment(
                .device(
                    DeviceForm(
                        auth: Values.hash(0x61),
                        request: [0x30, 0x00],
                        signingKey: Values.point(0x53),
                        mac: Values.hash(0x6d),
                        encryptionKey: Values.signedKey
                    )
                )
            )
        ),
        ClientSample(
            name: "enrolment-device-recovered",
            spec: "3.5.2",
            message: .enrolment(
                .device(
                    DeviceForm(
                        auth: Values.hash(0x61),
                        request: [0x30, 0x00],
                        signingKey: Values.point(0x53),
                        mac: Values.hash(0x6d),
                        encryptionKey: Values.signedKey,
                        deviceList: Values.signedList
                    )
                )
            )
        ),
        ClientSample(
            name: "enrolment-decline",
            spec: "3.5.3",
            message: .enrolment(.decline(auth: Values.hash(0x61)))
        ),
    ]

    private static let requests: [(String, Request)] = [
        ("post", .post(Post(room: Values.room, item: Values.item))),
        (
            "posted",
            .posted(
                EntryReference(
                    room: Values.room,
                    transcript: Values.transcript,
                    key: Values.key,
                    counter: 3
                )
            )
        ),
        (
            "follow",
            .follow(
                Follow(
                    room: Values.room,
                    position: 12,
                    transcripts: [TranscriptPosition(transcript: Values.transcript, number: 41)],
                    rest: true
                )
            )
        ),
        ("unfollow", .unfollow(Values.room)),
        (
            "history",
            .history(
                HistoryPage(
                    room: Values.room,
                    transcript: Values.transcript,
                    before: 41,
                    limit: 50
                )
            )
        ),
        (
            "history-newest",
            .history(
                HistoryPage(
                    room: Values.room,
                    transcript: Values.transcript,
                    before: UInt64(Int64.max),
                    limit: 200
                )
            )
        ),
        ("rooms", .rooms),
        ("lobby", .lobby(Values.room)),
        ("vouches", .vouches),
        ("devices", .devices),
        ("people", .people),
        ("invites", .invites),
        ("status", .status),
        ("renew", .renew([0x30, 0x00])),
        ("keys", .keys(Values.room)),
        ("introductions", .introductions),
        ("about", .about),
        ("formats", .formats),
        ("policy", .policy),
        (
            "post-handing-over",
            .post(Post(room: Values.room, item: Values.item, file: Values.hash(0x66)))
        ),
        (
            "put-chunk",
            .putChunk(
                FilePart(
                    room: Values.room,
                    transcript: Values.transcript,
                    file: Values.hash(0x66),
                    chunks: 3,
                    index: 2,
                    bytes: Values.bytes(40, 0x63)
                )
            )
        ),
        (
            "get-chunk",
            .getChunk(
                FilePlace(
                    room: Values.room,
                    transcript: Values.transcript,
                    file: Values.hash(0x66),
                    index: 2
                )
            )
        ),
    ]

    private static let pages: [(String, Request)] = [
        ("rooms", .rooms), ("lobby", .lobby(Values.room)), ("vouches", .vouches),
        ("people", .people), ("invites", .invites), ("status", .status),
        ("keys", .keys(Values.room)), ("introductions", .introductions),
    ]

    private static let acts: [RoomAct] = [
        .admit(Values.signedRoster),
        .exclude(Values.other),
        .proposeAgreement(AgreementVersion(version: 1, hash: Values.hash(0x61))),
        .acceptAgreement(AgreementVersion(version: 1, hash: Values.hash(0x61))),
        .attend(Attended(person: Values.person, presence: .here)),
        .start(
            SessionStart(
                session: Values.session,
                format: Values.format,
                medium: .typed,
                until: Values.later,
                pace: 1,
                purpose: Values.hash(0x70),
                shown: Values.plan.rounds
            )
        ),
        .pause,
        .resume,
        .extend(300_000),
        .skip,
        .end,
        .acceptRestore(Values.signedAcceptance),
        .openPrompt(
            PromptOpening(prompt: Values.prompt, scope: .peers, milliseconds: 3_600_000)
        ),
        .closePrompt(Values.prompt),
        .grantHistory(Values.signedGrant),
        .handOver(HandedOver(to: Values.other)),
        .setRota(RotaSet(order: [Values.other, Values.person])),
        .schedule(
            MeetingWishes([
                MeetingWish(id: nil, start: Values.later, minutes: 90),
                MeetingWish(id: 2, start: nil, minutes: 90),
            ])
        ),
        .come(Coming(meeting: 3, comes: true)),
        .floor(FloorCall(wish: .pass, person: Values.person)),
        .back,
        .stop,
        .mute(Muted(person: Values.person, isMuted: true)),
        .shut(Shut(isShut: true)),
        .move(PodWish(person: Values.person, pod: 1)),
        .askVisit(TurnPlace(Values.turn)),
        .allowVisit(Values.signedVisitYes),
        .endVisit(TurnPlace(Values.turn)),
        .callRelationship(RelationshipCall(.changeFocus)),
        .sayFarewell(Farewell(isLast: true)),
        .callFacilitator(TurnPlace(Values.turn)),
        .proposeDeviation(Values.deviation),
        .agreeDeviation(Values.deviation),
        .endDeviation(
            Deviation(less: Values.other, more: Values.person, minutes: nil, once: true)
        ),
    ]

    private static let directory: [(String, DirectoryRequest)] = [
        (
            "add-people",
            .addPeople([
                NewParticipant(
                    participant: Values.participant,
                    name: "Ada",
                    department: "Engines",
                    address: "ada@example.org"
                ),
                NewParticipant(participant: Values.otherParticipant, name: "Béla"),
            ])
        ),
        ("remove-person", .removePerson(Values.participant)),
        (
            "rename-person",
            .renamePerson(NewName(participant: Values.participant, name: "Ada Byron"))
        ),
        ("make-administrator", .makeAdministrator(Values.participant)),
        ("end-administrator", .endAdministrator(Values.participant)),
        ("add-room", .addRoom(NamedRoom(room: Values.room, name: "Tuesday pairs"))),
        ("close-room", .closeRoom(Values.room)),
        (
            "propose",
            .propose(
                RoomProposal(
                    room: Values.room,
                    participant: Values.participant,
                    membership: .peer,
                    until: nil
                )
            )
        ),
        (
            "propose-facilitator",
            .propose(
                RoomProposal(
                    room: Values.room,
                    participant: Values.participant,
                    membership: .facilitator,
                    until: Values.later
                )
            )
        ),
        (
            "withdraw-proposal",
            .withdrawProposal(RoomPlace(room: Values.room, participant: Values.participant))
        ),
        ("accept", .accept(Values.room)),
        ("open-programme", .openProgramme(Values.room)),
        ("contribute", .contribute),
        (
            "invite",
            .invite(
                NewInvite(
                    hash: Values.invite,
                    participant: Values.participant,
                    days: 7,
                    room: Values.room
                )
            )
        ),
        (
            "invite-to-programme",
            .invite(
                NewInvite(
                    hash: Values.invite,
                    participant: Values.participant,
                    days: nil,
                    room: nil
                )
            )
        ),
        (
            "invite-for-device",
            .invite(
                NewInvite(
                    hash: Values.invite,
                    participant: Values.participant,
                    days: 3,
                    room: nil,
                    forDevice: true
                )
            )
        ),
        (
            "invite-by-name",
            .invite(
                NewInvite(
                    hash: Values.invite,
                    participant: Values.participant,
                    days: 3,
                    room: nil,
                    inviter: InviterName(name: "Béla", mac: Values.hash(0x6e))
                )
            )
        ),
        ("renew-invite", .renewInvite(InviteTerm(hash: Values.invite, days: 3))),
        ("revoke-invite", .revokeInvite(Values.invite)),
        ("list-devices", .listDevices(Values.signedList)),
        ("revoke-device", .revokeDevice(Values.device)),
        (
            "vouch",
            .vouch(
                NewVoucher(
                    person: Values.person,
                    voucher: Values.signedVoucher,
                    introduction: Values.hash(0x6d)
                )
            )
        ),
        ("announce-key", .announceKey(Values.signedKey)),
        ("invite-device", .inviteDevice(Values.invite)),
        ("remove-format", .removeFormat("team-triad")),
        ("add-format", .addFormat(Values.format)),
        ("set-policy", .setPolicy(Values.policy)),
    ]
}

/// Writes `proposeAgreement` as `propose-agreement`.
func hyphenated(_ name: String) -> String {
    name.reduce(into: "") { result, letter in
        if letter.isUppercase { result += "-" }
        result += letter.lowercased()
    }
}
