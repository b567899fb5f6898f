// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Testing

@testable import CoachingClient

/// A name that goes over to other keys stops everybody, until digits were compared.
@Suite(.timeLimit(.minutes(15)))
struct IdentitiesTests {
    // MARK: From the log alone

    private func replica(
        _ ledger: Ledger,
        of owner: PersonID,
        knowing knowledge: IdentityKnowledge = IdentityKnowledge()
    ) -> (RoomReplica, [RoomAlarm.Kind]) {
        var replica = RoomReplica(
            ledger.room,
            owner: owner,
            keyring: DeviceKeyring(device: DeviceID(.zero), keys: []),
            pinned: nil,
            seen: []
        )
        replica.knowledge = knowledge
        var happenings = replica.begin(ledger.followed, depth: .log)
        for frame in ledger.frames { happenings += replica.take(frame) }
        let alarms = happenings.compactMap { happening in
            if case .alarm(let alarm) = happening { alarm.kind } else { nil }
        }
        return (replica, alarms)
    }

    @Test func `a name that goes over to other keys is an alarm, once, for all the others`()
        throws
    {
        let priya = try Somebody("Priya", seed: 1)
        let lena = try Somebody("Lena", seed: 2)
        let other = try Somebody("lena", seed: 3)
        let tom = try Somebody("Tom", seed: 4)
        var ledger = Ledger()
        try ledger.admit(
            [priya.member(), lena.member(), tom.member()],
            signedBy: priya.signing,
            lists: [priya, lena, tom]
        )
        #expect(replica(ledger, of: tom.person).1 == [])
        try ledger.admit(
            [priya.member(), other.member(), tom.member()],
            signedBy: priya.signing,
            lists: [other]
        )
        let (replica, alarms) = replica(ledger, of: tom.person)
        #expect(replica.failure == nil)
        #expect(alarms == [.otherIdentity])
        #expect(replica.doubt(about: other.person) != nil)
        #expect(replica.doubt(about: priya.person) == nil)
        #expect(replica.doubt(about: tom.person) == nil)
        #expect(self.replica(ledger, of: other.person).1 == [])
        var knowledge = IdentityKnowledge()
        knowledge.matched = [other.person]
        #expect(self.replica(ledger, of: tom.person, knowing: knowledge).1 == [])
    }

    @Test func `the same keys under another name are no other identity, taking a name over is`()
        throws
    {
        let priya = try Somebody("Priya", seed: 1)
        let lena = try Somebody("Lena", seed: 2)
        let tom = try Somebody("Tom", seed: 3)
        var ledger = Ledger()
        try ledger.admit(
            [priya.member(), lena.member(), tom.member()],
            signedBy: priya.signing,
            lists: [priya, lena, tom]
        )
        var renamed = lena.member()
        renamed.name = "Lena Hofmann"
        try ledger.admit(
            [priya.member(), renamed, tom.member()],
            signedBy: priya.signing,
            lists: []
        )
        #expect(replica(ledger, of: priya.person).1 == [])
        var swapped = tom.member()
        swapped.name = "Lena"
        try ledger.admit(
            [priya.member(), renamed, swapped],
            signedBy: priya.signing,
            lists: []
        )
        #expect(replica(ledger, of: priya.person).1 == [.otherIdentity])
    }

    @Test func `a name that this device knows from elsewhere counts too`() throws {
        let priya = try Somebody("Priya", seed: 1)
        let lena = try Somebody("Lena", seed: 2)
        var ledger = Ledger()
        try ledger.admit(
            [priya.member(), lena.member()],
            signedBy: priya.signing,
            lists: [priya, lena]
        )
        var knowledge = IdentityKnowledge()
        knowledge.names["lena"] = [priya.person]
        #expect(replica(ledger, of: priya.person, knowing: knowledge).1 == [.otherIdentity])
        knowledge.names["lena"] = [priya.person, lena.person]
        #expect(replica(ledger, of: priya.person, knowing: knowledge).1 == [])
        knowledge.unmatched = [lena.person]
        #expect(replica(ledger, of: priya.person, knowing: knowledge).1 == [.otherIdentity])
    }

    // MARK: A whole programme

    /// Takes Lena out of the programme and invites her anew, on other keys in `Lena again`.
    private func inviteLenaAgain(_ scene: Scene, to room: RoomID) async throws {
        let line = try await scene.with("Maya") { maya in
            let lena = try #require(try await maya.people().first { $0.name == "Lena" })
            try await maya.removePerson(lena.participant)
            let id = try #require(try await maya.addPeople([PersonToAdd(name: "Lena")]).first)
            try await maya.propose(id, for: room)
            return try await maya.invite(id, name: "Lena").line
        }
        try await scene.enroller().enrol(Enroller.read(line), into: scene.folder("Lena again"))
        try await scene.with("Maya") { await $0.finishChores() }
        try await scene.with("Lena again") { try await $0.accept(room) }
    }

    private func code(
        _ name: String,
        _ text: String,
        _ room: RoomID,
        _ scene: Scene
    ) async
        -> ClientError.Code?
    {
        do {
            try await scene.with(name) { client in
                let session = try await client.enter(room)
                try await session.caughtUp()
                try await session.say(text)
            }
            return nil
        } catch { return (error as? ClientError)?.code }
    }

    @Test func `whoever comes back with other keys is let in by name only, and written to after`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena", "Tom"])
        try await inviteLenaAgain(scene, to: room)
        let names = try await scene.with("Priya") { priya in
            try await priya.confirm(priya.needsConfirmation(room), for: room)
            await priya.finishChores()
            return try await priya.lobby(of: room).map(\.name)
        }
        // Vouched for and confirmed: and still not let in without being asked.
        #expect(names == ["Lena"])
        try await scene.with("Priya") { priya in
            let lena = try #require(try await priya.lobby(of: room).first)
            try await priya.admit(lena.participant, to: room)
        }
        #expect(await code("Priya", "hello", room, scene) == .otherIdentity)
        #expect(await code("Tom", "hello", room, scene) == .otherIdentity)
        let alarms = try await scene.words(of: "Tom", in: room).filter { $0.hasPrefix("alarm") }
        #expect(alarms.count == 1)
        #expect(alarms.first?.contains("Lena has other keys than Lena had here before") == true)
        // One word to somebody else still goes.
        try await scene.with("Tom") { tom in
            let session = try await tom.enter(room)
            try await session.caughtUp()
            let state = try await session.state()
            let priya = try #require(state.members.first { $0.name == "Priya" }).person
            let me = try #require(state.members.first { $0.name == "Tom" }).person
            let key = TranscriptKey.between(me, priya)
            try await session.post(
                EntryBody(text: "is that Lena?"),
                kind: .say,
                to: key,
                shown: [priya]
            )
        }
        // Compared: on both sides the same digits, and from then on lines go.
        let digits = try await scene.with("Lena again") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            let tom = try #require(try await session.state().members.first { $0.name == "Tom" })
            return try await session.safetyNumber(with: tom.person)
        }
        for name in ["Tom", "Priya"] {
            try await scene.with(name) { client in
                let session = try await client.enter(room)
                try await session.caughtUp()
                let lena = try #require(
                    try await session.state().members.first { $0.name == "Lena" }
                )
                #expect(try await session.identities()[lena.person] == .otherThanBefore)
                if name == "Tom" {
                    #expect(try await session.safetyNumber(with: lena.person) == digits)
                }
                try await session.noteCompared(lena.person, matched: true)
            }
        }
        #expect(await code("Tom", "welcome back", room, scene) == nil)
        let read = try await scene.words(of: "Lena again", in: room)
        // The texts that could not be posted at the admission come after the comparison.
        #expect(read.last == "welcome back")
        #expect(Set(read.dropLast()) == ["What is said here stays here."])
        #expect(try await scene.words(of: "Tom", in: room).allSatisfy { !$0.hasPrefix("alarm") })
    }

    @Test func `digits that were not the same stop what goes to that person`() async throws {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena"])
        #expect(await code("Lena", "before", room, scene) == nil)
        let priya = try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            let priya = try #require(
                try await session.state().members.first { $0.name == "Priya" }
            ).person
            #expect(try await session.identities()[priya] == .notCompared)
            try await session.noteCompared(priya, matched: false)
            return priya
        }
        #expect(await code("Lena", "no", room, scene) == .otherIdentity)
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            try await session.noteCompared(priya, matched: true)
        }
        #expect(await code("Lena", "after", room, scene) == nil)
        #expect(try scene.folder("Lena").load().compared?.map(\.matched) == [true])
    }

    @Test func `the room's digits are the same for all, kept once read, and new with who is in`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena"])
        func number(_ name: String, reads: Bool = false) async throws -> RoomNumber {
            try await scene.with(name) { client in
                let session = try await client.enter(room)
                try await session.caughtUp()
                if reads { try await session.noteReadAloud() }
                return try await session.roomNumber()
            }
        }
        let first = try await number("Lena")
        #expect(first.readAloud == nil)
        #expect(try await number("Priya").number == first.number)
        #expect(try await number("Lena", reads: true).readAloud == scene.clock.now)
        #expect(try await number("Lena").readAloud == scene.clock.now)
        #expect(try await number("Priya").readAloud == nil)
        try await scene.add("Tom", to: room)
        try await scene.letIn(["Tom"], to: room)
        let second = try await number("Lena")
        #expect(second.number != first.number)
        #expect(second.readAloud == nil)
        #expect(try await number("Tom").number == second.number)
    }

    @Test func `a server that swaps the names of two newcomers gets neither in by itself`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room(of: ["Lena"])
        try await scene.add("Tom", to: room)
        try await scene.with("Tom") { try await $0.accept(room) }
        try await scene.with("Priya") { priya in
            var candidate = try #require(try await priya.lobby(of: room).first)
            #expect(await priya.warning(about: candidate) == nil)
            candidate.name = "Ben"
            #expect(await priya.warning(about: candidate)?.contains("Ben waits") == true)
            try await priya.confirm(priya.needsConfirmation(room), for: room)
        }
        // Confirmed was Tom: the same place under another name is asked about again.
        let place = try #require(scene.folder("Priya").load().confirmed.last)
        #expect(place.name == "Tom")
    }
}
