// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel
import CoachingWire

/// One message of a server with the name of its vector.
struct ServerSample: Sendable {
    var name: String
    var spec: String
    var message: ServerMessage

    func sample() throws(CBORError) -> Sample {
        Sample(
            name: "server-" + name,
            spec: spec,
            direction: .server,
            bytes: try message.frame()
        )
    }

    static let all: [ServerSample] =
        first + enrolments
        + answers.map { name, answer in
            ServerSample(
                name: "reply-" + name,
                spec: "5.\(answer.kind.rawValue)",
                message: .reply(id: 7, answer)
            )
        }
        + answers.filter { $0.1.kind.isPaged }.map { name, answer in
            ServerSample(
                name: "reply-\(name)-next",
                spec: "5.\(answer.kind.rawValue)",
                message: .reply(id: 7, answer, next: Values.cursor)
            )
        }
        + pushes.map { push in
            ServerSample(
                name: "push-\(push.kind)",
                spec: "6.\(push.kind.rawValue)",
                message: .push(push)
            )
        } + [
            ServerSample(
                name: "push-tombstone-by-a-withdrawal",
                spec: "6.17",
                message: .push(
                    .tombstone(
                        Tombstone(
                            transcript: Values.transcript,
                            number: 42,
                            digest: Values.hash(0x64),
                            by: 44
                        )
                    )
                )
            )
        ]

    private static let first: [ServerSample] = [
        ServerSample(
            name: "welcome",
            spec: "3.1",
            message: .welcome(
                Welcome(
                    nonce: Values.hash(0x6e),
                    versions: [wireVersion],
                    limits: WireLimits(),
                    time: Values.time
                )
            )
        ),
        ServerSample(
            name: "ready",
            spec: "3.3",
            message: .ready(
                Ready(
                    person: Values.person,
                    participant: Values.participant,
                    name: "Ada",
                    administrator: true,
                    time: Values.time,
                    waiting: Values.waiting
                )
            )
        ),
        ServerSample(
            name: "goodbye",
            spec: "3.4",
            message: .goodbye(Goodbye(.outOfOrder, "Say hello first, once."))
        ),
        ServerSample(name: "ping", spec: "3.6", message: .ping),
        ServerSample(
            name: "refusal",
            spec: "7",
            message: .refusal(
                id: 7,
                Refusal(.outOfStep, detail: 4, sentence: "Send it again.", reference: "1-7")
            )
        ),
    ]

    private static let enrolments: [ServerSample] =
        [
            EnrolmentReply.invitation(
                Invitation(
                    name: "Ada",
                    inviter: "Béla",
                    purpose: .person,
                    expires: Values.later,
                    rooms: ["Tuesday pairs"]
                )
            ),
            .enrolled(
                EnrolmentReceipt(
                    certificate: [0x30, 0x00],
                    authority: [0x30, 0x01, 0x00],
                    person: Values.person,
                    name: "Ada",
                    identityKey: Values.point(0x49),
                    active: true
                )
            ),
            .declined,
            .refused(code: .notFound, sentence: "This invite cannot be used."),
        ].map { reply in
            ServerSample(
                name: "enrolment-\(reply.kind)",
                spec: "3.5.\(reply.kind.rawValue)",
                message: .enrolment(reply)
            )
        } + [
            ServerSample(
                name: "enrolment-invitation-for-device",
                spec: "3.5.0",
                message: .enrolment(
                    .invitation(
                        Invitation(
                            name: "Ada",
                            inviter: "Béla",
                            purpose: .device,
                            expires: Values.later,
                            rooms: [],
                            deviceList: Values.signedList,
                            ended: [Values.device]
                        )
                    )
                )
            ),
            ServerSample(
                name: "enrolment-invitation-by-name",
                spec: "3.5.0",
                message: .enrolment(
                    .invitation(
                        Invitation(
                            name: "Ada",
                            inviter: "Béla",
                            purpose: .person,
                            expires: Values.later,
                            rooms: [],
                            provedInviter: InviterName(name: "Béla", mac: Values.hash(0x6e))
                        )
                    )
                )
            ),
        ]

    private static let pushes: [Push] = [
        .item(
            PushedItem(
                transcript: Values.transcript,
                number: 42,
                at: Values.time,
                item: Values.item
            )
        ),
        .tombstone(
            Tombstone(transcript: Values.transcript, number: 42, digest: Values.hash(0x64))
        ),
        .record(PushedRecord(room: Values.room, position: 12, record: RecordSample.attended)),
        .lagged([Values.room, Values.otherRoom]),
        .opened(Values.room, Values.open),
        .waiting(Values.waiting),
        .admitted(Values.room),
    ]

    private static let answers: [(String, Answer)] = [
        ("posted", .posted(42)),
        (
            "followed",
            .followed(
                Followed(
                    position: 12,
                    head: Values.hash(0x68),
                    transcripts: [Values.open],
                    name: "Tuesday pairs"
                )
            )
        ),
        ("history", .history(first: 21)),
        ("done", .done(13)),
        (
            "rooms",
            .rooms([
                RoomSummary(
                    room: Values.room,
                    name: "Tuesday pairs",
                    membership: .peer,
                    stage: .accepted,
                    admitters: ["Béla"],
                    running: false,
                    people: 3
                )
            ])
        ),
        (
            "rooms-programme",
            .rooms([
                RoomSummary(
                    room: Values.room,
                    name: "programme",
                    membership: .facilitator,
                    stage: .founding,
                    admitters: [],
                    running: false,
                    people: 0,
                    isProgramme: true
                )
            ])
        ),
        (
            "lobby",
            .lobby(
                Lobby(candidates: [
                    Candidate(
                        participant: Values.participant,
                        name: "Ada",
                        membership: .peer,
                        proposer: "Béla",
                        accepted: true,
                        deviceList: Values.signedList,
                        vouchers: [
                            SignedVoucher(
                                voucher: Values.signedVoucher,
                                signer: Values.otherDevice,
                                signerDevices: Values.signedList,
                                name: "Béla",
                                administrator: true
                            )
                        ]
                    ),
                    Candidate(
                        participant: Values.otherParticipant,
                        name: "Cleo",
                        membership: .facilitator,
                        proposer: "Béla",
                        accepted: false,
                        deviceList: nil,
                        vouchers: []
                    ),
                ])
            )
        ),
        (
            "vouches",
            .vouches([
                AwaitedVouch(
                    invite: Values.invite,
                    person: Values.person,
                    name: "Ada",
                    deviceList: Values.signedList,
                    mac: Values.hash(0x6d)
                )
            ])
        ),
        (
            "devices",
            .devices(
                DeviceSummaries(
                    deviceList: Values.signedList,
                    devices: [
                        DeviceSummary(
                            device: Values.device,
                            state: .active,
                            signingKey: Values.point(0x53),
                            encryptionKey: nil,
                            mac: nil,
                            invite: nil,
                            since: Values.time
                        ),
                        DeviceSummary(
                            device: Values.otherDevice,
                            state: .waiting,
                            signingKey: Values.point(0x54),
                            encryptionKey: Values.signedKey,
                            mac: Values.hash(0x6d),
                            invite: Values.invite,
                            since: Values.later
                        ),
                    ]
                )
            )
        ),
        (
            "people",
            .people([
                PersonSummary(
                    participant: Values.participant,
                    name: "Ada",
                    department: "Engines",
                    address: "ada@example.org",
                    enrolled: true,
                    administrator: false,
                    rooms: [
                        PersonRoom(
                            room: Values.room,
                            name: "Tuesday pairs",
                            membership: .peer,
                            stage: .admitted
                        )
                    ],
                    devices: [Values.device]
                )
            ])
        ),
        (
            "invites",
            .invites([
                InviteSummary(
                    hash: Values.invite,
                    participant: Values.participant,
                    name: "Ada",
                    purpose: .person,
                    expires: Values.later,
                    state: .open
                )
            ])
        ),
        (
            "status",
            .status(
                StatusCounts(
                    people: 12,
                    enrolled: 9,
                    invitesOpen: 2,
                    invitesUsed: 9,
                    invitesExpired: 1,
                    rooms: [
                        RoomCounts(
                            room: Values.room,
                            name: "Tuesday pairs",
                            opened: true,
                            sessions: 4,
                            attended: 6,
                            names: ["Ada", "Bo"]
                        ),
                        RoomCounts(
                            room: Values.otherRoom,
                            name: "New",
                            opened: false,
                            sessions: nil,
                            attended: nil
                        ),
                    ]
                )
            )
        ),
        ("certificate", .certificate([0x30, 0x00])),
        (
            "keys",
            .keys([
                MemberKeys(
                    person: Values.person,
                    deviceList: Values.signedList,
                    encryptionKeys: [Values.signedKey]
                )
            ])
        ),
        (
            "introductions",
            .introductions([
                Introduction(
                    invite: Values.invite,
                    name: "Béla",
                    deviceList: Values.signedList,
                    mac: Values.hash(0x6d)
                )
            ])
        ),
        (
            "introductions-by-name",
            .introductions([
                Introduction(
                    invite: Values.invite,
                    name: "Béla",
                    deviceList: Values.signedList,
                    mac: Values.hash(0x6d),
                    provedName: InviterName(name: "Béla", mac: Values.hash(0x6e))
                )
            ])
        ),
        (
            "about",
            .about(
                AboutMe(
                    participant: Values.participant,
                    name: "Ada",
                    department: "Engines",
                    address: "ada@example.org",
                    added: Values.time,
                    administrator: false,
                    person: Values.person,
                    devices: [
                        AboutDevice(device: Values.device, state: .active, since: Values.time),
                        AboutDevice(
                            device: Values.otherDevice,
                            state: .revoked,
                            since: Values.time
                        ),
                    ],
                    invites: [
                        AboutInvite(
                            purpose: .person,
                            state: .used,
                            inviter: "Béla",
                            made: Values.time,
                            expires: Values.later
                        )
                    ],
                    vouchers: [AboutVoucher(name: "Béla", at: Values.later)],
                    places: [
                        AboutPlace(
                            room: Values.room,
                            name: "Tuesday pairs",
                            membership: .facilitator,
                            proposer: "Béla",
                            proposed: Values.time,
                            accepted: Values.later,
                            until: Values.later,
                            closed: false
                        )
                    ]
                )
            )
        ),
        ("policy", .policy(Values.policy)),
        ("chunk", .chunk(Values.bytes(40, 0x63))),
        ("formats", .formats([Values.format])),
    ]
}
