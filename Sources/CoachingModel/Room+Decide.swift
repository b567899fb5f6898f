// SPDX-License-Identifier: Apache-2.0

extension Room {
    /// Decides on a command, and changes nothing itself.
    ///
    /// Signatures have been checked before. The records' time is `at`, but never before the last
    /// record's. A client that only looks ahead takes the standard limits.
    ///
    /// - Parameters:
    ///   - command: what is asked.
    ///   - actor: who asks.
    ///   - at: when.
    ///   - limits: the server's limits.
    ///   - marks: where the transcripts of ``marksOfVisits`` stand.
    ///   - written: what of ``writtenAwaited(for:in:)`` was written.
    /// - Returns: what happens by it; nothing where all is already as was asked.
    /// - Throws: why it is refused.
    public func decide(
        _ command: RoomCommand,
        by actor: RoomActor,
        at: Timestamp,
        limits: RoomLimits = .standard,
        marks: [TranscriptMark] = [],
        written: Set<FeedbackDue> = []
    ) throws(RoomRejection) -> [RoomRecord] {
        guard takes(command) else { throw .programmeOnly }
        var course = Course(room: self, actor: actor, at: max(at, lastAt))
        course.marks = marks
        switch command {
        case .admit(let rostered, let lists):
            try admit(rostered, lists, by: actor, limits: limits, &course)
        case .changeDevices(let changed):
            guard actor == .server else { throw .deviceListConflict }
            try checkDevices(changed.list, devicesMax: limits.devicesMax)
            course.add(.devicesChanged(changed))
        case .exclude(let person, let cause, let marks):
            try exclude(person, cause, marks, by: actor, &course)
        case .proposeAgreement(let version):
            try propose(version, by: actor, &course)
        case .acceptAgreement(let version):
            try accept(version, by: actor, &course)
        case .attend(let person, let presence):
            try attend(person, presence, by: actor, &course)
        case .start(let start):
            try self.start(start, by: actor, written: written, &course)
        case .pause, .resume, .extend, .skip, .end:
            try setClock(command, by: actor, &course)
        case .wake:
            guard actor == .server else { throw .notInCharge }
            course.endDuePhases()
        case .awoke(let awaySince):
            guard actor == .server else { throw .notInCharge }
            course.interrupt(awaySince: awaySince)
        case .acceptRestore(let accepted):
            try acceptRestore(accepted, by: actor, &course)
        case .openPrompt(let opening): try openPrompt(opening, by: actor, &course)
        case .closePrompt(let prompt, let answers):
            try closePrompt(prompt, answers: answers, by: actor, &course)
        case .grantHistory(let granted):
            try grant(granted, by: actor, &course)
        case .handOver(let person): try handOver(to: person, by: actor, &course)
        case .setRota(let order): try setRota(order, by: actor, &course)
        case .reach(let person, let isReached):
            try reach(person, isReached, by: actor, &course)
        case .meet(let met): try meet(met, by: actor, &course)
        case .schedule(let wishes): try schedule(wishes, by: actor, &course)
        case .come(let coming): try come(coming, by: actor, &course)
        case .floor(let call): try self.call(call, by: actor, &course)
        case .back: try goBack(by: actor, &course)
        case .stop: try stop(by: actor, &course)
        case .mute(let person, let isMuted): try mute(person, isMuted, by: actor, &course)
        case .shut(let isShut): try shut(isShut, by: actor, &course)
        case .move(let person, let pod): try move(person, to: pod, by: actor, &course)
        case .askVisit(let turn): try askVisit(turn, by: actor, &course)
        case .allowVisit(let changed): try allowVisit(changed, by: actor, &course)
        case .endVisit(let turn): try endVisit(turn, by: actor, &course)
        case .proposeDeviation(let terms): try proposeDeviation(terms, by: actor, &course)
        case .agreeDeviation(let terms): try agreeDeviation(terms, by: actor, &course)
        case .endDeviation(let terms): try endDeviation(terms, by: actor, &course)
        case .callRelationship(let call): try callRelationship(call, by: actor, &course)
        case .sayFarewell(let farewell): try sayFarewell(farewell, by: actor, &course)
        case .callFacilitator(let turn): try callFacilitator(turn, by: actor, &course)
        }
        return course.records
    }

    /// Gives the member who asks, if they may act through the device that they use.
    ///
    /// - Throws: ``RoomRejection/notAMember`` or `deviceRevoked`.
    func member(asking actor: RoomActor) throws(RoomRejection) -> PersonID {
        guard case .person(let person, let device) = actor, isMember(person) else {
            throw .notAMember
        }
        guard self.person(of: device) == person else { throw .deviceRevoked }
        return person
    }
}

/// The records of one decision, and the room as it is after them.
///
/// Each further record is decided on the state after those before it, so that what `decide`
/// foresees is what `evolve` will do.
struct Course {
    private(set) var room: Room
    private(set) var records: [RoomRecord] = []
    /// When all this happens.
    let now: Timestamp
    private let by: PersonID?
    /// Where the transcripts of visited turns stand.
    var marks: [TranscriptMark] = []

    init(room: Room, actor: RoomActor, at now: Timestamp) {
        self.room = room
        self.now = now
        if case .person(let person, _) = actor { by = person } else { by = nil }
    }

    /// Gives where a visited turn's transcript stands.
    func number(of key: TranscriptKey) -> UInt64 { marks.first { $0.key == key }?.number ?? 0 }

    /// Adds what happens by who asked.
    mutating func add(_ event: RoomEvent) { add(event, by: by) }

    /// Adds what the server does of itself.
    mutating func follow(_ event: RoomEvent) { add(event, by: nil) }

    private mutating func add(_ event: RoomEvent, by: PersonID?) {
        let record = RoomRecord(at: now, by: by, event: event)
        room.evolve(record)
        records.append(record)
    }
}
