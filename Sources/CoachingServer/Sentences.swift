// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingWire

/// The sentences with which a server refuses: what is so, and what to do.
enum Sentences {
    static let notFound = "There is no such thing here, or it is not for you."
    static let outOfStep = "A line before this one is missing. Send it again."
    static let suiteRefused = "This server takes sealed lines only. Update peercoach."
    static let badRequest = "The server does not understand this. Is peercoach up to date?"
    static let tooLong = "This is longer than a frame may be."
    static let tryLater = "The server cannot keep anything just now. Nothing was lost; try later."
    static let stopping = "The server is being stopped. Try again in a minute."
    static let invite =
        "This invite cannot be used: it is unknown, used or over. Ask who invited you for a new one."

    static func sentence(
        for rejection: RoomRejection,
        _ person: PersonID,
        in room: Room
    ) -> String {
        switch rejection {
        case .notYourFloor: floor(person, in: room)
        case .notYourTurn: turn(person, in: room)
        case .notInCharge: inCharge(in: room)
        case .muted: muted(person, in: room)
        default: plain(rejection)
        }
    }

    private static func floor(_ person: PersonID, in room: Room) -> String {
        if let visit = room.interventions(of: person) {
            guard !visit.kinds.isEmpty else {
                return "In this phase who visits only reads. Keep a note with /note."
            }
            return "In this phase who visits has \(list(visit.kinds)). Keep a note with /note."
        }
        guard let place = room.part(of: person) else {
            return "Not now. Keep a note with /note."
        }
        let role =
            place.role == .everyone
            ? "everybody" : "the \(room.session?.format.word(for: place.role) ?? "person")"
        if place.phase.isSilent {
            return "'\(place.phase.title)' is for silence. Keep a note with /note."
        }
        guard let part = place.part, !part.kinds.isEmpty else {
            return "In '\(place.phase.title)' \(role) listens. Keep a note with /note."
        }
        return "In '\(place.phase.title)' \(role) has \(list(part.kinds)). Keep a note with /note."
    }

    private static func list(_ kinds: [EntryKind]) -> String {
        kinds.map { $0 == .say ? "plain lines" : "/\($0)" }.joined(separator: ", ")
    }

    private static func turn(_ person: PersonID, in room: Room) -> String {
        let holder = room.floor(of: person)?.holder.flatMap { room.name(of: $0) } ?? "Somebody else"
        let place = room.floorQueue(of: person).firstIndex(of: person).map { $0 + 1 }
        let next =
            place.map { "You are number \($0) after that." } ?? "/floor asks for another turn."
        return "One speaks at a time here: \(holder) has the floor. \(next)"
    }

    private static func muted(_ person: PersonID, in room: Room) -> String {
        guard room.isMuted(person) else { return plain(.muted) }
        return "You are muted until this phase ends. /note, /pass, /stop and /to NAME stay yours."
    }

    private static func inCharge(in room: Room) -> String {
        let facilitators = room.members.filter { $0.membership == .facilitator }.map(\.name)
        if !facilitators.isEmpty {
            return "Only \(facilitators.joined(separator: " or ")) can do this here."
        }
        if let keeper = room.timekeepers.first, let name = room.name(of: keeper) {
            return "\(name) keeps the time in this session. Ask \(name)."
        }
        return "Be present first: open the room and accept the agreement."
    }

    private static func plain(_ rejection: RoomRejection) -> String {
        switch rejection {
        case .notAMember: notFound
        case .notAKeeper: "Only who lets people in here may do this."
        case .notInCharge, .notYourFloor: "Not now."
        case .rosterConflict: "Somebody else changed the members at the same time."
        case .roomFull: "The room is full."
        case .noKeeperLeft: "Somebody must remain who can let others in."
        case .agreementUnknown: "There is no such version of the agreement. Read it again."
        case .agreementNotAccepted: "First read and accept the agreement: /agreement."
        case .sessionRunning: "A session is running already."
        case .noSession: "No session is running."
        case .tooFewPresent: "Too few people are present for this format."
        case .formatInvalid: "This format cannot be run as it is. Check it with formats check."
        case .timeDoesNotFit: "The time does not fit this format and these people."
        case .planChanged: "Who is present has changed. Look at the plan again."
        case .alreadyPaused: "The clock stands already."
        case .notPaused: "The clock is running."
        case .notInScope: notFound
        case .scopeClosed: "It is over; nothing can be added there now."
        case .staleAudience: "The readers changed. Send it again if it is meant for all of them."
        case .kindNotHere: "This kind of line does not belong there."
        case .keyUnknown: "The server does not know this key. Send again."
        case .keyInvalid: "The key does not fit the room. Send again."
        case .deviceListConflict: "Your devices were changed elsewhere at the same time."
        case .deviceRevoked: "This device does not count any more."
        case .outOfBounds: "A value is larger or smaller than allowed."
        case .notPresent: "This person is not present."
        case .roomClosed: "The room is closed."
        case .notAuthor: "Only what you wrote yourself can be taken back."
        case .takenBack: "This line is gone already."
        case .programmeOnly: "In the programme's room there is only what people release to it."
        case .restoreConflict: "The room has gone on meanwhile. Accept again."
        case .tooFewToHide:
            "Fewer than five could answer, so it would show who wrote what. Nothing was asked."
        case .tooManyPrompts: "Enough questions without names are open. Wait until one is closed."
        case .alreadyAnswered: "You have answered. Each answers once, and nothing is changed."
        case .notAsker: "Only who asked may do this."
        case .notAPeer: "Only a peer of this room can keep the time in your place."
        case .meetingUnknown: "There is no such date any more. peercoach calendar lists them."
        case .rotaConflict: "Who is in the room has changed. Look at the rota again."
        case .historyNotAgreed: "This group has not agreed that older lines may be given."
        case .notYourTurn: "One speaks at a time here, and somebody else has the floor."
        case .questionNotCited:
            "Here a statement answers a question, and nobody has asked one that it answers. /ask"
        case .noFloorToPass: "There is no floor to pass on now."
        case .deviationUnfit:
            "Two peers of this room agree on their own time as client: you and somebody else."
        case .deviationKnown:
            "That is proposed or agreed already. peercoach ledger shows it."
        case .deviationUnknown:
            "Nothing like that is proposed between you two now. peercoach ledger shows what is."
        case .meetingBeforeMissing:
            "This meeting goes on from another one, and that was not held yet, or all have had their "
                + "turn in this one since. peercoach formats show says from which."
        case .pairsNotPresent:
            "This meeting goes on with the pairs of the one before, and none of them is here."
        case .writtenFeedbackMissing:
            "This meeting opens once each who coached in the one before has written to their client "
                + "(/feedback NAME). Somebody has not yet."
        case .relationshipYoung:
            "The coaching relationship stays open until you have held two sessions. Then you renew "
                + "it, change its focus or close it."
        case .relationshipClosed:
            "Your coaching relationship is closed. It goes on once all of you say "
                + "peercoach relationship renew."
        case .focusNotAgreed:
            "You all chose another focus: put it into the agreement first, and accept it "
                + "(peercoach agreement propose)."
        case .peersChoose:
            "The peers alone choose what becomes of their coaching relationship."
        case .nobodyToCall:
            "No facilitator is here whom you could call. /to NAME writes to one for later."
        case .noRoleNow: "This person has nothing to say in this phase."
        case .facilitatorOnly: "Only a facilitator may do this, not who keeps the time."
        case .muted: "This person is muted until the phase ends."
        case .roomShut: "The room is shut. Nobody else comes in until a facilitator opens it."
        case .podUnfit:
            "There is no such pod, it or the other one would have too many or too few people, or "
                + "the method takes no visits. /plan shows the pods."
        case .hasPassed: "This person has passed, and asks with /floor if they want to speak."
        case .fileTooLarge: "A file has 16 MiB at most."
        case .filesFull: "The files of this room take as much as they may."
        case .noSuchFile: "There is no such file any more, or not all of it. Send it again."
        case .grantInvalid: "There is nothing older to give, or it was given just now."
        }
    }

    static func sentence(for rejection: DirectoryRejection) -> String {
        switch rejection {
        case .notFound: notFound
        case .notAnAdministrator: "Only an administrator may do this."
        case .lastAdministrator: "The programme needs an administrator. Make another one first."
        case .unchanged: "It is so already."
        case .nameInvalid: "The name is empty, too long, or has characters that names may not have."
        case .nameTaken: "Somebody has this name already."
        case .departmentInvalid: "The department is too long or has odd characters."
        case .addressInvalid: "The mail address does not look like one."
        case .identifierTaken: "This was added already."
        case .tooManyParticipants: "The programme is full."
        case .roomNameInvalid:
            "The room's name is empty, too long, or does not begin with a letter or digit."
        case .roomNameTaken: "There is a room of this name already."
        case .tooManyRooms: "There are too many rooms."
        case .roomClosed: "The room is closed."
        case .alreadyProposed: "This person is proposed for the room already."
        case .notProposed: "This person is not proposed for the room."
        case .tooManyProposed: "The room would have more people than allowed."
        case .endDateOutOfBounds: "The end date is in the past or too far away."
        case .alreadyEnrolled: "This person has enrolled already."
        case .alreadyInvited: "This person has an invite already."
        case .tooManyInvites: "Too many invites are open. Wait until some are used."
        case .daysOutOfBounds: "An invite holds 1 to 7 days."
        case .inviteUsed: "The invite has been used."
        case .inviterGone: "Who invited you takes no part any more."
        case .deviceListConflict: "Your devices were changed elsewhere at the same time."
        case .tooManyDevices: "More devices than a person may have."
        case .deviceRevoked: "This device does not count any more."
        case .alreadyRevoked: "The device was revoked before."
        case .encryptionKeyConflict: "The device has announced another key already."
        case .outOfBounds: "A value is larger or smaller than allowed."
        case .noProgramme:
            "Nobody reads for the programme yet: an administrator's program has to open it first."
        case .formatInvalid:
            "This format cannot be run, is longer than 32 KiB, or follows formats that follow it. "
                + "peercoach formats check FILE"
        case .formatNameTaken: "A format that comes with the program has this name. Take another."
        case .tooManyFormats: "The programme has as many formats as it may. Remove one first."
        case .policyOutOfBounds: "Lines are kept for 1 to 36500 days."
        }
    }
}
