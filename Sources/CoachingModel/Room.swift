// SPDX-License-Identifier: Apache-2.0

/// A room as its log tells it: who belongs to it, what was agreed, and what goes on.
///
/// Server and clients fold the same records with ``evolve(_:)`` and so know the same. `decide`
/// turns a command into records or refuses it; it changes nothing.
///
/// - Source: DESIGN.md, Two planes, D1, D2 and D4.
public struct Room: Hashable, Sendable {
    /// The room.
    public let id: RoomID
    /// How many records the log has; the position `c` of the last one.
    public internal(set) var position: UInt64 = 0
    /// When the last record was made; no record is earlier.
    public internal(set) var lastAt = Timestamp(milliseconds: 0)
    /// The roster as a keeper signed it last; who was excluded since still stands in it.
    public internal(set) var roster: Roster?
    /// The hash of the roster's signed body, which the next roster names.
    public internal(set) var rosterHash = Bytes32.zero
    /// The device that signed the genesis.
    public internal(set) var genesisSigner: DeviceID?
    /// The version of the agreement that holds.
    public internal(set) var agreementInForce: AgreementVersion?
    /// A later version that not all have accepted yet.
    public internal(set) var agreementProposed: AgreementVersion?
    /// The session that runs.
    public internal(set) var session: RunningSession?
    /// The sessions that are over, oldest first.
    public internal(set) var sessions: [SessionSummary] = []
    /// Who was what with whom, for the planner.
    public internal(set) var history = RotationHistory()
    /// Who accepted when that the room goes on from a restored backup, oldest first.
    public internal(set) var restores: [AcceptedRestore] = []

    /// The questions that are or were answered without names.
    public internal(set) var prompts: [PromptID: PromptState] = [:]

    /// The peer to whom the keeping of time was handed over, until the session that runs, or the
    /// next one, is over.
    public internal(set) var standIn: PersonID?
    /// The order in which peers keep time, as far as somebody set it or it came about.
    var rotaKnown: [PersonID] = []

    /// Whether a facilitator shut the room: nobody else is let in, nor into the session.
    public internal(set) var isShut = false

    /// When the members mean to meet, and have lately, by number.
    public internal(set) var meetings: [UInt32: Meeting] = [:]
    /// The highest number of a meeting that there ever was.
    var meetingLast: UInt32 = 0

    /// What two peers proposed or agreed about their time as client.
    public internal(set) var deviations: [DeviationState] = []

    /// Whether the peers still coach each other, and what they want of it.
    public internal(set) var relationship = Relationship()
    /// The facilitators who said that a session is their last, and whether it is over.
    var farewells: [PersonID: Bool] = [:]

    /// Everybody who ever belonged to the room.
    var people: [PersonID: PersonState] = [:]
    /// The active devices of members, and whose they are.
    var deviceOwners: [DeviceID: PersonID] = [:]
    /// Every device that a member ever listed: whose it is, and its signing key.
    var devicesEver: [DeviceID: KnownDevice] = [:]
    /// The turns of sessions that are over.
    var pastTurns: [TurnID: TurnState] = [:]
    /// The sessions that are over.
    var pastSessions: Set<SessionID> = []
    /// The position at which the room's readers changed last.
    var roomChangedAt: UInt64 = 0
    /// The position at which the peers changed last.
    var peersChangedAt: UInt64 = 0
    /// The position at which the facilitators changed last.
    var facilitatorsChangedAt: UInt64 = 0

    /// Makes a room with an empty log.
    public init(id: RoomID) { self.id = id }
}

/// What the log says about one person.
struct PersonState: Hashable, Sendable {
    /// How they were signed in last.
    var member: RosterMember
    /// Whether they belong to the room now.
    var isMember = true
    /// Whether they ever facilitated here.
    var hasFacilitated = false
    /// Their device list.
    var list: DeviceList?
    /// Whether they were let in and their device list is still to come.
    var awaitsList = true
    /// Every device that they ever revoked.
    var revoked: Set<DeviceID> = []
    /// Their devices that may read now, ascending.
    var devices: [DeviceID] = []
    /// The position at which they were let in last.
    var admittedAt: UInt64
    /// The position at which they or their devices changed last.
    var changedAt: UInt64
    /// The numbers in `room` that they may read.
    var roomNumbers: [ClosedRange<UInt64>] = []
    /// The numbers in `peers` that they may read.
    var peersNumbers: [ClosedRange<UInt64>] = []
    /// What members gave them from before they came.
    var given: [GivenSpan] = []
    /// The numbers that they may read of what others release, as the programme's administrator.
    var releasedNumbers: [PersonID: [ClosedRange<UInt64>]] = [:]
    /// The spans in which they were members before.
    var formerly: [FormerMembership] = []
    /// How they are there.
    var presence = Presence.away
    /// The version of the agreement in force that they accepted.
    var accepted: UInt32?
    /// Whether they accepted the proposed version.
    var acceptedProposed = false
}

/// Older entries that a member gave somebody, and the devices on which they read then.
struct GivenSpan: Hashable, Sendable {
    var span: GrantedSpan
    var devices: [DeviceID]
}

/// A span in which a person was a member, and how far they read their turns.
struct FormerMembership: Hashable, Sendable {
    /// The position at which they were let in.
    var from: UInt64
    /// The position at which they were excluded.
    var until: UInt64
    /// The last numbers of their turns' transcripts.
    var marks: [TurnID: UInt64]
}

/// A device that was once listed.
struct KnownDevice: Hashable, Sendable {
    var person: PersonID
    var listed: ListedDevice
}

/// A turn and how it went.
public struct TurnState: Hashable, Sendable {
    /// The turn.
    public var turn: Turn
    /// The log position at which it opened.
    public var openedAt: UInt64
    /// Whether it has ended.
    public var isClosed = false
    /// Whether it counts as the client's turn.
    public var held = false
    /// How long the clock ran in it, in milliseconds.
    public var milliseconds: Int64 = 0
    /// Who called the facilitator, until one visits or the phase ends.
    public internal(set) var caller: PersonID?
    /// Who visited it, and what they read.
    public internal(set) var visits: [Visit] = []
    /// The log position at which a visit began or ended last; 0 where there was none.
    var changedAt: UInt64 = 0
}

// MARK: - Members and devices

extension Room {
    /// The members, as they were signed in, ascending by person.
    public var members: [RosterMember] {
        guard let roster else { return [] }
        return roster.members.filter { people[$0.person]?.isMember == true }
    }

    /// Gives what a person is in the room; `nil` for who is no member now.
    public func membership(of person: PersonID) -> Membership? {
        guard let state = people[person], state.isMember else { return nil }
        return state.member.membership
    }

    /// Tells whether a person was a member once and is not now.
    public func isFormerMember(_ person: PersonID) -> Bool { people[person]?.isMember == false }

    /// Gives a person's name as it was signed in last, also a former member's.
    public func name(of person: PersonID) -> String? { people[person]?.member.name }

    /// The names of everybody who is or was a member, as they were signed in last.
    public var everyName: [String] { people.values.map(\.member.name).sorted() }

    /// Gives the roster's entry of a person as it was signed in last, also a former member's.
    public func member(_ person: PersonID) -> RosterMember? { people[person]?.member }

    /// Who admits others: the facilitators, or every peer where there is none; in the programme's
    /// room its administrators alone; ascending.
    public var keepers: [PersonID] {
        let members = members
        let facilitators = members.filter { $0.membership == .facilitator }
        return (facilitators.isEmpty && !isProgramme ? members : facilitators).map(\.person)
    }

    /// Tells whether a person admits others.
    public func isKeeper(_ person: PersonID) -> Bool {
        switch membership(of: person) {
        case .facilitator: true
        case .peer: !hasFacilitator && !isProgramme
        case nil: false
        }
    }

    /// Whether a facilitator belongs to the room.
    public var hasFacilitator: Bool {
        guard let roster else { return false }
        return roster.members.contains { membership(of: $0.person) == .facilitator }
    }

    /// Gives a member's devices that may read now, ascending; empty for who is no member.
    public func devices(of person: PersonID) -> [DeviceID] { people[person]?.devices ?? [] }

    /// Gives a person's device list as the room has it, also a former member's.
    public func deviceList(of person: PersonID) -> DeviceList? { people[person]?.list }

    /// Gives the member whose active device this is.
    public func person(of device: DeviceID) -> PersonID? { deviceOwners[device] }

    /// Gives the person who ever listed this device, to name the author of an older entry.
    public func author(of device: DeviceID) -> PersonID? { devicesEver[device]?.person }

    /// Gives the signing key of a device that was ever listed in the room.
    public func signingKey(of device: DeviceID) -> [UInt8]? {
        devicesEver[device]?.listed.signingKey
    }
}

// MARK: - Agreement and presence

extension Room {
    /// Gives the latest version of the agreement that a member accepted.
    public func accepted(by person: PersonID) -> UInt32? {
        guard let state = people[person], state.isMember else { return nil }
        if state.acceptedProposed, let agreementProposed { return agreementProposed.version }
        return state.accepted
    }

    /// Tells whether a member accepted the version in force; false while there is none.
    public func hasAccepted(_ person: PersonID) -> Bool {
        guard let agreementInForce, let state = people[person], state.isMember else { return false }
        return state.accepted == agreementInForce.version
    }

    /// How each member is there; who is not named is away.
    public var presence: [PersonID: Presence] {
        people.filter { $0.value.isMember && $0.value.presence != .away }.mapValues(\.presence)
    }

    /// Gives how a member is there.
    public func presence(of person: PersonID) -> Presence { people[person]?.presence ?? .away }

    /// The peers who are there, here or by phone, and have accepted the agreement in force;
    /// ascending.
    public var present: [PersonID] {
        guard let roster else { return [] }
        return roster.members.lazy.map(\.person).filter { isPresentPeer($0) }
    }

    func isPresentPeer(_ person: PersonID) -> Bool {
        guard let state = people[person] else { return false }
        return state.isMember && state.member.membership == .peer && state.presence != .away
            && hasAccepted(person)
    }
}
