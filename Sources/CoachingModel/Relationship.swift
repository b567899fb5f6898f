// SPDX-License-Identifier: Apache-2.0
import CBOR

/// What a group does with its coaching relationship once it has held enough sessions.
///
/// - Source: CAPABILITIES.md U22, and 38 of section D.
public enum RelationshipChoice: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// Go on as before, for as many sessions again.
    case renew = 1
    /// Go on with something else, under an agreement that says so.
    case changeFocus = 2
    /// Hold no more sessions.
    case close = 3
}

/// What a peer wants of it.
public struct RelationshipCall: Codable, Hashable, Sendable {
    /// The choice; `nil` takes back what one said before.
    public var choice: RelationshipChoice?

    enum CodingKeys: Int, CodingKey { case choice = 0 }

    /// Makes a call.
    public init(_ choice: RelationshipChoice?) { self.choice = choice }
}

extension RelationshipCall {
    init(_ reader: inout CBORReader) throws(CBORError) {
        var choice: RelationshipChoice?
        try reader.record { (key, reader) throws(CBORError) in
            guard key == 0 else { return false }
            choice = try reader.choice()
            return true
        }
        self.init(choice)
    }

    func write(to writer: inout CBORWriter) {
        writer.map(choice == nil ? 0 : 1)
        if let choice {
            writer.key(0)
            writer.uint(UInt64(choice.rawValue))
        }
    }
}

/// The coaching relationship of a room's peers: open until enough sessions were held, then theirs
/// to renew, to give another focus or to close, each time with the yes of all.
public struct Relationship: Hashable, Sendable {
    /// How many sessions are held before anybody chooses.
    public static let sessionsLeast = 2

    /// How many sessions were held since it began or was renewed.
    public internal(set) var held = 0
    /// How often it was renewed or got another focus.
    public internal(set) var renewals = 0
    /// Whether it is closed: no session starts until all renew it.
    public internal(set) var isClosed = false
    /// Who wants what, as long as not all want the same.
    public internal(set) var wishes: [PersonID: RelationshipChoice] = [:]
    /// The version of the agreement after which one with the new focus has to come; `nil` where
    /// none has.
    public internal(set) var focusAfter: UInt32?

    /// Whether the group may choose now.
    public var isDue: Bool { isClosed || held >= Self.sessionsLeast }
}

extension Room {
    /// Whether the peers agreed on another focus and the agreement does not say it yet.
    public var awaitsFocus: Bool {
        guard let before = relationship.focusAfter else { return false }
        return agreementInForce.map { $0.version <= before } ?? true
    }

    /// Notes what a peer wants to become of the relationship.
    func callRelationship(
        _ call: RelationshipCall,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        try checkRelationship(call, by: person)
        guard relationship.wishes[person] != call.choice else { return }
        course.add(.relationshipCalled(call))
    }

    /// Checks what somebody wants of it, whoever decided it.
    ///
    /// - Throws: ``RoomRejection/notAMember``, `peersChoose`, `sessionRunning`, `relationshipYoung`
    ///   or `relationshipClosed`.
    func checkRelationship(
        _ call: RelationshipCall,
        by person: PersonID?
    ) throws(RoomRejection) {
        guard let person, let membership = membership(of: person) else { throw .notAMember }
        guard membership == .peer else { throw .peersChoose }
        guard session == nil else { throw .sessionRunning }
        guard call.choice == nil || relationship.isDue else { throw .relationshipYoung }
        if relationship.isClosed, call.choice == .close { throw .relationshipClosed }
    }

    /// Checks that the relationship allows a session.
    func checkStart() throws(RoomRejection) {
        guard !relationship.isClosed else { throw .relationshipClosed }
        guard !awaitsFocus else { throw .focusNotAgreed }
    }

    mutating func evolve(_ call: RelationshipCall, by person: PersonID?) {
        guard let person, (try? checkRelationship(call, by: person)) != nil else { return }
        relationship.wishes[person] = call.choice
        settleRelationship()
    }

    /// Does what all peers want, as soon as they want the same.
    mutating func settleRelationship() {
        relationship.wishes = relationship.wishes.filter { membership(of: $0.key) == .peer }
        let peers = members.filter { $0.membership == .peer }.map(\.person)
        guard let first = peers.first, let choice = relationship.wishes[first],
            peers.allSatisfy({ relationship.wishes[$0] == choice })
        else { return }
        relationship.wishes = [:]
        relationship.isClosed = choice == .close
        guard choice != .close else { return }
        relationship.held = 0
        relationship.renewals += 1
        relationship.focusAfter =
            choice == .changeFocus ? agreementInForce?.version ?? 0 : nil
    }
}
