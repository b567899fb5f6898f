// SPDX-License-Identifier: Apache-2.0
import CBOR

// What a facilitator alone may do in a room. Keeping the time gives no right to any of it.

/// A facilitator muted somebody, or lets them speak again.
///
/// It ends with the phase. Why stands in a line between the two, not in the log.
public struct Muted: Codable, Hashable, Sendable {
    /// The peer.
    public var person: PersonID
    /// Whether they are muted now.
    public var isMuted: Bool

    enum CodingKeys: Int, CodingKey {
        case person = 0
        case isMuted = 1
    }

    /// Makes the payload.
    public init(person: PersonID, isMuted: Bool) {
        self.person = person
        self.isMuted = isMuted
    }
}

/// A facilitator shut the room, or opened it again.
public struct Shut: Codable, Hashable, Sendable {
    /// Whether it is shut now.
    public var isShut: Bool

    enum CodingKeys: Int, CodingKey { case isShut = 0 }

    /// Makes the payload.
    public init(isShut: Bool) { self.isShut = isShut }
}

/// Who shall work in another pod from the next round on.
public struct PodWish: Codable, Hashable, Sendable {
    /// The peer.
    public var person: PersonID
    /// The pod's number.
    public var pod: UInt8

    enum CodingKeys: Int, CodingKey {
        case person = 0
        case pod = 1
    }

    /// Makes a wish.
    public init(person: PersonID, pod: UInt8) {
        self.person = person
        self.pod = pod
    }
}

extension Room {
    /// Tells whether a peer is muted.
    ///
    /// Until the phase ends nothing of theirs goes to their turn or the room. Their notes, lines
    /// to one person, `pass` and `stop` stay theirs.
    public func isMuted(_ person: PersonID) -> Bool {
        session?.muted.contains(person) == true && membership(of: person) == .peer
    }

    /// Who is muted, ascending.
    public var mutedPeople: [PersonID] { session?.muted.filter { isMuted($0) }.sorted() ?? [] }

    /// Tells whether somebody who is away may be there: while the room is shut only who came to
    /// the session that runs before, and facilitators.
    func mayCome(_ person: PersonID) -> Bool {
        guard isShut, let session, membership(of: person) == .peer else { return true }
        return presence(of: person) != .away || session.came.contains(person)
    }

    /// Tells whether somebody may take back an entry: one's own, or as a facilitator what somebody
    /// wrote to the room, but for the room's texts and what is said about keys and consents.
    public func mayTakeBack(
        _ kind: EntryKind,
        of author: PersonID?,
        in key: TranscriptKey,
        by person: PersonID
    ) -> Bool {
        guard kind != .withdraw else { return false }
        return author == person
            || key == .room && kind.needsFloor && membership(of: person) == .facilitator
    }

    /// Tells whether somebody can have taken what another wrote out of a transcript: whoever was
    /// a facilitator when they did may have left since.
    public func mayHaveTakenOut(in key: TranscriptKey, _ person: PersonID) -> Bool {
        key == .room && people[person]?.hasFacilitated == true
    }

    /// Refuses whoever is no facilitator.
    func moderates(_ person: PersonID) throws(RoomRejection) {
        guard membership(of: person) == .facilitator else { throw .facilitatorOnly }
    }

    /// Checks that a record of what only facilitators may do names one of them.
    func checkModerated(_ record: RoomRecord) throws(RoomRejection) {
        guard let person = record.by else { throw .facilitatorOnly }
        try moderates(person)
    }

    /// Whether somebody may have the floor by a facilitator's word: they are there, are not muted,
    /// and the phase gives them something to say.
    func mayBeGiven(_ person: PersonID, _ number: UInt8) -> Bool {
        people(ofFloor: number).contains(person) && !isMuted(person)
            && part(of: person)?.part?.givesFloor == true
    }
}

// MARK: - Deciding

extension Room {
    /// Mutes a peer until the phase ends, or lets them speak again.
    ///
    /// Phases whose time is up end first; what was meant for them does nothing then.
    func mute(
        _ other: PersonID,
        _ isMuted: Bool,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard let place = self.course(of: other)?.place else { throw .noSession }
        try moderates(person)
        course.endDuePhases()
        let room = course.room
        guard room.course(of: other)?.place == place else { return }
        guard room.membership(of: other) == .peer else { throw .noRoleNow }
        if room.isMuted(other) != isMuted {
            course.add(.muted(Muted(person: other, isMuted: isMuted)))
        }
    }

    /// Lets nobody else in, or opens the room again.
    func shut(
        _ isShut: Bool,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        try moderates(try member(asking: actor))
        if self.isShut != isShut { course.add(.shut(Shut(isShut: isShut))) }
    }

    /// Puts a peer into another pod from the next round on; turns that have begun stay as they
    /// are.
    func move(
        _ other: PersonID,
        to pod: UInt8,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard session != nil else { throw .noSession }
        try moderates(person)
        course.endDuePhases()
        guard course.room.session != nil else { return }
        guard course.room.membership(of: other) == .peer else { throw .noRoleNow }
        try course.move(other, to: pod)
    }
}

extension Course {
    fileprivate mutating func move(_ person: PersonID, to pod: UInt8) throws(RoomRejection) {
        guard let place = room.session?.place else { return }
        let from = place.round &+ 1
        // Who came or left meanwhile gets or loses their place first, as if the round began.
        let peers = room.members.filter { $0.membership == .peer }.map(\.person)
        replan(from: from, keeping: Set(peers))
        guard let session = room.session else { return }
        let moved: [[Pod]]
        do throws(MoveRefusal) {
            moved = try RotationPlanner.move(
                person,
                to: pod,
                rounds: session.plan.rounds,
                next: Int(place.round),
                sizes: session.format.pods
            )
        } catch {
            throw error == .noPlace ? .notPresent : .podUnfit
        }
        let rounds = session.format.shaped(Array(moved.dropFirst(Int(place.round))))
        guard rounds != Array(session.plan.rounds.dropFirst(Int(place.round))) else { return }
        add(.replanned(Replanned(session: session.id, from: from, rounds: rounds)))
    }
}

// MARK: - Evolving

extension Room {
    mutating func evolve(_ muted: Muted) {
        guard membership(of: muted.person) == .peer else { return }
        if muted.isMuted {
            session?.muted.insert(muted.person)
        } else {
            session?.muted.remove(muted.person)
        }
        settleFloors()
    }

    mutating func evolve(_ shut: Shut) {
        isShut = shut.isShut
        settleShut()
    }

    /// Opens a room in which nobody is left who could.
    mutating func settleShut() {
        if !hasFacilitator { isShut = false }
    }

    /// Gives somebody the floor; who had it by the phase's order has it again afterwards.
    mutating func give(to person: PersonID, _ number: UInt8) {
        guard mayBeGiven(person, number), var state = session?.floors[number] else { return }
        if !state.isGiven, state.holder != person { state.interrupted = state.holder }
        state.holder = person
        state.isGiven = true
        state.asked.removeAll { $0 == person }
        state.passed.remove(person)
        session?.floors[number] = state
    }

    /// Takes back the floor that was given: who had it so has had it.
    mutating func take(from person: PersonID, _ number: UInt8) {
        guard session?.floors[number]?.isGiven == true,
            session?.floors[number]?.holder == person
        else { return }
        session?.floors[number]?.passed.insert(person)
    }
}

// MARK: - Coding

extension Muted {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var person: PersonID?
        var isMuted: Bool?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: person = try reader.identifier()
            case 1: isMuted = try reader.bool()
            default: return false
            }
            return true
        }
        guard let person, let isMuted else { throw reader.missing }
        self.init(person: person, isMuted: isMuted)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(2)
        writer.key(0)
        writer.identifier(person)
        writer.key(1)
        writer.bool(isMuted)
    }
}

extension Shut {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var isShut: Bool?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: isShut = try reader.bool()
            default: return false
            }
            return true
        }
        guard let isShut else { throw reader.missing }
        self.init(isShut: isShut)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(1)
        writer.key(0)
        writer.bool(isShut)
    }
}
