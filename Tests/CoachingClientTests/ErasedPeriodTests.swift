// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingStore
import CoachingWire
import Foundation
import Testing

@testable import CoachingClient

/// Who has a backup of the server from before, and a device with its passphrase from after: what
/// was over is closed to them, all else is as open as to the owner.
@Suite(.timeLimit(.minutes(15)))
struct ErasedPeriodTests {
    private static let day: Int64 = 86_400_000

    /// What the server had of some circles of readers.
    struct Backup {
        var items: [(transcript: TranscriptID, item: ContentItem)] = []
        /// The signing keys of those who wrote.
        var signers: [DeviceID: VerifyingKey] = [:]

        /// The words that somebody reads who has all files of a profile, opened.
        func words(with folder: ProfileFolder) throws -> Set<String> {
            let profile = try folder.load()
            let signing = try SigningKey(rawBytes: profile.signingKey)
            // All private keys that are there, whatever their time.
            let raw = [profile.encryptionKey] + (profile.spareKeys ?? []).map(\.key)
            let keyring = DeviceKeyring(
                device: signing.device,
                keys: try raw.map { try EncryptionKey(rawBytes: $0) },
                recovery: try profile.seed.map { try IdentitySeed($0).recoveryKey() }
            )
            let kept = Dictionary(
                folder.keptKeys().map { ($0.key, $0.secret) },
                uniquingKeysWith: { first, _ in first }
            )
            var openings: [TranscriptID: Opening] = [:]
            var words: Set<String> = []
            for (id, item) in items {
                switch item {
                case .key(let key):
                    let signer = try #require(signers[key.header.device])
                    let verified = try key.verified(by: signer)
                    if let secret = kept[key.key] {
                        try openings[id, default: Opening(transcript: id)]
                            .add(verified, secret: secret)
                    } else {
                        try? openings[id, default: Opening(transcript: id)]
                            .add(verified, with: keyring)
                    }
                case .entry(let entry):
                    let signer = try #require(signers[entry.header.device])
                    let verified = try entry.verified(by: signer)
                    if let plain = try? openings[id]?.open(verified),
                        let body = try? EntryBody.decoded(plain)
                    {
                        words.insert(body.text)
                    }
                }
            }
            return words
        }
    }

    private func backup(
        _ scene: Scene,
        _ room: RoomID,
        _ keys: [TranscriptKey],
        of names: [String] = ["Priya", "Lena"]
    ) async throws -> Backup {
        var backup = Backup()
        for name in names {
            let signing = try SigningKey(rawBytes: scene.folder(name).load().signingKey)
            backup.signers[signing.device] = signing.verifyingKey
        }
        for key in keys {
            let id = TranscriptID(room: room, key: key)
            for stored in try await scene.server.stored(StreamID(id)) {
                let body = Array(stored.frame.dropFirst(Frame.headBytes))
                guard case .push(.item(let pushed)) = try ServerMessage(body: body) else {
                    continue
                }
                backup.items.append((id, try ContentItem.parse(pushed.item)))
            }
        }
        return backup
    }

    private func say(
        _ text: String,
        as name: String,
        to key: TranscriptKey,
        _ scene: Scene,
        _ room: RoomID
    ) async throws {
        try await scene.with(name) { client in
            let session = try await client.enter(room, depth: .log)
            try await session.caughtUp()
            let shown = Set(try await session.readers(of: key).map(\.person))
            try await session.post(
                EntryBody(text: text),
                kind: key.scope == .own ? .note : .say,
                to: key,
                shown: shown
            )
        }
    }

    @discardableResult
    private func visit(_ name: String, _ scene: Scene, _ room: RoomID) async throws -> [String] {
        try await scene.with(name) { client in
            let session = try await client.enter(room)
            let words = await session.wordsUntilCaughtUp()
            await client.finishChores()
            await session.leave()
            return words
        }
    }

    private func keys(_ scene: Scene) throws -> (own: TranscriptKey, direct: TranscriptKey) {
        let lena = try #require(scene.folder("Lena").load().person)
        let priya = try #require(scene.folder("Priya").load().person)
        return (.own(lena), .between(lena, priya))
    }

    private static let agreement = "What is said here stays here."

    @Test func `after a period a backup and the device open nothing of it, and all else`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room()
        let (own, direct) = try keys(scene)
        for number in 1...3 {
            try await say("old \(number) by Priya", as: "Priya", to: direct, scene, room)
            try await say("old \(number) by Lena", as: "Lena", to: direct, scene, room)
        }
        let stays: Set<String> = [Self.agreement, "to the room", "note", "young"]
        try await say("to the room", as: "Priya", to: .room, scene, room)
        try await say("note", as: "Lena", to: own, scene, room)
        try await visit("Lena", scene, room)
        for _ in 0..<2 {
            scene.clock.advance(31 * Self.day)
            try await visit("Lena", scene, room)
            try await visit("Priya", scene, room)
        }
        try await say("young", as: "Priya", to: direct, scene, room)
        try await visit("Lena", scene, room)
        let backup = try await backup(scene, room, [.room, own, direct])
        #expect(try backup.words(with: scene.folder("Lena")).count == stays.count + 6)
        // Sealed under a passphrase from here on; the thief has that too.
        var generator = SeededGenerator(seed: 5)
        let cheap = try #require(PassphraseCost(logN: 10))
        let passphrase = Array("four or five words".utf8)
        let open = try scene.folder("Lena").settingPassphrase(
            passphrase,
            cost: cheap,
            using: &generator
        )
        scene.clock.advance(29 * Self.day)
        #expect(try backup.words(with: open).count == stays.count + 6, "not over yet")
        scene.clock.advance(2 * Self.day)
        // Without any connection, and before anything is shown.
        await scene.server.setReachable(false)
        _ = try Client(open, environment: scene.environment, dialing: scene.dialing)
        let thief = try scene.folder("Lena").opened(passphrase: passphrase)
        #expect(try backup.words(with: thief) == stays)
        #expect(try thief.load().retiring == nil, "no private key of that time is left anyway")
    }

    @Test func `a device that was away for long opens nothing of it when it is started`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room()
        let (_, direct) = try keys(scene)
        try await say("old", as: "Priya", to: direct, scene, room)
        try await say("to the room", as: "Priya", to: .room, scene, room)
        try await visit("Lena", scene, room)
        let before = try scene.folder("Lena").load()
        let backup = try await backup(scene, room, [.room, direct])
        let profile = scene.folder("Lena").path + "/profile.cbor"
        try FileManager.default.linkItem(atPath: profile, toPath: profile + ".before")
        scene.clock.advance(93 * Self.day)
        await scene.server.setReachable(false)
        _ = try Client(
            scene.folder("Lena"),
            environment: scene.environment,
            dialing: scene.dialing
        )
        #expect(
            try backup.words(with: scene.folder("Lena")) == [Self.agreement, "to the room"]
        )
        let old = try #require(FileManager.default.contents(atPath: profile + ".before"))
        #expect(old.allSatisfy { $0 == 0 }, "the private key's bytes are overwritten")
        // And it goes on, with another key that is announced.
        await scene.server.setReachable(true)
        try await say("after", as: "Priya", to: .room, scene, room)
        let words = try await visit("Lena", scene, room)
        #expect(Set(words).isSuperset(of: [Self.agreement, "to the room"]))
        let after = try scene.folder("Lena").load()
        #expect(after.announcement != before.announcement)
        try await say("again", as: "Priya", to: .room, scene, room)
        #expect(try await visit("Lena", scene, room).contains("again"))
    }

    @Test func `where lines are kept shorter than private keys live, these go at once`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room()
        let (_, direct) = try keys(scene)
        try await scene.with("Priya") { priya in
            let session = try await priya.enter(room)
            try await session.caughtUp()
            var policy = RoomPolicy.standard
            policy.turnDays = 5
            try await session.keep(policy)
        }
        try await say("short", as: "Priya", to: direct, scene, room)
        try await say("long", as: "Priya", to: .room, scene, room)
        try await visit("Lena", scene, room)
        let before = try scene.folder("Lena").load()
        let first = try await backup(scene, room, [.room, direct])
        scene.clock.advance(8 * Self.day)
        // Not read before the private key goes.
        try await say("unread", as: "Priya", to: .room, scene, room)
        let second = try await backup(scene, room, [.room, direct])
        _ = try Client(
            scene.folder("Lena"),
            environment: scene.environment,
            dialing: scene.dialing
        )
        #expect(try scene.folder("Lena").load().retiring != nil)
        try await scene.with("Lena") { await $0.finishChores() }
        let after = try scene.folder("Lena").load()
        #expect(after.encryptionKey != before.encryptionKey)
        #expect(after.spareKeys == nil && after.retiring == nil)
        #expect(try first.words(with: scene.folder("Lena")) == [Self.agreement, "long"])
        #expect(
            try second.words(with: scene.folder("Lena")) == [Self.agreement, "long", "unread"]
        )
        #expect(Set(try await visit("Lena", scene, room)) == [Self.agreement, "long", "unread"])
    }

    @Test func `who erases takes new keys at once, and a day later nobody's device opens it`()
        async throws
    {
        let scene = try Scene()
        let room = try await scene.room()
        try await say("by Priya", as: "Priya", to: .room, scene, room)
        let number = try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            return try await session.say("by Lena")
        }
        for name in ["Priya", "Lena"] { try await visit(name, scene, room) }
        let backup = try await backup(scene, room, [.room])
        let all: Set<String> = [Self.agreement, "by Priya", "by Lena"]
        for name in ["Priya", "Lena"] {
            #expect(try backup.words(with: scene.folder(name)) == all)
        }
        let before = try scene.folder("Lena").load().encryptionKey
        try await scene.with("Lena") { lena in
            let session = try await lena.enter(room)
            try await session.caughtUp()
            try await session.withdraw([number], from: .room)
            await session.leave()
            try await lena.renewAfterErasing()
        }
        let after = try scene.folder("Lena").load()
        #expect(after.encryptionKey != before && after.spareKeys == nil)
        scene.clock.advance(Retention.keyMilliseconds + 1_000)
        for name in ["Lena", "Priya"] {
            let words = try await visit(name, scene, room)
            #expect(!words.contains { $0.contains("cannot") || $0.contains("alarm") })
        }
        #expect(try backup.words(with: scene.folder("Lena")) == [Self.agreement, "by Priya"])
        #expect(!scene.folder("Priya").keptKeys().isEmpty)
        // Priya's private key is still there; the kept one is not.
        scene.clock.advance(60 * Self.day)
        for name in ["Lena", "Priya"] {
            #expect(!(try await visit(name, scene, room)).contains { $0.contains("alarm") })
            #expect(try backup.words(with: scene.folder(name)) == [Self.agreement, "by Priya"])
        }
    }

    @Test func `the keys of a room that one has left go at the end of their time`() async throws {
        let scene = try Scene()
        let room = try await scene.room()
        let (own, _) = try keys(scene)
        try await say("to the room", as: "Priya", to: .room, scene, room)
        try await say("note", as: "Lena", to: own, scene, room)
        try await visit("Lena", scene, room)
        let backup = try await backup(scene, room, [.room, own])
        let lena = try #require(scene.folder("Lena").load().person)
        try await scene.with("Lena") { try await $0.exclude(lena, from: room) }
        scene.clock.advance(364 * Self.day)
        _ = try Client(scene.folder("Lena"), environment: scene.environment)
        let almost = try backup.words(with: scene.folder("Lena"))
        #expect(almost == [Self.agreement, "to the room", "note"])
        scene.clock.advance(4 * Self.day)
        _ = try Client(scene.folder("Lena"), environment: scene.environment)
        #expect(try backup.words(with: scene.folder("Lena")) == ["note"])
    }
}
