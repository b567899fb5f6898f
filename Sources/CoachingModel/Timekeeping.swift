// SPDX-License-Identifier: Apache-2.0

/// A facilitator, or a host, gave the keeping of time to a peer, or took it back.
///
/// - Source: DESIGN.md, Sessions, formats, rotation.
public struct HandedOver: Codable, Hashable, Sendable {
    /// The peer who keeps time in the session that runs, else in the next one; `nil` where it
    /// was taken back.
    public var to: PersonID?

    enum CodingKeys: Int, CodingKey { case to = 0 }

    /// Makes the payload.
    public init(to: PersonID?) { self.to = to }
}

/// The order in which peers keep time was set.
public struct RotaSet: Codable, Hashable, Sendable {
    /// All peers, who keeps time next first.
    ///
    /// - Limits: as many as a roster has members.
    public var order: [PersonID]

    enum CodingKeys: Int, CodingKey { case order = 0 }

    /// Makes the payload.
    public init(order: [PersonID]) { self.order = order }
}

/// The server lost who keeps time in a session, or has them back.
///
/// It changes nobody's presence, role or place in the plan (DESIGN.md D19).
public struct KeeperReached: Codable, Hashable, Sendable {
    /// The facilitator, or the peer who keeps time.
    public var person: PersonID
    /// Whether the server reaches them.
    public var isReached: Bool

    enum CodingKeys: Int, CodingKey {
        case person = 0
        case isReached = 1
    }

    /// Makes the payload.
    public init(person: PersonID, isReached: Bool) {
        self.person = person
        self.isReached = isReached
    }
}

extension Room {
    /// The order in which peers keep time where no facilitator does: who is next comes first.
    ///
    /// Whoever kept time goes to the end of it, as does who is new.
    public var rota: [PersonID] {
        let known = rotaKnown.filter { membership(of: $0) == .peer }
        let new = members.lazy.filter { $0.membership == .peer && !known.contains($0.person) }
            .map(\.person)
            .sorted { (admission(of: $0), $0) < (admission(of: $1), $1) }
        return known + new
    }

    /// Gives who would keep time if a peer started a session now: the first of the rota who is
    /// there; whoever starts it where nobody has kept time yet.
    public func host(ifStartedBy person: PersonID) -> PersonID {
        guard !rotaKnown.isEmpty else { return person }
        return rota.first { isPresentPeer($0) } ?? person
    }

    /// Who keeps time in the session that runs, ascending: the peer to whom it was handed over,
    /// else the facilitators, else the host; where none of them is there, the first of the rota
    /// who is.
    ///
    /// Empty where nobody is there who could, or no session runs.
    public var timekeepers: [PersonID] {
        guard let session else { return [] }
        if let standIn, canKeepTime(standIn) { return [standIn] }
        let facilitators = members.filter { $0.membership == .facilitator }.map(\.person)
            .filter { presence(of: $0) != .away && !session.unreached.contains($0) }
        if !facilitators.isEmpty { return facilitators }
        if let host = session.host, canKeepTime(host) { return [host] }
        return rota.first { canKeepTime($0) }.map { [$0] } ?? []
    }

    /// Tells whether a member decides about the clock and sets the presence of others.
    ///
    /// Facilitators always do. In a session a peer does who keeps time: the one to whom it was
    /// handed over, the host, and, where none of these nor a facilitator is there, the first of
    /// the rota who is; so nobody becomes it by being quickest, and who comes back has it back.
    /// Where nobody at all is there any peer does, so that the session can be ended. Without a
    /// session the peer does to whom the next one was handed over, and where there is no
    /// facilitator every peer who is present.
    public func isInCharge(_ person: PersonID) -> Bool {
        switch membership(of: person) {
        case .facilitator: return true
        case nil: return false
        case .peer: break
        }
        guard let session else {
            return isPresentPeer(person) && (!hasFacilitator || standIn == person)
        }
        if let standIn, standIn == person { return true }
        if session.host == person, standIn.map(canKeepTime) != true { return true }
        let keepers = timekeepers
        return keepers.contains(person) || (keepers.isEmpty && present.isEmpty)
    }

    /// Tells whether the server is to say when it loses somebody in a session.
    public func isAwaitedKeeper(_ person: PersonID) -> Bool {
        guard let session else { return false }
        return membership(of: person) == .facilitator || session.host == person
            || standIn == person
    }

    /// Whether any facilitator is there and reached.
    var isFacilitatorReached: Bool {
        members.contains { member in
            member.membership == .facilitator && presence(of: member.person) != .away
                && session?.unreached.contains(member.person) != true
        }
    }

    private func canKeepTime(_ person: PersonID) -> Bool {
        isPresentPeer(person) && session?.unreached.contains(person) != true
            && !devices(of: person).isEmpty
    }

    private func admission(of person: PersonID) -> UInt64 { people[person]?.admittedAt ?? .max }
}

// MARK: - Deciding

extension Room {
    /// Gives the keeping of time to a peer, or takes it back.
    func handOver(
        to other: PersonID?,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard isInCharge(person) else { throw .notInCharge }
        guard hasFacilitator || session != nil else { throw .noSession }
        if let other {
            guard membership(of: other) == .peer else { throw .notAPeer }
            guard session == nil || isPresentPeer(other) else { throw .notPresent }
        }
        if standIn != other { course.add(.handedOver(HandedOver(to: other))) }
    }

    /// Sets the order in which peers keep time.
    func setRota(
        _ order: [PersonID],
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        let person = try member(asking: actor)
        guard hasAccepted(person) else { throw .agreementNotAccepted }
        guard order.count <= members.count, order.sorted() == rota.sorted() else {
            throw .rotaConflict
        }
        if order != rota { course.add(.rotaSet(RotaSet(order: order))) }
    }

    /// Notes, by the server, that it lost who keeps time or has them back.
    func reach(
        _ person: PersonID,
        _ isReached: Bool,
        by actor: RoomActor,
        _ course: inout Course
    ) throws(RoomRejection) {
        guard actor == .server else { throw .notInCharge }
        guard let session else { throw .noSession }
        let wasReached = !session.unreached.contains(person)
        guard isReached || isAwaitedKeeper(person) else { throw .notInCharge }
        if wasReached != isReached {
            course.add(.keeperReached(KeeperReached(person: person, isReached: isReached)))
            if !isReached, membership(of: person) == .facilitator { course.awaitFacilitator() }
        }
    }
}

// MARK: - Evolving

extension Room {
    mutating func evolve(_ handed: HandedOver) {
        standIn = handed.to.flatMap { membership(of: $0) == .peer ? $0 : nil }
    }

    mutating func evolve(_ set: RotaSet) {
        var seen: Set<PersonID> = []
        rotaKnown = set.order.prefix(members.count).filter {
            membership(of: $0) == .peer && seen.insert($0).inserted
        }
    }

    mutating func evolve(_ reached: KeeperReached) {
        if reached.isReached {
            session?.unreached.remove(reached.person)
        } else if isAwaitedKeeper(reached.person) {
            session?.unreached.insert(reached.person)
        }
    }

    /// Lets the keeping of time go on to the next, when a session is over.
    mutating func turnRota(after session: RunningSession) {
        standIn = nil
        guard let host = session.host, membership(of: host) == .peer else { return }
        rotaKnown = rota.filter { $0 != host } + [host]
    }
}
