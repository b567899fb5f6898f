// SPDX-License-Identifier: Apache-2.0
import CBOR
import Testing

@testable import CoachingModel

@Suite("Coding of the directory's log") struct DirectoryCodingTests {
    private static let listed = DeviceListed(
        person: numbered(2),
        list: DeviceListVersion(
            signed: numberedSigned(1),
            version: 2,
            hash: numberedHash(3)
        ),
        devices: [numbered(4), numbered(5)],
        revoked: []
    )
    private static let invited = Invited(
        invite: numberedHash(1),
        participant: numbered(2),
        expires: Timestamp(milliseconds: -5),
        device: numbered(3),
        purpose: .person,
        room: numbered(4)
    )
    private static let proposed = Proposed(
        room: numbered(1),
        participant: numbered(2),
        membership: .facilitator,
        until: Timestamp(milliseconds: 7),
        fromRoom: true
    )

    /// One of each kind, in order of the kinds.
    static let events: [DirectoryEvent] = [
        .participantAdded(
            NewParticipant(
                participant: numbered(1),
                name: "Lena",
                department: "Sales",
                address: "l@a.b"
            )
        ),
        .participantRenamed(ParticipantRenamed(participant: numbered(1), name: "Jürgen")),
        .participantRemoved(numbered(1)), .administratorMade(numbered(1)),
        .administratorEnded(numbered(1)), .roomAdded(RoomAdded(room: numbered(1), name: "north")),
        .roomClosed(numbered(1)), .proposed(proposed),
        .proposalWithdrawn(
            ProposalWithdrawn(room: numbered(1), participant: numbered(2), cause: .endDate)
        ),
        .accepted(ProposalAccepted(room: numbered(1), participant: numbered(2))),
        .invited(invited),
        .inviteRenewed(
            InviteRenewed(invite: numberedHash(1), expires: Timestamp(milliseconds: 9))
        ),
        .inviteRevoked(numberedHash(1)), .inviteDeclined(numberedHash(1)),
        .enrolled(Enrolled(participant: numbered(1), name: "Lena", enrolment: enrolment(2))),
        .deviceWaiting(DeviceWaiting(person: numbered(1), enrolment: deviceEnrolment(2))),
        .deviceListed(listed), .deviceRevoked(numbered(1)),
        .certificateRenewed(CertificateRenewed(device: numbered(1), certificate: [1, 2])),
        .encryptionKeyAnnounced(
            EncryptionKeyAnnounced(device: numbered(1), key: numberedSigned(1), version: 3)
        ),
        .vouched(
            Vouched(
                person: numbered(1),
                voucher: numberedSigned(1),
                signer: numbered(2),
                introduction: numberedHash(3)
            )
        ),
        .programmeOpened(numbered(4)),
        .formatAdded(
            SessionFormat(
                name: "ours",
                title: "Ours",
                source: "",
                version: 1,
                pods: PodSizes(smallest: 2, usual: 2, largest: 2),
                opening: [],
                round: [],
                closing: []
            )
        ),
        .formatRemoved("ours"),
        .defaultsSet(
            RoomPolicy(
                turnDays: 5,
                roomDays: 6,
                historyForNewcomers: true,
                namesToAdministrators: true
            )
        ),
    ]

    @Test func `every record is read back as it was written, and kinds stay for ever`()
        throws
    {
        #expect(Self.events.map(\.kind) == Array(1...24) + [50])
        for event in Self.events {
            for by in [nil, numbered(9)] as [ParticipantID?] {
                let record = DirectoryRecord(
                    at: Timestamp(milliseconds: 1_800_000_000_000),
                    by: by,
                    event: event
                )
                let bytes = try CBOREncoder(limits: .wire).encode(record)
                let decoder = CBORDecoder(limits: .wire, unknownKeys: .refuse)
                #expect(try decoder.decode(DirectoryRecord.self, from: bytes) == record)
                #expect(try CBOREncoder().encode(record) == bytes)
            }
        }
    }

    @Test func `a record is an array of kind, time, who and a map`() throws {
        let id: ParticipantID = numbered(1)
        let record = DirectoryRecord(
            at: Timestamp(milliseconds: 5),
            by: nil,
            event: .administratorMade(id)
        )
        let expected: [UInt8] = [0x84, 0x04, 0x05, 0xF6, 0xA1, 0x00, 0x50] + id.value.bytes
        #expect(try CBOREncoder().encode(record) == expected)
        let room = DirectoryRecord(
            at: Timestamp(milliseconds: 5),
            by: id,
            event: .roomAdded(RoomAdded(room: numbered(2), name: "n"))
        )
        let roomID: RoomID = numbered(2)
        let head: [UInt8] = [0x84, 0x06, 0x05, 0x50] + id.value.bytes
        let payload: [UInt8] = [0xA2, 0x00, 0x50] + roomID.value.bytes + [0x01, 0x61, 0x6E]
        #expect(try CBOREncoder().encode(room) == head + payload)
    }

    @Test func `an unknown kind is passed over, and an unknown key skipped`() throws {
        let unknown: [UInt8] = [0x84, 0x18, 0x63, 0x05, 0xF6, 0xA1, 0x00, 0x82, 0x01, 0x02]
        let record = try CBORDecoder().decode(DirectoryRecord.self, from: unknown)
        #expect(record.event == .unrecognised(kind: 99))
        var directory = Directory()
        directory.evolve(record)
        #expect(directory.lastAt == record.at)
        #expect(throws: CBORError.self) { try CBOREncoder().encode(record) }
        let id: ParticipantID = numbered(1)
        let newer: [UInt8] =
            [0x84, 0x04, 0x05, 0xF6, 0xA2, 0x00, 0x50] + id.value.bytes + [0x18, 0x20, 0x01]
        #expect(
            try CBORDecoder().decode(DirectoryRecord.self, from: newer).event
                == .administratorMade(id)
        )
    }

    @Test func `a record that is cut off or has a wrong value is refused`() throws {
        for event in Self.events {
            let record = DirectoryRecord(
                at: Timestamp(milliseconds: 5),
                by: numbered(1),
                event: event
            )
            let bytes = try CBOREncoder().encode(record)
            for count in 0..<bytes.count {
                #expect(throws: CBORError.self) {
                    try CBORDecoder().decode(DirectoryRecord.self, from: Array(bytes[..<count]))
                }
            }
        }
        let shortID: [UInt8] = [0x84, 0x04, 0x05, 0xF6, 0xA1, 0x00, 0x41, 0x01]
        #expect(throws: CBORError.self) {
            try CBORDecoder().decode(DirectoryRecord.self, from: shortID)
        }
    }

    @Test func `refusals have the numbers 64 to 127, which rooms do not use`() {
        let codes = DirectoryRejection.allCases.map(\.rawValue)
        #expect(codes == Array(64...98))
        let rooms = RoomRejection.allCases.map(\.rawValue)
        #expect(rooms.allSatisfy { $0 < 64 || (128..<256).contains($0) })
    }
}
