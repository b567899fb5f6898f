// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingServer
import CoachingTestKit
import CoachingWire
import Testing

/// Who may read older items because a member said so, as the server holds it.
struct HistoryGrantTests {
    private static let room = Programme.room

    /// Peers 1 and 2 who wrote, and 3 who came then.
    private func programme(allowed: Bool = true) throws -> Programme {
        var configuration = ServerConfiguration()
        configuration.requestsBurst = 1_000_000
        let programme = try Programme.founded(3, configuration: configuration)
        let people = programme.people
        guard try programme.clients[1].act(Self.room, .exclude(people[3].id)).isDone else {
            throw NoReply()
        }
        for text in ["one", "two", "three"] {
            _ = try programme.clients[1].post(Self.room, .room, .say, text)
            _ = try programme.clients[2].post(Self.room, .peers, .say, text)
            _ = try programme.clients[1].post(
                Self.room,
                .between(people[1].id, people[2].id),
                .say,
                text
            )
        }
        try programme.propose(3)
        try programme.accept(3)
        let members = (1...3).map { people[$0].member(.peer) }
        guard try programme.admit(members, by: 1).isDone else { throw NoReply() }
        // The list that was signed now has the usual policy.
        if allowed { try allow(true, programme) }
        return programme
    }

    private func allow(_ isAllowed: Bool, _ programme: Programme) throws {
        let client = programme.clients[1]
        try client.read()
        guard let room = client.rooms[Self.room]?.room, var roster = room.roster else {
            throw NoReply()
        }
        roster.version += 1
        roster.previous = room.rosterHash
        roster.members = room.members
        roster.policy.historyForNewcomers = isAllowed
        let signed = try client.device.signing.sign(roster)
        guard try client.act(Self.room, .admit(signed)).isDone else { throw NoReply() }
    }

    private func grant(
        _ programme: Programme,
        by number: Int = 1,
        to person: Int = 3,
        change: (inout HistoryGrant) -> Void = { _ in }
    ) throws -> SignedBytes {
        let client = programme.clients[number]
        try client.read()
        guard let room = client.rooms[Self.room]?.room else { throw NoReply() }
        let person = programme.people[person].id
        var grant = HistoryGrant(
            room: Self.room,
            person: person,
            roster: room.rosterHash,
            spans: [(Scope.peers, TranscriptKey.peers), (.room, .room)].compactMap {
                scope,
                key in
                room.newcomersSpan(key, of: person).map {
                    GrantedSpan(scope: scope, from: 1, until: $0.lowerBound - 1)
                }
            },
            since: nil
        )
        change(&grant)
        return try client.device.signing.sign(grant)
    }

    private func numbers(_ programme: Programme, of key: TranscriptKey) throws -> [UInt64] {
        let late = TestClient(programme.world, programme.people[3])
        try late.connect()
        guard case .answer(.followed) = try late.follow(Self.room) else { throw NoReply() }
        let numbers = try late.live(Self.room, key)
        try late.cut()
        return numbers
    }

    @Test func `who was given older items gets them from the first on, and pages of them`() throws {
        let programme = try programme()
        #expect(try numbers(programme, of: .room) == [])
        #expect(
            try programme.clients[1].act(Self.room, .grantHistory(grant(programme))).isDone
        )
        for key in [TranscriptKey.room, .peers] {
            #expect(try numbers(programme, of: key) == [1, 2, 3, 4])
        }
        let between = TranscriptKey.between(programme.people[1].id, programme.people[2].id)
        #expect(try numbers(programme, of: between) == [])
        // Also over a connection that was there, where the client follows anew.
        let three = programme.clients[3]
        _ = try three.follow(Self.room)
        #expect(try three.live(Self.room, .room).isEmpty == false)
        try programme.world.restart(away: 1_000)
        #expect(try numbers(programme, of: .room) == [1, 2, 3, 4])
        let late = TestClient(programme.world, programme.people[3])
        try late.connect()
        _ = try late.follow(Self.room, rest: false)
        let page = HistoryPage(
            room: Self.room,
            transcript: TranscriptID(room: Self.room, key: .room),
            before: 4,
            limit: 10
        )
        #expect(try late.ask(.history(page)) == .answer(.history(first: 1)))
        #expect(late.findings == [])
    }

    @Test func `before it is given no page of it comes`() throws {
        let programme = try programme()
        _ = try programme.clients[1].post(Self.room, .room, .say, "four")
        let late = TestClient(programme.world, programme.people[3])
        try late.connect()
        _ = try late.follow(Self.room)
        #expect(try late.live(Self.room, .room) == [5, 6])
        let page = HistoryPage(
            room: Self.room,
            transcript: TranscriptID(room: Self.room, key: .room),
            before: 5,
            limit: 10
        )
        #expect(try late.ask(.history(page)) == .answer(.history(first: 0)))
    }

    @Test func `the server refuses what is not signed so, not allowed, or not the giver's`() throws
    {
        let programme = try programme()
        func refusal(_ signed: SignedBytes, by number: Int = 1) throws -> RefusalCode? {
            try programme.clients[number].act(Self.room, .grantHistory(signed)).refusal
        }
        let invalid = RefusalCode(.grantInvalid)
        var bad = try grant(programme)
        bad.signature[5] ^= 1
        #expect(try refusal(bad) == .badSignature)
        bad = try grant(programme)
        bad.body[bad.body.count - 1] ^= 1
        #expect(try refusal(bad) == .badSignature)
        #expect(try refusal(grant(programme), by: 2) == .badSignature, "another's")
        let client = programme.clients[1]
        for body in [[], [0xa0], [0x80]] as [[UInt8]] {
            let signature = try client.device.signing.sign(.grant, body: body)
            #expect(try refusal(SignedBytes(body: body, signature: signature)) == .badSignature)
        }
        let wrong: [(inout HistoryGrant) -> Void] = [
            { $0.person = programme.people[1].id }, { $0.spans = [] },
            { $0.spans[0].until += 1 }, { $0.spans[0].from = 0 }, { $0.spans.reverse() },
            { $0.spans[1].scope = .turn },
        ]
        for change in wrong {
            #expect(try refusal(grant(programme, change: change)) == invalid)
        }
        #expect(
            try refusal(grant(programme) { $0.roster = .zero }) == RefusalCode(.rosterConflict)
        )
        #expect(
            try refusal(grant(programme) { $0.room = RoomID(.zero) })
                == RefusalCode(.rosterConflict)
        )
        let stranger = try grant(programme, to: 0)
        #expect(try refusal(stranger) == RefusalCode(.notAMember))
        _ = try programme.clients[3].follow(Self.room)
        #expect(
            try refusal(
                grant(programme, by: 3, to: 2) {
                    $0.spans = [GrantedSpan(scope: .room, from: 1, until: 4)]
                },
                by: 3
            ) == invalid
        )
        try allow(false, programme)
        #expect(try refusal(grant(programme)) == RefusalCode(.historyNotAgreed))
        #expect(try numbers(programme, of: .room) == [])
        try allow(true, programme)
        let good = try grant(programme)
        #expect(try refusal(good) == nil)
        #expect(try refusal(good) == invalid, "it counts once")
    }
}
