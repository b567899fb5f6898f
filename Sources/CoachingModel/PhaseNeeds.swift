// SPDX-License-Identifier: Apache-2.0
import CBOR

/// Somebody put down what their phase asks for before it ends.
///
/// The server's own: it sees of which kind an entry is (DESIGN.md D12), not what it says.
public struct NeedMet: Codable, Hashable, Sendable {
    /// Who.
    public var person: PersonID
    /// Of which kind.
    public var kind: EntryKind

    enum CodingKeys: Int, CodingKey {
        case person = 0
        case kind = 1
    }

    /// Makes the payload.
    public init(person: PersonID, kind: EntryKind) {
        self.person = person
        self.kind = kind
    }
}

extension NeedMet {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var person: PersonID?
        var kind: EntryKind?
        try reader.record { (key, reader) throws(CBORError) in
            switch key {
            case 0: person = try reader.identifier()
            case 1: kind = try reader.choice()
            default: return false
            }
            return true
        }
        guard let person, let kind else { throw reader.missing }
        self.init(person: person, kind: kind)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(2)
        writer.key(0)
        writer.identifier(person)
        writer.key(1)
        writer.uint(UInt64(kind.rawValue))
    }
}

// MARK: - What a phase waits for

extension Room {
    /// Lists what is still to come, where a person is, before the phase ends.
    ///
    /// It says from whom, and of which kinds. Those who are away, and all in a spoken session, are not waited for.
    public func needs(with person: PersonID) -> [NeedMet] {
        floorNumber(of: person).map { needs(onFloor: $0) } ?? []
    }

    func needs(onFloor number: UInt8) -> [NeedMet] {
        guard let session, session.medium == .typed, let state = session.floors[number] else {
            return []
        }
        return people(ofFloor: number).flatMap { person in
            (part(of: person)?.part?.must ?? []).map { NeedMet(person: person, kind: $0) }
                .filter { !state.met.contains($0) }
        }
    }

    /// Whether an entry that was just taken is one that the running phase asks for.
    public func isNeeded(_ kind: EntryKind, in key: TranscriptKey, by person: PersonID) -> Bool {
        guard let session, session.asksForKinds, kind.needsFloor,
            part(of: person)?.part?.must?.contains(kind) == true
        else { return false }
        let place = session.seats[person].map { TranscriptKey.turn($0) } ?? .room
        return key == place && needs(with: person).contains(NeedMet(person: person, kind: kind))
    }

    /// Notes, by the server, that somebody put down what the phase asks for.
    func meet(
        _ met: NeedMet,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        guard actor == .server else { throw .notInCharge }
        guard session != nil else { throw .noSession }
        course.endDuePhases()
        guard course.room.needs(with: met.person).contains(met) else { throw .noRoleNow }
        course.follow(.needMet(met))
        course.endHeldPhases()
    }

    mutating func evolve(_ met: NeedMet) {
        guard let number = floorNumber(of: met.person),
            part(of: met.person)?.part?.must?.contains(met.kind) == true
        else { return }
        session?.floors[number]?.met.insert(met)
    }
}

extension SessionFormat {
    /// Whether any phase asks for something before it ends.
    var asksForKinds: Bool {
        (opening + round + closing).contains { $0.parts.contains { $0.must != nil } }
    }
}

extension Course {
    /// Ends what went on past its time only for something that is there by now, or for somebody
    /// who is gone.
    mutating func endHeldPhases() {
        for number in (room.session?.floors.keys.sorted() ?? []) {
            guard let session = room.session, session.course(ofPod: number).clock.isHeld,
                !waits(number)
            else { continue }
            endPhase(ofFloor: number)
        }
    }

    /// Whether the phase of a floor goes on past its time: it is held for who keeps the time, or
    /// asks for something that is not there; and somebody is there who can end it all the same.
    func waits(_ number: UInt8) -> Bool {
        guard let session = room.session, !room.timekeepers.isEmpty,
            let phase = session.phase(at: session.course(ofPod: number).place)
        else { return false }
        return phase.isHeld == true || !room.needs(onFloor: number).isEmpty
    }
}
