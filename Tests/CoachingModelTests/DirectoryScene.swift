// SPDX-License-Identifier: Apache-2.0
@testable import CoachingModel

/// A directory with its log, a clock that is set by hand, and identifiers that are numbers.
struct DirectoryScene {
    var directory: Directory
    var log: [DirectoryRecord] = []
    var now = Timestamp(milliseconds: 1_800_000_000_000)

    init(limits: DirectoryLimits = DirectoryLimits()) { directory = Directory(limits: limits) }

    /// A participant who has enrolled, with their first device.
    struct Seat: Hashable {
        let participant: ParticipantID
        let person: PersonID
        let device: DeviceID

        var administrator: DirectoryActor { .administrator(participant, device) }

        func actor(keeperOf rooms: Set<RoomID> = []) -> DirectoryActor {
            .person(participant, person, device, keeperOf: rooms)
        }

        func on(_ device: DeviceID) -> DirectoryActor {
            .person(participant, person, device, keeperOf: [])
        }
    }

    @discardableResult
    mutating func carry(
        _ command: DirectoryCommand,
        by actor: DirectoryActor
    ) throws(DirectoryRejection) -> [DirectoryEvent] {
        let records = try directory.decide(command, by: actor, at: now)
        for record in records { directory.evolve(record) }
        log += records
        return records.map(\.event)
    }

    func refusal(of command: DirectoryCommand, by actor: DirectoryActor) -> DirectoryRejection? {
        do {
            _ = try directory.decide(command, by: actor, at: now)
            return nil
        } catch {
            return error
        }
    }

    mutating func pass(minutes: Int64) { now = now.adding(milliseconds: minutes * 60_000) }
    mutating func pass(days: Int64) { pass(minutes: days * 1_440) }

    /// An administrator, number 1, on device 1, by the operator's invite 1.
    mutating func administrator() throws(DirectoryRejection) -> Seat {
        try carry(
            .inviteAdministrator(
                AdministratorInvite(
                    participant: numbered(1),
                    name: "Maya",
                    invite: numberedHash(1),
                    isReplacing: false
                )
            ),
            by: .operator
        )
        try carry(.enrol(enrolment(1)), by: .stranger)
        return seat(1)
    }

    /// Somebody who was invited by an administrator and has enrolled.
    mutating func person(
        _ number: UInt64,
        by administrator: Seat
    ) throws(DirectoryRejection) -> Seat {
        try carry(
            .addParticipants([NewParticipant(participant: numbered(number), name: "P\(number)")]),
            by: administrator.administrator
        )
        try carry(
            .invite(numberedHash(number), numbered(number), days: nil, room: nil),
            by: administrator.administrator
        )
        try carry(.enrol(enrolment(number)), by: .stranger)
        return seat(number)
    }

    /// A further device of somebody's, which waits to be listed.
    mutating func waitingDevice(
        _ number: UInt64,
        of seat: Seat
    ) throws(DirectoryRejection) -> DeviceID {
        try carry(.inviteDevice(numberedHash(number)), by: seat.actor())
        try carry(.enrolDevice(deviceEnrolment(number)), by: .stranger)
        return numbered(number)
    }

    func seat(_ number: UInt64) -> Seat {
        Seat(participant: numbered(number), person: numbered(number), device: numbered(number))
    }

    var replayed: Directory {
        var replay = Directory(limits: directory.limits)
        for record in log { replay.evolve(record) }
        return replay
    }
}

// MARK: Things by number

func numbered<ID: Identifier>(_ number: UInt64) -> ID { ID(Bytes16(high: 7, low: number)) }

func numberedHash(_ number: UInt64) -> Bytes32 { Bytes32(1, 2, 3, number) }

func numberedSigned(_ number: UInt64) -> SignedBytes {
    SignedBytes(body: numberedBytes(number), signature: Array(repeating: 9, count: 64))
}

func numberedBytes(_ number: UInt64) -> [UInt8] { Bytes16(high: 0, low: number).bytes }

/// Person, device and key are the number's, unless they are named.
func enrolment(
    _ number: UInt64,
    invite: Bytes32? = nil,
    key: UInt64? = nil,
    person: PersonID? = nil,
    device: DeviceID? = nil
) -> Enrolment {
    Enrolment(
        invite: invite ?? numberedHash(number),
        person: person ?? numbered(number),
        device: device ?? numbered(number),
        signingKey: Array(repeating: 4, count: 65),
        deviceList: DeviceListVersion(
            signed: numberedSigned(number),
            version: 1,
            hash: numberedHash(1_000 + number)
        ),
        mac: numberedHash(2_000 + number),
        encryptionKey: numberedSigned(3_000 + number),
        requestKey: numberedHash(4_000 + (key ?? number)),
        certificate: numberedBytes(5_000 + (key ?? number))
    )
}

func deviceEnrolment(
    _ number: UInt64,
    invite: Bytes32? = nil,
    key: UInt64? = nil
) -> DeviceEnrolment {
    DeviceEnrolment(
        invite: invite ?? numberedHash(number),
        device: numbered(number),
        signingKey: Array(repeating: 4, count: 65),
        encryptionKey: numberedSigned(3_000 + number),
        mac: numberedHash(2_000 + number),
        requestKey: numberedHash(4_000 + (key ?? number)),
        certificate: numberedBytes(5_000 + (key ?? number))
    )
}

/// The list that follows from the one in force.
func nextList(
    of person: PersonID,
    in directory: Directory,
    devices: [DeviceID],
    revoked: [DeviceID] = []
) -> DirectoryCommand {
    let last = directory.deviceList(of: person)
    let version = (last?.version ?? 0) + 1
    return .listDevices(
        DeviceListed(
            person: person,
            list: DeviceListVersion(
                signed: numberedSigned(UInt64(version)),
                version: version,
                hash: numberedHash(6_000 + UInt64(version))
            ),
            devices: devices,
            revoked: revoked
        ),
        previous: last?.hash ?? .zero
    )
}
