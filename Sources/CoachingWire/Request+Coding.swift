// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel

extension Request {
    /// A request's number on the wire.
    public enum Kind: UInt64, CaseIterable, Hashable, Sendable {
        /// Append an item.
        case post = 1
        /// Ask for an item's number.
        case posted = 2
        /// Follow a room.
        case follow = 3
        /// Follow it no longer.
        case unfollow = 4
        /// Page through the past.
        case history = 5
        /// Ask a room.
        case room = 6
        /// Ask the directory.
        case directory = 7
        /// List one's rooms.
        case rooms = 8
        /// List who waits.
        case lobby = 9
        /// List who is to be vouched for.
        case vouches = 10
        /// List one's devices.
        case devices = 11
        /// List people.
        case people = 12
        /// List invites.
        case invites = 13
        /// Count.
        case status = 14
        /// Renew the certificate.
        case renew = 15
        /// List members' keys.
        case keys = 16
        /// List who vouched for oneself.
        case introductions = 17
        /// List what is held about oneself.
        case about = 18
        /// Keep a chunk of a file.
        case putChunk = 37
        /// Ask for a chunk of a file.
        case getChunk = 38
        /// List the programme's own formats.
        case formats = 39
        /// Ask how new rooms begin.
        case policy = 40
    }

    /// The request's number on the wire.
    public var kind: Kind {
        switch self {
        case .post: .post
        case .posted: .posted
        case .follow: .follow
        case .unfollow: .unfollow
        case .history: .history
        case .room: .room
        case .directory: .directory
        case .rooms: .rooms
        case .lobby: .lobby
        case .vouches: .vouches
        case .devices: .devices
        case .people: .people
        case .invites: .invites
        case .status: .status
        case .renew: .renew
        case .keys: .keys
        case .introductions: .introductions
        case .about: .about
        case .putChunk: .putChunk
        case .getChunk: .getChunk
        case .formats: .formats
        case .policy: .policy
        }
    }

    func writePayload(_ writer: inout CBORWriter) throws(CBORError) {
        switch self {
        case .post(let post): post.write(&writer)
        case .posted(let reference): try put(reference, &writer)
        case .follow(let follow): try put(follow, &writer)
        case .unfollow(let room), .lobby(let room), .keys(let room): try put(room, &writer)
        case .history(let page): try put(page, &writer)
        case .room(let request): try request.write(&writer)
        case .directory(let request): try request.write(&writer)
        case .renew(let request): writer.bytes(request)
        case .putChunk(let part): try put(part, &writer)
        case .getChunk(let place): try put(place, &writer)
        case .rooms, .vouches, .devices, .people, .invites, .status, .introductions, .about,
            .formats, .policy:
            writer.null()
        }
    }

    init(kind: Kind, _ reader: inout CBORReader) throws(CBORError) {
        switch kind {
        case .post: self = .post(try Post(&reader))
        case .posted: self = .posted(try take(EntryReference.self, &reader))
        case .follow: self = .follow(try take(Follow.self, &reader))
        case .unfollow: self = .unfollow(try take(RoomID.self, &reader))
        case .history: self = .history(try take(HistoryPage.self, &reader))
        case .room: self = .room(try RoomRequest(&reader))
        case .directory: self = .directory(try DirectoryRequest(&reader))
        case .rooms: self = .rooms
        case .lobby: self = .lobby(try take(RoomID.self, &reader))
        case .vouches: self = .vouches
        case .devices: self = .devices
        case .people: self = .people
        case .invites: self = .invites
        case .status: self = .status
        case .renew: self = .renew(try reader.bytes(max: 4_096))
        case .keys: self = .keys(try take(RoomID.self, &reader))
        case .introductions: self = .introductions
        case .about: self = .about
        case .putChunk: self = .putChunk(try take(FilePart.self, &reader))
        case .getChunk: self = .getChunk(try take(FilePlace.self, &reader))
        case .formats: self = .formats
        case .policy: self = .policy
        }
    }
}

extension RoomRequest {
    func write(_ writer: inout CBORWriter) throws(CBORError) {
        writer.array(3)
        try put(room, &writer)
        writer.uint(act.kind.rawValue)
        switch act {
        case .admit(let roster): try put(roster, &writer)
        case .grantHistory(let grant): try put(grant, &writer)
        case .exclude(let person): try put(person, &writer)
        case .proposeAgreement(let version), .acceptAgreement(let version):
            try put(version, &writer)
        case .attend(let attended): try put(attended, &writer)
        case .start(let start): try put(start, &writer)
        case .extend(let milliseconds): writer.int(milliseconds)
        case .pause, .resume, .skip, .end, .back, .stop: writer.null()
        case .acceptRestore(let signed): try put(signed, &writer)
        case .openPrompt(let opening): try put(opening, &writer)
        case .closePrompt(let prompt): try put(prompt, &writer)
        case .handOver(let handed): try put(handed, &writer)
        case .setRota(let set): try put(set, &writer)
        case .schedule(let wishes): try put(wishes, &writer)
        case .come(let coming): try put(coming, &writer)
        case .floor(let call): try put(call, &writer)
        case .mute(let muted): try put(muted, &writer)
        case .shut(let shut): try put(shut, &writer)
        case .move(let wish): try put(wish, &writer)
        case .askVisit(let place), .endVisit(let place), .callFacilitator(let place):
            try put(place, &writer)
        case .allowVisit(let yes): try put(yes, &writer)
        case .proposeDeviation(let terms), .agreeDeviation(let terms), .endDeviation(let terms):
            try put(terms, &writer)
        case .callRelationship(let call): try put(call, &writer)
        case .sayFarewell(let farewell): try put(farewell, &writer)
        }
    }

    init(_ reader: inout CBORReader) throws(CBORError) {
        let place = reader.offset
        let count = try reader.array()
        guard count >= 3 else { throw CBORError(.invalidValue, offset: place) }
        room = try take(RoomID.self, &reader)
        let start = reader.offset
        guard let kind = RoomAct.Kind(rawValue: try reader.uint()) else {
            throw CBORError(.invalidValue, offset: start)
        }
        switch kind {
        case .admit: act = .admit(try take(SignedBytes.self, &reader))
        case .exclude: act = .exclude(try take(PersonID.self, &reader))
        case .proposeAgreement:
            act = .proposeAgreement(try take(AgreementVersion.self, &reader))
        case .acceptAgreement: act = .acceptAgreement(try take(AgreementVersion.self, &reader))
        case .attend: act = .attend(try take(Attended.self, &reader))
        case .start: act = .start(try take(SessionStart.self, &reader))
        case .extend: act = .extend(try reader.int())
        case .pause:
            try reader.skip()
            act = .pause
        case .resume:
            try reader.skip()
            act = .resume
        case .skip:
            try reader.skip()
            act = .skip
        case .end:
            try reader.skip()
            act = .end
        case .acceptRestore: act = .acceptRestore(try take(SignedBytes.self, &reader))
        case .openPrompt: act = .openPrompt(try take(PromptOpening.self, &reader))
        case .closePrompt: act = .closePrompt(try take(PromptID.self, &reader))
        case .grantHistory: act = .grantHistory(try take(SignedBytes.self, &reader))
        case .handOver: act = .handOver(try take(HandedOver.self, &reader))
        case .setRota: act = .setRota(try take(RotaSet.self, &reader))
        case .schedule: act = .schedule(try take(MeetingWishes.self, &reader))
        case .come: act = .come(try take(Coming.self, &reader))
        case .floor: act = .floor(try take(FloorCall.self, &reader))
        case .back:
            try reader.skip()
            act = .back
        case .stop:
            try reader.skip()
            act = .stop
        case .mute: act = .mute(try take(Muted.self, &reader))
        case .shut: act = .shut(try take(Shut.self, &reader))
        case .move: act = .move(try take(PodWish.self, &reader))
        case .askVisit: act = .askVisit(try take(TurnPlace.self, &reader))
        case .allowVisit: act = .allowVisit(try take(SignedBytes.self, &reader))
        case .endVisit: act = .endVisit(try take(TurnPlace.self, &reader))
        case .proposeDeviation: act = .proposeDeviation(try take(Deviation.self, &reader))
        case .agreeDeviation: act = .agreeDeviation(try take(Deviation.self, &reader))
        case .endDeviation: act = .endDeviation(try take(Deviation.self, &reader))
        case .callRelationship:
            act = .callRelationship(try take(RelationshipCall.self, &reader))
        case .sayFarewell: act = .sayFarewell(try take(Farewell.self, &reader))
        case .callFacilitator: act = .callFacilitator(try take(TurnPlace.self, &reader))
        }
        try skip(count - 3, &reader)
    }
}

extension RoomAct {
    /// An act's number on the wire.
    public enum Kind: UInt64, CaseIterable, Hashable, Sendable {
        /// Sign in the members.
        case admit = 1
        /// End a membership.
        case exclude = 2
        /// Propose an agreement.
        case proposeAgreement = 3
        /// Accept one.
        case acceptAgreement = 4
        /// Be here or away.
        case attend = 5
        /// Start a session.
        case start = 6
        /// Stop the clock.
        case pause = 7
        /// Let it go on.
        case resume = 8
        /// More time.
        case extend = 9
        /// End the phase.
        case skip = 10
        /// End the session.
        case end = 11
        /// Go on from what a restored server has.
        case acceptRestore = 48
        /// Ask without names.
        case openPrompt = 35
        /// Take no more answers.
        case closePrompt = 36
        /// Let somebody read older entries.
        case grantHistory = 40
        /// Let a peer keep time.
        case handOver = 70
        /// Set who keeps time after whom.
        case setRota = 71
        /// Set meetings.
        case schedule = 72
        /// Come to one, or not.
        case come = 73
        /// Pass the floor on, ask for it, or be ready.
        case floor = 60
        /// Back to the phase before.
        case back = 61
        /// Stop the clock.
        case stop = 62
        /// Mute somebody, or let them speak again.
        case mute = 74
        /// Let nobody else in, or open the room.
        case shut = 75
        /// Put somebody into another pod.
        case move = 76
        /// Ask whether one may visit.
        case askVisit = 77
        /// Let somebody visit.
        case allowVisit = 78
        /// End a visit.
        case endVisit = 79
        /// Propose that two have unequal time.
        case proposeDeviation = 80
        /// Agree to it.
        case agreeDeviation = 81
        /// Withdraw it.
        case endDeviation = 82
        /// Say what one wants of the coaching relationship.
        case callRelationship = 83
        /// Say that the next session is one's last.
        case sayFarewell = 84
        case callFacilitator = 85
    }

    /// The act's number on the wire.
    public var kind: Kind {
        switch self {
        case .admit: .admit
        case .exclude: .exclude
        case .proposeAgreement: .proposeAgreement
        case .acceptAgreement: .acceptAgreement
        case .attend: .attend
        case .start: .start
        case .pause: .pause
        case .resume: .resume
        case .extend: .extend
        case .skip: .skip
        case .end: .end
        case .acceptRestore: .acceptRestore
        case .openPrompt: .openPrompt
        case .closePrompt: .closePrompt
        case .grantHistory: .grantHistory
        case .handOver: .handOver
        case .setRota: .setRota
        case .schedule: .schedule
        case .come: .come
        case .floor: .floor
        case .back: .back
        case .stop: .stop
        case .mute: .mute
        case .shut: .shut
        case .move: .move
        case .askVisit: .askVisit
        case .allowVisit: .allowVisit
        case .endVisit: .endVisit
        case .proposeDeviation: .proposeDeviation
        case .agreeDeviation: .agreeDeviation
        case .endDeviation: .endDeviation
        case .callRelationship: .callRelationship
        case .sayFarewell: .sayFarewell
        case .callFacilitator: .callFacilitator
        }
    }
}
