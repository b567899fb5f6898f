// SPDX-License-Identifier: Apache-2.0

/// Why a room refuses.
///
/// The numbers stand on the wire (below 256) and are never used again.
///
/// - Source: Protocol/spec.md, Refusals.
public enum RoomRejection: UInt16, Error, Codable, Hashable, Sendable, CaseIterable {
    /// The person is not a member (said as `notFound` to strangers, as `left` to former ones).
    case notAMember = 1
    /// Only who admits here may do this.
    case notAKeeper = 2
    /// Only the facilitator, or the host where there is none, may do this.
    case notInCharge = 3
    /// The roster does not follow from the one in force.
    case rosterConflict = 4
    /// The room would have more people than it may.
    case roomFull = 5
    /// A roster must keep somebody who admits.
    case noKeeperLeft = 6
    /// There is no such version of the agreement in force or proposed.
    case agreementUnknown = 7
    /// One accepts the agreement first.
    case agreementNotAccepted = 8
    /// A session is running.
    case sessionRunning = 9
    /// No session is running.
    case noSession = 10
    /// Too few people are present.
    case tooFewPresent = 11
    /// The format cannot be run.
    case formatInvalid = 12
    /// The time until the end is too short or too long for the format.
    case timeDoesNotFit = 13
    /// The plan is no longer the one that was shown.
    case planChanged = 14
    /// The clock stands already.
    case alreadyPaused = 15
    /// The clock runs already.
    case notPaused = 16
    /// In this phase the role may not post this kind.
    case notYourFloor = 17
    /// The person does not read this scope.
    case notInScope = 18
    /// The scope takes nothing now (a turn that has not begun or is long over).
    case scopeClosed = 19
    /// The readers changed since the key was made: make a new key.
    case staleAudience = 20
    /// The kind does not exist in this scope.
    case kindNotHere = 21
    /// The key is not known, or is another device's.
    case keyUnknown = 22
    /// The key says something that is not so (room, readers, epoch, suite).
    case keyInvalid = 23
    /// The device list does not follow from the one in force.
    case deviceListConflict = 24
    /// The device may not act any more.
    case deviceRevoked = 25
    /// A value is outside its bounds.
    case outOfBounds = 26
    /// The person is not there (the presence of others is set by who is in charge).
    case notPresent = 27
    /// The room is closed.
    case roomClosed = 28
    /// Only what one wrote oneself can be taken back, and no key.
    case notAuthor = 29
    /// It is gone already.
    case takenBack = 30
    /// In the programme's room there is only what people release to its administrators.
    case programmeOnly = 40
    /// Only a facilitator may do this; keeping the time gives no right to it.
    case facilitatorOnly = 41
    /// The person is muted until the phase ends.
    case muted = 42
    /// A facilitator shut the room: nobody else comes in until it is opened again.
    case roomShut = 43
    /// There is no such pod, or the format forbids it: one would have too many or too few people,
    /// or it takes no visits.
    case podUnfit = 44
    /// The person passed in this phase and has not asked for the floor since.
    case hasPassed = 49
    /// The acceptance of a restore is for another past than the one that is here.
    case restoreConflict = 58
    /// Fewer than five could answer: their answers would have names.
    case tooFewToHide = 45
    /// So many questions without names are open already.
    case tooManyPrompts = 46
    /// The person has answered with something else; one answers once.
    case alreadyAnswered = 47
    /// Only who asked may do this.
    case notAsker = 48
    /// The group has not agreed that newcomers may be given older entries.
    case historyNotAgreed = 50
    /// The grant says something that is not so: other numbers, oneself, or nothing new.
    case grantInvalid = 51
    /// The file is larger than files may be.
    case fileTooLarge = 52
    /// The files of the room would take more room than they may.
    case filesFull = 53
    /// There is no such file, or not all of it.
    case noSuchFile = 54
    /// Only a peer can keep time in a facilitator's or a host's place.
    case notAPeer = 55
    /// Who keeps time after whom was set for other people than those who are peers now.
    case rotaConflict = 56
    /// There is no such meeting, or it is over.
    case meetingUnknown = 57
    /// One speaks at a time in this phase, and somebody else has the floor.
    case notYourTurn = 60
    /// In this phase a statement cites the question that it answers.
    case questionNotCited = 61
    /// There is no floor that could be passed on.
    case noFloorToPass = 62
    /// The person has no role in this phase.
    case noRoleNow = 63
    /// Only two different peers of the room agree on their time, and each for themselves.
    case deviationUnfit = 128
    /// The two have agreed already, or one of them proposed the same.
    case deviationKnown = 129
    /// The other one proposed no such thing, or took it back.
    case deviationUnknown = 130
    /// The meeting from which this one goes on was not held, or was gone on from already.
    case meetingBeforeMissing = 131
    /// Of nobody who had a turn in the meeting before both client and coach are there.
    case pairsNotPresent = 132
    /// The coaches have not written to their clients yet since the meeting before.
    case writtenFeedbackMissing = 133
    /// Too few sessions were held to renew the relationship, change its focus or close it.
    case relationshipYoung = 134
    /// The coaching relationship is closed until all renew it.
    case relationshipClosed = 135
    /// All agreed on another focus, and the agreement does not say it yet.
    case focusNotAgreed = 136
    /// The peers alone choose what becomes of their coaching relationship.
    case peersChoose = 137
    /// No facilitator is there whom a pod could call.
    case nobodyToCall = 138
}
