// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingTestKit
import CoachingWire

@testable import CoachingClient

/// What somebody is to a room.
enum Standing: String, CaseIterable {
    /// A connection that has not said who it is.
    case nobody
    /// Enrolled, and never proposed for this room.
    case stranger
    /// Of the programme, in no room.
    case administrator
    case formerPeer
    case formerFacilitator
    case peer
    /// The facilitator, or in a room without one the peer who started the session.
    case inCharge
}

/// Where a room is in its course.
enum Moment: String, CaseIterable {
    case founding, idle, opening, coaching, feedback, closing, interrupted, closed

    /// Whether a session runs whose clock goes.
    var isRunning: Bool { [.opening, .coaching, .feedback, .closing].contains(self) }
}

/// A room at a moment, with somebody of each standing: with two facilitators, one of whom was let
/// go, or by itself.
final class AuthorityStage {
    let programme: Programme
    let isModerated: Bool
    let moment: Moment
    let stranger: TestClient
    let nobody: TestClient
    /// Enrolled by nobody yet, and invited by the administrator.
    let invited: TestPerson
    private let room = Programme.room

    init(_ moment: Moment, isModerated: Bool) throws {
        self.moment = moment
        self.isModerated = isModerated
        let cast = try Cast.people()
        if moment == .founding {
            programme = try Programme.invited(2, configuration: .unhurried)
            for number in [1, 2] {
                try programme.enrol(number)
                try programme.clients[number].connect()
                let isFacilitator = isModerated && number == 1
                try programme.propose(number, isFacilitator ? .facilitator : .peer)
                try programme.accept(number)
            }
        } else {
            programme =
                try Programme.founded(
                    isModerated ? 5 : 3,
                    facilitators: isModerated ? 2 : 0,
                    configuration: .unhurried
                )
        }
        stranger = TestClient(programme.world, cast[8])
        nobody = TestClient(programme.world, cast[9])
        invited = cast[9]
        try programme.expect(
            .addPeople(
                [cast[8], cast[9]].map {
                    NewParticipant(participant: $0.participant, name: $0.name)
                }
            )
        )
        try programme.expect(Programme.request(cast[8]))
        try programme.expect(Programme.request(cast[9]))
        try stranger.open(certified: false)
        guard case .enrolled? = try stranger.enrol(.person(Programme.form(cast[8]))) else {
            throw NoReply()
        }
        try stranger.cut()
        if moment != .founding { try goThere() }
        try stranger.connect()
    }

    /// Number of whoever is in charge.
    var first: Int { moment == .founding ? 1 : isModerated ? 5 : 1 }
    /// Number of a peer who is not.
    var second: Int { moment == .founding ? 2 : isModerated ? 1 : 2 }
    /// Number of somebody whom others do things to.
    func other(than standing: Standing) -> TestPerson {
        let numbers = moment == .founding ? [1, 2] : isModerated ? [2] : [2, 1]
        let number = numbers.first { client(standing)?.person.number != $0 }
        return programme.people[number ?? 2]
    }

    /// The client of somebody of a standing; `nil` where nobody has it here.
    func client(_ standing: Standing) -> TestClient? {
        switch standing {
        case .nobody: nobody
        case .stranger: stranger
        case .administrator: programme.clients[0]
        case .formerPeer: moment == .founding ? nil : programme.clients[3]
        case .formerFacilitator: moment == .founding || !isModerated ? nil : programme.clients[4]
        case .peer: programme.clients[second]
        case .inCharge: programme.clients[first]
        }
    }

    private func goThere() throws {
        let keeper = programme.clients[first]
        try act(.exclude(programme.people[3].id))
        if isModerated { try act(.exclude(programme.people[4].id)) }
        if moment.isRunning || moment == .interrupted {
            try act(
                .start(
                    SessionStart.sample(Bytes16(high: 0x5e, low: 1))
                )
            )
        }
        let skips: Int
        switch moment {
        case .coaching, .interrupted: skips = 1
        case .feedback: skips = 2
        case .closing: skips = 5
        default: skips = 0
        }
        for _ in 0..<skips { try act(.skip) }
        if moment == .closed { try programme.expect(.closeRoom(room)) }
        if moment == .interrupted {
            try programme.world.restart(away: 300_000)
            for client in programme.clients {
                try client.connect()
                if client.rooms[room] != nil { _ = try client.follow(room) }
            }
        }
        try keeper.read()
    }

    private func act(_ act: RoomAct) throws {
        guard try programme.clients[first].act(room, act).isDone else { throw NoReply() }
    }

    /// The room's members now, for a new list of them.
    func members(for asker: TestClient) throws -> [RosterMember] {
        if moment == .founding {
            let isFirst = asker.person.number == first
            return [asker.person.member(isModerated && isFirst ? .facilitator : .peer)]
        }
        let keeper = programme.clients[first]
        try keeper.read()
        return keeper.rooms[room]?.room.members ?? []
    }

    /// What somebody asks of a room.
    func request(_ deed: Deed, by standing: Standing) throws -> RoomAct {
        guard let client = client(standing) else { throw NoReply() }
        let other = other(than: standing)
        switch deed {
        case .admit: return .admit(try Programme.roster(members(for: client), by: client))
        case .excludeOther: return .exclude(other.id)
        case .excludeSelf: return .exclude(client.person.id)
        case .propose: return .proposeAgreement(AgreementVersion(version: 2, hash: .zero))
        case .accept: return .acceptAgreement(Programme.agreement)
        case .attendSelf: return .attend(Attended(person: client.person.id, presence: .phone))
        case .attendOther: return .attend(Attended(person: other.id, presence: .phone))
        case .start:
            return .start(
                SessionStart.sample(Bytes16(high: 0x5e, low: 2))
            )
        case .pause: return .pause
        case .resume: return .resume
        case .extend: return .extend(30_000)
        case .skip: return .skip
        case .end: return .end
        case .acceptRestore:
            let keeper = programme.clients[first]
            try keeper.read()
            return .acceptRestore(try keeper.restoreAcceptance(of: room, by: client))
        case .grant: return .grantHistory(try grant(by: client, to: other).signed)
        case .back: return .back
        case .stop: return .stop
        case .ready: return .floor(FloorCall(wish: .ready, person: client.person.id))
        case .giveFloor: return .floor(FloorCall(wish: .give, person: other.id))
        case .handOver: return .handOver(HandedOver(to: other.id))
        case .setRota: return .setRota(RotaSet(order: try peers().reversed()))
        case .schedule:
            let start = programme.world.now.adding(milliseconds: 86_400_000)
            return .schedule(MeetingWishes([MeetingWish(id: nil, start: start, minutes: 60)]))
        case .come: return .come(Coming(meeting: 1, comes: true))
        case .openPrompt:
            let prompt = PromptID(Bytes16(high: 0x9a, low: 1))
            return .openPrompt(PromptOpening(prompt: prompt, scope: .room))
        case .closePrompt: return .closePrompt(PromptID(Bytes16(high: 0x9a, low: 2)))
        case .mute: return .mute(Muted(person: other.id, isMuted: true))
        case .shut: return .shut(Shut(isShut: true))
        case .move: return .move(PodWish(person: other.id, pod: 9))
        case .askVisit: return .askVisit(try place())
        case .allowVisit: return .allowVisit(try yes(by: client).signed)
        case .endVisit: return .endVisit(try place())
        case .proposeDeviation: return .proposeDeviation(deviation(client, other))
        case .agreeDeviation: return .agreeDeviation(deviation(client, other))
        case .endDeviation: return .endDeviation(deviation(client, other))
        case .callRelationship: return .callRelationship(RelationshipCall(.close))
        case .sayFarewell: return .sayFarewell(Farewell(isLast: true))
        case .callFacilitator: return .callFacilitator(try place())
        }
    }

    private func deviation(_ client: TestClient, _ other: TestPerson) -> Deviation {
        Deviation(less: client.person.id, more: other.id, minutes: 5, once: false)
    }

    private func peers() throws -> [PersonID] {
        try members(for: stranger).filter { $0.membership == .peer }.map(\.person)
    }

    /// The turn that is open, or would be.
    private func place() throws -> TurnPlace {
        let keeper = programme.clients[first]
        try keeper.read()
        let session = keeper.rooms[room]?.room.session
        return TurnPlace(
            session?.openTurns.first?.id
                ?? TurnID(
                    session: session?.id ?? SessionID(Bytes16(high: 0x5e, low: 1)),
                    round: 1,
                    pod: 1
                )
        )
    }

    /// A yes to a visit that nobody asked for.
    func yes(by client: TestClient) throws -> TurnChanged {
        let yes = VisitYes(
            room: room,
            turn: try place().turn,
            visitor: programme.people[first].id,
            asked: 1,
            number: 1
        )
        return TurnChanged(
            signed: try client.device.signing.sign(yes),
            signer: client.device.id,
            yes: yes
        )
    }

    /// A grant of older lines in a group that has not agreed to any.
    func grant(by client: TestClient, to person: TestPerson) throws -> HistoryGranted {
        let keeper = programme.clients[first]
        try keeper.read()
        let grant = HistoryGrant(
            room: room,
            person: person.id,
            roster: keeper.rooms[room]?.room.rosterHash ?? .zero,
            spans: [GrantedSpan(scope: .room, from: 1, until: 2)],
            since: nil
        )
        return HistoryGranted(
            signed: try client.device.signing.sign(grant),
            signer: client.device.id,
            grant: grant
        )
    }

    /// What the directory is asked.
    func request(_ deed: DirectoryDeed, by standing: Standing) -> DirectoryRequest {
        let admin = programme.people[0]
        let target = programme.people[client(standing)?.person.number == 2 ? 1 : 2]
        let fresh = ParticipantID(Bytes16(high: 0x7b, low: 1))
        switch deed {
        case .addPeople: return .addPeople([NewParticipant(participant: fresh, name: "New")])
        case .removePerson: return .removePerson(target.participant)
        case .makeAdministrator: return .makeAdministrator(target.participant)
        case .endAdministrator: return .endAdministrator(admin.participant)
        case .addRoom:
            return .addRoom(NamedRoom(room: RoomID(Bytes16(high: 8, low: 8)), name: "beta"))
        case .closeRoom: return .closeRoom(room)
        case .rename: return .renamePerson(NewName(participant: target.participant, name: "Else"))
        case .propose:
            return .propose(
                RoomProposal(
                    room: room,
                    participant: stranger.person.participant,
                    membership: .peer,
                    until: nil
                )
            )
        case .withdrawOther:
            return .withdrawProposal(RoomPlace(room: room, participant: target.participant))
        case .accept: return .accept(room)
        case .invite:
            return .invite(
                NewInvite(
                    hash: Bytes32(1, 2, 3, 4),
                    participant: invited.participant,
                    days: nil,
                    room: room
                )
            )
        case .renewInvite:
            return .renewInvite(InviteTerm(hash: Programme.invite(for: invited).authHash, days: 1))
        case .revokeInvite: return .revokeInvite(Programme.invite(for: invited).authHash)
        case .listOthersDevices: return .listDevices(target.firstList.signed)
        case .revokeOthersDevice: return .revokeDevice(target.devices[0].id)
        case .announceOthersKey: return .announceKey(target.devices[0].announcement)
        case .inviteDevice: return .inviteDevice(Bytes32(4, 3, 2, 1))
        case .openProgramme: return .openProgramme(RoomID(Bytes16(high: 8, low: 9)))
        case .contribute: return .contribute
        case .addFormat:
            var format = SessionStart.sample(Bytes16(high: 1, low: 1)).format
            format.name = "ours"
            return .addFormat(format)
        case .removeFormat: return .removeFormat("theirs")
        case .setPolicy:
            var policy = RoomPolicy.standard
            policy.turnDays = 7
            return .setPolicy(policy)
        }
    }
}
