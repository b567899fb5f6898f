// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
public import CoachingSeal
public import CoachingWire

/// How a device knows a member's identity.
public enum IdentityStanding: Hashable, Sendable {
    /// It is oneself.
    case own
    /// Digits were compared and were the same.
    case matched(at: Timestamp)
    /// Digits were compared and were not the same.
    case unmatched(at: Timestamp)
    /// They proved that they made the invite with which this device came.
    case invited
    /// Other keys than before stand behind the name.
    case otherThanBefore
    /// Only whoever let them in stands for it.
    case notCompared
}

/// A room's digits.
public struct RoomNumber: Hashable, Sendable {
    /// The digits.
    public var number: SafetyNumber
    /// When they were read aloud as they are, if they were.
    public var readAloud: Timestamp?

    /// Makes the pair.
    public init(number: SafetyNumber, readAloud: Timestamp?) {
        self.number = number
        self.readAloud = readAloud
    }
}

extension RoomSession {
    /// Gives the digits that oneself and a member compare.
    ///
    /// - Throws: ``ClientError/Code/noSuchName`` for oneself and for who is no member.
    public func safetyNumber(with person: PersonID) async throws(ClientError) -> SafetyNumber {
        try await client.safetyNumber(with: person, in: room)
    }

    /// Gives the digits of all who are in the room.
    public func roomNumber() async throws(ClientError) -> RoomNumber {
        try await client.number(of: room)
    }

    /// Notes that the room's digits were read aloud.
    public func noteReadAloud() async throws(ClientError) {
        try await client.noteReadAloud(room)
    }

    /// Notes whether a member has the same digits.
    public func noteCompared(_ person: PersonID, matched: Bool) async throws(ClientError) {
        try await client.noteCompared(person, in: room, matched: matched)
    }

    /// Gives how this device knows each member's identity.
    public func identities() async throws(ClientError) -> [PersonID: IdentityStanding] {
        try await client.identities(in: room)
    }
}

extension Client {
    /// Says what speaks against letting somebody in who waits: they were vouched for under
    /// another name; `nil` where nothing does.
    public func warning(about candidate: Candidate) -> String? {
        Self.warning(candidate, trust())
    }

    func safetyNumber(
        with person: PersonID,
        in room: RoomID
    ) throws(ClientError) -> SafetyNumber {
        guard person != keys.person, let member = try roomState(room).member(person) else {
            throw ClientError(.noSuchName, "Digits are compared with another member.")
        }
        return SafetyNumber(pair: profile.identityKey, member.identityKey)
    }

    func number(of room: RoomID) throws(ClientError) -> RoomNumber {
        let replica = try following(room).replica
        guard let genesis = replica.genesis, replica.unproved == nil else {
            throw ClientError(.tryLater, "The room's beginning has not come yet.")
        }
        let number = SafetyNumber(
            room: genesis,
            identityKeys: replica.room.members.map(\.identityKey)
        )
        let last = profile.readAloud?.last { $0.room == room }
        return RoomNumber(
            number: number,
            readAloud: last?.digits == number.description ? last?.at : nil
        )
    }

    func noteReadAloud(_ room: RoomID) throws(ClientError) {
        let digits = try number(of: room).number.description
        let now = environment.now()
        try change { profile in
            var all = profile.readAloud ?? []
            all.removeAll { $0.room == room }
            all.append(ReadAloud(room: room, digits: digits, at: now))
            profile.readAloud = all
        }
    }

    func noteCompared(
        _ person: PersonID,
        in room: RoomID,
        matched: Bool
    ) async throws(ClientError) {
        let replica = try following(room).replica
        guard let member = replica.room.member(person) else {
            throw ClientError(.noSuchName, "Digits are compared with another member.")
        }
        let wasDoubted = replica.doubt(about: person) != nil
        let compared = ComparedPerson(
            identityKey: member.identityKey,
            name: member.name,
            matched: matched,
            at: environment.now()
        )
        try change { profile in
            var all = profile.compared ?? []
            all.removeAll { one in
                // Who has the name now is the one who is meant by it from now on.
                one.identityKey == compared.identityKey
                    || matched && PersonName.key(one.name) == PersonName.key(compared.name)
            }
            all.append(compared)
            profile.compared = all
        }
        learnIdentities()
        // The texts in force could not go to them before.
        if matched, wasDoubted, replica.room.isKeeper(keys.person) {
            await repostTexts(in: room)
        }
    }

    /// Hands what the profile holds about people to the rooms that are open.
    private func learnIdentities() {
        let knowledge = IdentityKnowledge(profile)
        for room in rooms.keys {
            rooms[room]?.replica.knowledge = knowledge
            rooms[room]?.replica.doubted.subtract(knowledge.matched)
        }
    }

    func identities(in room: RoomID) throws(ClientError) -> [PersonID: IdentityStanding] {
        let replica = try following(room).replica
        var standings: [PersonID: IdentityStanding] = [:]
        for member in replica.room.members {
            standings[member.person] = standing(of: member, replica)
        }
        return standings
    }

    private func standing(of member: RosterMember, _ replica: RoomReplica) -> IdentityStanding {
        if member.person == keys.person { return .own }
        if let compared = profile.compared?.last(where: { $0.identityKey == member.identityKey }) {
            return compared.matched ? .matched(at: compared.at) : .unmatched(at: compared.at)
        }
        if replica.doubt(about: member.person) != nil { return .otherThanBefore }
        let isKnown = profile.known.contains { $0.identityKey == member.identityKey }
        return isKnown ? .invited : .notCompared
    }

    /// Refuses to write where a reader may not be who they were.
    ///
    /// - Throws: ``ClientError/Code/otherIdentity``.
    func checkIdentities(of key: TranscriptKey, in room: RoomID) throws(ClientError) {
        let replica = try following(room).replica
        for person in replica.room.audience(of: key) {
            guard let doubt = replica.doubt(about: person) else { continue }
            throw ClientError(doubt, about: replica.room.name(of: person) ?? "Somebody")
        }
    }
}
