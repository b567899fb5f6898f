// SPDX-License-Identifier: Apache-2.0

public import CoachingModel

/// A room of pretend members who have accepted an agreement, and its rules.
public struct RehearsalGroup: Sendable {
    /// The room.
    public private(set) var room = Room(id: RoomID(Bytes16(high: 1, low: 1)))
    /// The members' names.
    public let names: [PersonID: String]
    /// Who runs the sessions; `nil` where the group does it by itself.
    public let chair: PersonID?

    /// Makes an empty room for people who are still to come in.
    public init(peers: [String], facilitator: String?) {
        let all = peers + [facilitator].compactMap { $0 }
        names = Dictionary(
            all.enumerated().map { (Self.person($0.offset), $0.element) },
            uniquingKeysWith: { first, _ in first }
        )
        chair = facilitator == nil ? nil : Self.person(peers.count)
    }

    /// The person of a number, in the order of the names.
    public static func person(_ index: Int) -> PersonID {
        PersonID(Bytes16(high: 2, low: UInt64(index)))
    }

    private static func device(_ person: PersonID) -> DeviceID {
        DeviceID(Bytes16(high: 3, low: person.value.low))
    }

    /// Lets everybody in, with an agreement that all have accepted; who is absent never came.
    ///
    /// - Returns: what happened.
    public mutating func gather(
        at now: Timestamp,
        absent: Set<PersonID> = []
    ) throws(RoomRejection) -> [RoomRecord] {
        let people = names.keys.sorted()
        let keys = people.map { person in
            [4] + [UInt8](repeating: UInt8(truncatingIfNeeded: person.value.low), count: 64)
        }
        let members = zip(people, keys).map { person, key in
            RosterMember(
                person: person,
                identityKey: key,
                membership: person == chair ? .facilitator : .peer,
                leastDeviceListVersion: 1,
                name: names[person] ?? ""
            )
        }
        let roster = Roster(
            room: room.id,
            version: 1,
            previous: .zero,
            members: members,
            policy: .standard,
            excludedDevices: []
        )
        let nothing = SignedBytes(body: [], signature: [])
        let first = chair ?? Self.person(0)
        let rostered = Rostered(
            signed: nothing,
            signer: Self.device(first),
            roster: roster,
            hash: Bytes32(1, 1, 1, 1),
            marks: []
        )
        let lists = zip(people, keys).map { person, key in
            let device = ListedDevice(device: Self.device(person), signingKey: key, created: now)
            let list = DeviceList(
                person: person,
                identityKey: key,
                version: 1,
                previous: .zero,
                devices: [device],
                revoked: [],
                recoveryKey: key
            )
            return DevicesChanged(signed: nothing, list: list)
        }
        var records = try ask(.admit(rostered, newLists: lists), by: first, at: now)
        let agreement = AgreementVersion(version: 1, hash: Bytes32(2, 2, 2, 2))
        records += try ask(.proposeAgreement(agreement), by: first, at: now)
        for person in people {
            records += try ask(.acceptAgreement(agreement), by: person, at: now)
            guard !absent.contains(person) else { continue }
            records += try ask(.attend(person, .here), by: person, at: now)
        }
        return records
    }

    /// Holds, in no time, the meeting from which one of a format goes on; nothing where it stands
    /// for itself.
    ///
    /// - Returns: what happened.
    public mutating func holdMeeting(
        before format: SessionFormat,
        _ medium: Medium,
        at now: Timestamp
    ) throws(RoomRejection) -> [RoomRecord] {
        guard let earlier = format.pretendedBefore else { return [] }
        let start = SessionStart(
            session: SessionID(Bytes16(high: 4, low: 3)),
            format: earlier,
            medium: medium,
            until: nil,
            pace: 1,
            purpose: nil,
            shown: nil
        )
        let first = chair ?? room.present.first ?? Self.person(0)
        var records = try ask(.start(start), by: first, at: now)
        for _ in 0...RotationPlanner.peopleMax where room.session != nil {
            records += try ask(.skip, by: room.timekeepers.first ?? first, at: now)
        }
        return records
    }

    /// Asks something of the room; `nil` for what the server does by itself.
    ///
    /// What has to be written before a meeting opens counts as written.
    ///
    /// - Returns: what happened.
    @discardableResult
    public mutating func ask(
        _ command: RoomCommand,
        by person: PersonID?,
        at now: Timestamp
    ) throws(RoomRejection) -> [RoomRecord] {
        let limits = RoomLimits(peopleMax: RoomLimits.peopleBound, devicesMax: 1)
        let actor = person.map { RoomActor.person($0, Self.device($0)) } ?? .server
        var written: Set<FeedbackDue> = []
        if case .start(let start) = command, start.format.follows?.written == true {
            for one in names.keys {
                for other in names.keys where other != one {
                    written.insert(FeedbackDue(.written, from: one, to: other))
                }
            }
        }
        let records = try room.decide(
            command,
            by: actor,
            at: now,
            limits: limits,
            written: written
        )
        for record in records { room.evolve(record) }
        return records
    }
}

extension SessionFormat {
    /// A meeting of the shortest kind in the place of the one from which this one goes on.
    fileprivate var pretendedBefore: SessionFormat? {
        guard let follows else { return nil }
        func phases(_ roles: [Role]) -> [Phase] {
            let parts = roles.map { Part(role: $0, kinds: [], bare: .note, sentence: title) }
            return [Phase(name: "before", title: follows.before, seconds: 60, parts: parts)]
        }
        return SessionFormat(
            name: follows.before,
            title: follows.before,
            source: "",
            version: 1,
            pods: pods,
            opening: hasNoRounds ? phases([.everyone]) : [],
            round: hasNoRounds ? [] : phases(turnRoles),
            closing: [],
            roundsMost: roundsMost,
            seating: seating
        )
    }
}
