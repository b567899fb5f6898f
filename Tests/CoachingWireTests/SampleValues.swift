// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingEnvelope
import CoachingModel
import CoachingWire

/// The values of which the vectors are made: sixteen or thirty-two times the same byte.
enum Values {
    static let room: RoomID = id(0x52)
    static let otherRoom: RoomID = id(0x53)
    static let person: PersonID = id(0x61)
    static let other: PersonID = id(0x62)
    static let third: PersonID = id(0x63)
    static let deviation = Deviation(less: person, more: other, minutes: 10, once: false)
    static let participant: ParticipantID = id(0x31)
    static let otherParticipant: ParticipantID = id(0x32)
    static let device: DeviceID = id(0x64)
    static let otherDevice: DeviceID = id(0x65)
    static let session: SessionID = id(0x53)
    static let prompt: PromptID = id(0x71)
    static let transcript: TranscriptID = id(0x74)
    static let key: KeyID = id(0x6b)
    static let invite = hash(0x69)
    static let cursor = PageCursor(bytes(16, 0x63))
    static let time = Timestamp(milliseconds: 1_800_000_000_000)
    static let later = Timestamp(milliseconds: 1_800_000_300_000)
    /// No signature fits: the objects and their signatures have vectors of their own.
    static let signedList = signed(deviceList.body)
    static let signedRoster = signed(roster.body)
    static let signedKey = signed(
        try? EncryptionKeyAnnouncement(
            device: device,
            version: 1,
            encryptionKey: point(0x45),
            suite: .p256,
            notAfter: later
        ).body()
    )
    static let signedVoucher = signed(
        try? VouchedIdentity(identityKey: point(0x49), deviceList: hash(0x6c), name: "Ada").body()
    )

    static let policy = RoomPolicy(
        turnDays: 30,
        roomDays: 200,
        historyForNewcomers: true,
        namesToAdministrators: false
    )
    static let grant = HistoryGrant(
        room: room,
        person: other,
        roster: hash(0x72),
        spans: [
            GrantedSpan(scope: .peers, from: 1, until: 6),
            GrantedSpan(scope: .room, from: 3, until: 41),
        ],
        since: time
    )
    static let signedGrant = signed(grant.body)
    static let turn = TurnID(session: session, round: 2, pod: 1)
    static let visitYes = VisitYes(
        room: room,
        turn: turn,
        visitor: other,
        asked: 41,
        number: 6
    )
    static let signedVisitYes = signed(visitYes.body)

    private static func signed(_ body: [UInt8]?) -> SignedBytes {
        SignedBytes(body: body ?? [], signature: bytes(64, 0x5a))
    }

    static func id<T: Identifier>(_ byte: UInt8) -> T {
        let word = UInt64(byte) &* 0x0101_0101_0101_0101
        return T(Bytes16(high: word, low: word))
    }

    static func hash(_ byte: UInt8) -> Bytes32 {
        let word = UInt64(byte) &* 0x0101_0101_0101_0101
        return Bytes32(word, word, word, word)
    }

    static func bytes(_ count: Int, _ byte: UInt8) -> [UInt8] {
        [UInt8](repeating: byte, count: count)
    }

    /// The form of a public key; no point of the curve.
    static func point(_ byte: UInt8) -> [UInt8] { [4] + bytes(64, byte) }

    /// An entry; what its sealed part holds is nobody's business here.
    static let item = EntryItem.encoded(
        header: EntryHeader(
            transcript: transcript,
            key: key,
            device: device,
            counter: 3,
            kind: .ask,
            seenNumber: 41,
            seenHead: hash(0x68)
        ).encoded(),
        sealed: [1, 2, 3, 0x80] + bytes(252, 0),
        signature: bytes(64, 0x5a)
    )

    static let deviceList = DeviceList(
        person: person,
        identityKey: point(0x49),
        version: 2,
        previous: hash(0x70),
        devices: [
            ListedDevice(device: device, signingKey: point(0x53), created: time),
            ListedDevice(device: otherDevice, signingKey: point(0x54), created: later),
        ],
        revoked: [id(0x66)],
        recoveryKey: point(0x52)
    )

    static let roster = Roster(
        room: room,
        version: 1,
        previous: .zero,
        members: [
            RosterMember(
                person: person,
                identityKey: point(0x49),
                membership: .peer,
                leastDeviceListVersion: 1,
                name: "Ada"
            ),
            RosterMember(
                person: other,
                identityKey: point(0x4a),
                membership: .facilitator,
                leastDeviceListVersion: 1,
                name: "Béla"
            ),
        ],
        policy: .standard,
        excludedDevices: [id(0x66)]
    )

    static let acceptance = RestoreAcceptance(
        room: room,
        position: 41,
        head: hash(0x68),
        transcripts: [TranscriptEnd(transcript: transcript, number: 7, head: hash(0x69))],
        nonce: Bytes16(high: 0x6e, low: 0x6f)
    )

    static let signedAcceptance = SignedBytes(
        body: acceptance.body,
        signature: bytes(64, 0x5a)
    )

    static let pod = Pod(number: 0, client: person, coaches: [other], observers: [third])

    static let format = SessionFormat(
        name: "pair",
        title: "Pair",
        source: "A vector of the protocol.",
        version: 1,
        pods: PodSizes(smallest: 2, usual: 2, largest: 3),
        opening: [],
        round: [
            Phase(
                name: "explore",
                title: "Explore",
                seconds: 300,
                parts: [
                    Part(
                        role: .client,
                        kinds: [.say, .answer],
                        bare: .say,
                        sentence: "Say what is on your mind."
                    ),
                    Part(
                        role: .coach,
                        kinds: [.ask, .reflect],
                        bare: .ask,
                        spoken: .note,
                        sentence: "Ask {client} one open question."
                    ),
                    Part(role: .observer, kinds: [], bare: .note, sentence: "Watch {coach}."),
                ]
            )
        ],
        closing: [
            Phase(
                name: "thanks",
                title: "Thanks",
                seconds: 60,
                parts: [
                    Part(role: .everyone, kinds: [.thanks], bare: .thanks, sentence: "Thank.")
                ]
            )
        ]
    )

    /// A format with all that formats may have beside what they must.
    static let shapedFormat = {
        var shaped = format
        shaped.roundsMost = 1
        shaped.seating = .allCoach
        shaped.labels = RoleLabels(client: "receiver", coach: "giver")
        shaped.round[0].parts.removeLast()
        shaped.round[0].parts[0].floor = .questionFirst
        shaped.round[0].parts[1].floor = .round
        return shaped
    }()

    static let plan = SessionPlan(
        rounds: [[pod], [Pod(number: 0, client: other, coaches: [person], observers: [])]],
        timetable: Timetable(opening: [], round: [300_000], closing: [60_000])
    )

    static let waiting = Waiting(vouches: 1, lobbies: [room], devices: 2)

    static let open = OpenTranscript(
        transcript: transcript,
        scope: .turn,
        instance: bytes(16, 0x53) + [1, 0],
        first: 1,
        headBefore: hash(0x68),
        last: 41,
        from: 40
    )
}
