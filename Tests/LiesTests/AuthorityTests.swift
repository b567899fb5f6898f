// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingTestKit
import CoachingWire
import Testing

@testable import CoachingClient

/// Every command by everybody at every moment is answered as a table says that was written apart
/// from the rules; and what a server forges in somebody's name lets nobody read more.
struct AuthorityTests {
    @Test(arguments: [true, false])
    func `a room does what the table says, for everybody at every moment`(
        _ isModerated: Bool
    ) throws {
        var cells = (refused: 0, done: 0)
        for moment in Moment.allCases {
            let shared = try AuthorityStage(moment, isModerated: isModerated)
            for standing in Standing.allCases {
                guard shared.client(standing) != nil else { continue }
                let row = Array(
                    AuthorityTable.row(standing, moment, isModerated: isModerated)
                )
                try #require(row.count == Deed.allCases.count)
                for deed in Deed.allCases {
                    // What is done changes the room, and has one of its own.
                    let isDone = row[deed.rawValue] == "+"
                    let stage =
                        isDone ? try AuthorityStage(moment, isModerated: isModerated) : shared
                    let given = try answer(stage, deed, standing)
                    #expect(
                        given == String(row[deed.rawValue]),
                        "\(standing) \(deed) in \(moment), moderated \(isModerated)"
                    )
                    if isDone { cells.done += 1 } else { cells.refused += 1 }
                }
            }
        }
        print("authority moderated=\(isModerated) done=\(cells.done) refused=\(cells.refused)")
    }

    @Test(arguments: [true, false])
    func `the directory does what the table says, for everybody`(_ isModerated: Bool) throws {
        for standing in Standing.allCases {
            let row = Array(AuthorityTable.row(standing, isModerated: isModerated))
            try #require(row.count == DirectoryDeed.allCases.count)
            var shared = try AuthorityStage(.idle, isModerated: isModerated)
            guard shared.client(standing) != nil else { continue }
            for deed in DirectoryDeed.allCases {
                let given = try ask(
                    shared,
                    .directory(shared.request(deed, by: standing)),
                    standing
                )
                let expected = row[deed.rawValue]
                #expect(
                    given == String(expected),
                    "\(standing) \(deed), moderated \(isModerated)"
                )
                if expected == "+" {
                    shared = try AuthorityStage(.idle, isModerated: isModerated)
                }
            }
        }
    }

    private func answer(
        _ stage: AuthorityStage,
        _ deed: Deed,
        _ standing: Standing
    ) throws -> String {
        let request = RoomRequest(
            room: Programme.room,
            act: try stage.request(deed, by: standing)
        )
        return try ask(stage, .room(request), standing)
    }

    /// Asks, and gives the answer as one of the table's signs, or its number.
    private func ask(
        _ stage: AuthorityStage,
        _ request: Request,
        _ standing: Standing
    ) throws -> String {
        guard let client = stage.client(standing) else { throw NoReply() }
        if standing == .nobody { try client.open(certified: false) }
        let id = try client.begin(request)
        guard let reply = try client.reply(id) else { return client.isConnected ? "silence" : "-" }
        guard let code = reply.refusal else { return "+" }
        let signs: [Character] = [
            "?", "L", "k", "c", "n", "r", "p", "u", "x", "s", "A", "l", "h", "o", "v", "z", "f",
            "w", "a",
            "b", "m", "e", "i", "d", "y", "q", "g",
        ]
        return signs.first { AuthorityTable.code($0) == code }.map { String($0) }
            ?? "\(code.rawValue)"
    }

    // MARK: A lying server

    @Test(arguments: [true, false])
    func `a record that a server forges in somebody's name lets nobody read more`(
        _ isModerated: Bool
    ) throws {
        var (refused, harmless) = (0, 0)
        for moment in Moment.allCases where moment != .founding {
            let stage = try AuthorityStage(moment, isModerated: isModerated)
            let replica = try self.replica(stage)
            let people = stage.programme.people + [stage.stranger.person]
            let keys = self.keys(people, replica.room)
            let before = keys.map { replica.room.audienceDevices(of: $0) }
            for standing in Standing.allCases {
                guard let client = stage.client(standing) else { continue }
                for (name, event, isForged) in try events(stage, replica, client) {
                    var victim = replica
                    let record = RoomRecord(
                        at: replica.room.lastAt,
                        by: client.person.id,
                        event: event
                    )
                    let happenings = victim.take(
                        PushedRecord(
                            room: Programme.room,
                            position: replica.room.position + 1,
                            record: record.encoded()
                        )
                    )
                    let place: Comment = "\(name) by \(standing) in \(moment)"
                    if let failure = victim.failure {
                        refused += 1
                        #expect(Told.mistake(failure.sentence) == nil, place)
                        #expect(victim.room == replica.room, place)
                        #expect(!happenings.isEmpty, place)
                    } else {
                        harmless += 1
                        #expect(!isForged, place)
                    }
                    for (key, readers) in zip(keys, before) {
                        let after = victim.room.audienceDevices(of: key)
                        #expect(Set(after).isSubset(of: readers), place)
                    }
                    for person in people where !name.hasPrefix("a list of members") {
                        for key in [TranscriptKey.room, .peers] {
                            let first = replica.room.readable(key, by: person.id).last?.lowerBound
                            let after = victim.room.readable(key, by: person.id).last?.lowerBound
                            #expect(after ?? .max >= first ?? .max, place)
                        }
                    }
                }
            }
        }
        print("authority moderated=\(isModerated) forged=\(refused + harmless) named=\(refused)")
    }

    private func replica(_ stage: AuthorityStage) throws -> RoomReplica {
        let client = TestClient(stage.programme.world, stage.programme.people[stage.second])
        try client.connect()
        guard case .answer(.followed) = try client.follow(Programme.room) else { throw NoReply() }
        try client.read()
        var replica = HonestRun.replica(of: client.person)
        for frame in Script.frames(client) { _ = replica.take(frame) }
        guard replica.failure == nil, replica.hasAll else { throw NoReply() }
        return replica
    }

    private func keys(_ people: [TestPerson], _ room: Room) -> [TranscriptKey] {
        var keys: [TranscriptKey] = [.room, .peers] + people.map { .own($0.id) }
        for one in people {
            for other in people where one.id < other.id { keys.append(.between(one.id, other.id)) }
        }
        return keys + (room.session?.openTurns ?? []).map { .turn($0.id) }
    }

    /// Records in somebody's name; those that are forged must be refused.
    private func events(
        _ stage: AuthorityStage,
        _ replica: RoomReplica,
        _ client: TestClient
    ) throws -> [(String, RoomEvent, isForged: Bool)] {
        let room = replica.room
        let me = client.person
        let session = room.session?.id ?? SessionID(Bytes16(high: 1, low: 1))
        let isKeeper = room.isKeeper(me.id)
        let members = room.members + (isKeeper ? [] : [try Strangers.ghost.member()])
        let marks = [TranscriptKey.room, .peers].map { TranscriptMark(key: $0, number: 0) }
        var forged: [(String, RoomEvent, isForged: Bool)] = []
        let roster = Roster(
            room: Programme.room,
            version: (room.roster?.version ?? 0) + 1,
            previous: room.rosterHash,
            members: members.sorted { $0.person < $1.person },
            policy: .standard,
            excludedDevices: []
        )
        let signed = try client.device.signing.sign(roster)
        let rostered = Rostered(
            signed: signed,
            signer: client.device.id,
            roster: roster,
            hash: Hashing.hash(signed.body),
            marks: marks
        )
        forged.append(("a list of members", .rostered(rostered), !isKeeper))
        let target = stage.other(than: .peer)
        if target.id != me.id, let old = replica.lists[target.id] {
            var list = old.list
            list.version += 1
            list.previous = old.hash
            let body = try SignedDeviceList.body(list)
            let signature = try me.identity.sign(.deviceList, body: body)
            let changed = DevicesChanged(
                signed: SignedBytes(body: body, signature: signature),
                list: list
            )
            forged.append(("a list of devices", .devicesChanged(changed), true))
        }
        let acceptance = try client.device.signing.sign(replica.acceptance(.zero))
        let accepted = RestoreAccepted(
            signed: acceptance,
            signer: client.device.id,
            acceptance: replica.acceptance(.zero),
            hash: Hashing.hash(acceptance.body)
        )
        forged.append(("a restore", .restoreAccepted(accepted), !isKeeper))
        let pod = Pod(number: 7, client: me.id, coaches: [target.id], observers: [])
        if me.id != target.id {
            let mayBe = room.membership(of: me.id) == .peer
            let turn = Turn(session: session, round: 1, pod: pod)
            if !mayBe { forged.append(("a turn", .turnOpened(turn), true)) }
        }
        let given = try stage.grant(by: client, to: target)
        forged.append(("older lines", .historyGranted(given), true))
        forged += try moderated(stage, room, client, target)
        let soon = room.lastAt.adding(milliseconds: 1_000)
        for cause in ExclusionCause.allCases {
            let excluded = Excluded(person: target.id, cause: cause, marks: marks)
            forged.append(("an exclusion", .excluded(excluded), false))
        }
        forged += [
            ("an agreement", .agreementProposed(AgreementVersion(version: 2, hash: .zero)), false),
            ("an acceptance", .agreementAccepted(Programme.agreement), false),
            (
                "a presence", .attended(Attended(person: target.id, presence: .away)),
                false
            ),
            (
                "a phase",
                .phaseStarted(
                    PhaseStarted(place: PhasePlace(round: 1, phase: 0), pod: nil, ends: soon)
                ), false
            ),
            (
                "a clock",
                .clockSet(ClockSet(cause: .paused, pod: nil, ends: nil, left: 5)), false
            ),
            (
                "an end of a turn",
                .turnClosed(TurnClosed(session: session, round: 1, pod: 0, held: true)), false
            ),
            ("an end", .sessionEnded(SessionEnded(session: session, complete: true)), false),
            (
                "a plan", .replanned(Replanned(session: session, from: 1, rounds: [[pod]])),
                false
            ),
            ("something new", .unrecognised(kind: 99), false),
        ]
        return forged
    }

    /// What only a facilitator does, what a turn's client signs, and what goes with it.
    private func moderated(
        _ stage: AuthorityStage,
        _ room: Room,
        _ client: TestClient,
        _ target: TestPerson
    ) throws -> [(String, RoomEvent, isForged: Bool)] {
        let isForged = room.membership(of: client.person.id) != .facilitator
        let visit = try stage.yes(by: client)
        let (me, other) = (client.person.id, target.id)
        let arePeers =
            me != other && [me, other].allSatisfy { room.membership(of: $0) == .peer }
        let terms = Deviation(less: me, more: other, minutes: 5, once: false)
        let question = PromptOpened(
            prompt: PromptID(Bytes16(high: 0x9a, low: 1)),
            scope: .room,
            audience: room.audience(of: .room),
            ends: room.lastAt.adding(milliseconds: 60_000)
        )
        return [
            ("a muting", .muted(Muted(person: target.id, isMuted: true)), isForged),
            ("a shut room", .shut(Shut(isShut: true)), isForged),
            ("a floor", .floorCalled(FloorCall(wish: .give, person: target.id)), isForged),
            ("a wish to visit", .visitAsked(TurnPlace(visit.yes.turn)), isForged),
            ("a visit", .turnChanged(visit), true),
            ("a question to too few", .promptOpened(question), true),
            ("a wish for unequal time", .deviationProposed(terms), !arePeers),
            ("a yes to unequal time", .deviationAgreed(terms), true),
            ("an end of unequal time", .deviationEnded(terms), true),
            ("a closing", .relationshipCalled(RelationshipCall(.close)), true),
            ("a last session", .farewellSaid(Farewell(isLast: true)), isForged),
            (
                "a call", .facilitatorCalled(TurnPlace(visit.yes.turn)),
                room.turn(of: me)?.turn.id != visit.yes.turn
            ),
            ("a handing over", .handedOver(HandedOver(to: target.id)), false),
            ("an order", .rotaSet(RotaSet(order: [target.id])), false),
            ("a ready", .floorCalled(FloorCall(wish: .ready, person: target.id)), false),
            (
                "an end of a visit",
                .visitEnded(VisitEnded(visit.yes.turn, target.id, number: 0)),
                false
            ),
        ]
    }
}
