// SPDX-License-Identifier: Apache-2.0
import CBOR

/// A facilitator says that the next session is the last one together, or takes that back.
///
/// With its end they belong to the room no more, and the group runs itself.
public struct Farewell: Codable, Hashable, Sendable {
    /// Whether it is the last one.
    public var isLast: Bool

    enum CodingKeys: Int, CodingKey { case isLast = 0 }

    /// Makes it.
    public init(isLast: Bool) { self.isLast = isLast }
}

extension Farewell {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var isLast: Bool?
        try reader.record { (key, reader) throws(CBORError) in
            guard key == 0 else { return false }
            isLast = try reader.bool()
            return true
        }
        guard let isLast else { throw reader.missing }
        self.init(isLast: isLast)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(1)
        writer.key(0)
        writer.bool(isLast)
    }
}

extension Room {
    /// The facilitators for whom the session that runs, or else the next one, is the last.
    public var leavingWithSession: [PersonID] {
        farewells.filter { !$0.value }.keys.sorted()
    }

    /// The facilitators whose last session is over and who are still in the room.
    public var parting: [PersonID] { farewells.filter(\.value).keys.sorted() }

    /// Notes that a facilitator goes with the end of the next session, or stays.
    func sayFarewell(
        _ farewell: Farewell,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        try checkFarewell(by: person)
        // Somebody has to be left who lets people in and keeps the time.
        guard !farewell.isLast || members.contains(where: { $0.membership == .peer }) else {
            throw .noKeeperLeft
        }
        guard (farewells[person] != nil) != farewell.isLast else { return }
        course.add(.farewellSaid(farewell))
    }

    /// Checks that somebody says it who can.
    func checkFarewell(by person: PersonID?) throws(RoomRejection) {
        guard let person, let membership = membership(of: person) else { throw .notAMember }
        guard membership == .facilitator else { throw .facilitatorOnly }
    }

    mutating func evolve(_ farewell: Farewell, by person: PersonID?) {
        guard let person, (try? checkFarewell(by: person)) != nil else { return }
        farewells[person] = farewell.isLast ? false : nil
    }

    /// Notes, at the end of a session that was held, for whom it was the last: who came to it.
    mutating func settleFarewells(_ came: Set<PersonID>) {
        guard sessions.last?.isHeld == true else { return }
        for person in leavingWithSession
        where came.contains(person) || presence(of: person) != .away {
            farewells[person] = true
        }
    }
}
