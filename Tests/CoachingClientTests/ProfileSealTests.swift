// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal
import CoachingWire
import Foundation
import Testing

@testable import CoachingClient

@Suite(.timeLimit(.minutes(15)))
struct ProfileSealTests {
    private static let passphrase = Array("four or five words".utf8)
    private static let cheap = PassphraseCost(logN: 10) ?? .standard

    /// Everything in a profile that must not be found in its files.
    private static let canaries: [String: [UInt8]] = [
        "seed": Array("CANARY-seed-of-the-identity-0001".utf8),
        "words": Array("CANARY-what-she-said-in-the-room".utf8),
        "name": Array("CANARY-name".utf8),
        "invite": Array("CANARY-invite-16".utf8),
        "room": Array("CANARY-room-id-1".utf8),
        "head": Array("CANARY-head-of-a-room-0123456789".utf8),
    ]

    private static func canary(_ name: String) -> [UInt8] { canaries[name] ?? [] }

    /// Fills a folder with a profile, heads and a line on its way, all with canaries.
    private static func plant(in folder: ProfileFolder, _ scene: Scene) throws -> [String: [UInt8]]
    {
        let address = try #require(ServerAddress(host: "coach.example", port: 7443))
        let invite = Invite(
            kind: .person,
            authority: Bytes32(1, 2, 3, 4),
            secret: Bytes16(high: 5, low: 6),
            address: address
        )
        var profile = try EnrolmentForms.draft(invite, environment: scene.environment)
        profile.seed = Bytes32(canary("seed"))
        profile.name = String(decoding: canary("name"), as: UTF8.self)
        let room = try RoomID(#require(Bytes16(canary("room"))))
        profile.rooms = [KnownRoom(room: room, genesis: .zero)]
        profile.invites = [
            MadeInvite(
                hash: .zero,
                secret: try #require(Bytes16(canary("invite"))),
                name: "Tom",
                participant: nil,
                expires: Timestamp(milliseconds: 0),
                genesis: nil
            )
        ]
        try folder.create(profile)
        let head = try #require(Bytes32(canary("head")))
        try folder.note([SeenHead(stream: StreamID(room), number: 1, head: head)])
        let journal = try PendingJournal.begin(in: folder, name: Bytes16(high: 1, low: 1))
        try journal.keep([
            PendingPost(
                room: room,
                transcript: TranscriptID(.zero),
                key: KeyID(.zero),
                counter: 1,
                item: canary("words"),
                keyEvent: [0x80]
            )
        ])
        var secrets = canaries
        secrets["signing key"] = profile.signingKey
        secrets["encryption key"] = profile.encryptionKey
        secrets["TLS key"] = profile.tlsKey
        return secrets
    }

    private static func files(in folder: ProfileFolder) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        let all = FileManager.default.enumerator(atPath: folder.path)
        while let name = all?.nextObject() as? String {
            let path = folder.path + "/" + name
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            guard !isFolder.boolValue else { continue }
            files[name] = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        }
        return files
    }

    /// The forms in which bytes could lie in a file: raw, hex, base64 wherever it begins.
    private static func forms(of secret: [UInt8]) -> [[UInt8]] {
        let hex = secret.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let base64 = (0..<3).map { shift in
            let text = Data([UInt8](repeating: 0, count: shift) + secret).base64EncodedString()
            return Array(text.utf8.dropFirst(4).dropLast(4))
        }
        return [secret, Array(hex.utf8), Array(hex.uppercased().utf8)] + base64
    }

    private static func hits(
        of secrets: [String: [UInt8]],
        in folder: ProfileFolder
    ) throws -> Set<String> {
        var hits: Set<String> = []
        for bytes in try files(in: folder).values {
            for (name, secret) in secrets
            where forms(of: secret).contains(where: { Data(bytes).range(of: Data($0)) != nil }) {
                hits.insert(name)
            }
        }
        return hits
    }

    private func sealed(_ scene: Scene, _ name: String = "one") throws -> ProfileFolder {
        var generator = SeededGenerator(seed: 7)
        return try scene.folder(name).settingPassphrase(
            Self.passphrase,
            cost: Self.cheap,
            using: &generator
        )
    }

    // MARK: What a thief finds

    @Test func `a copied profile with a passphrase tells nothing of what is in it`() throws {
        let scene = try Scene()
        let secrets = try Self.plant(in: sealed(scene), scene)
        let copy = scene.folder("copy")
        try FileManager.default.copyItem(atPath: scene.folder("one").path, toPath: copy.path)
        #expect(try Self.files(in: copy).count >= 4)
        #expect(try Self.hits(of: secrets, in: copy) == [])
        // The search finds them where there is no passphrase.
        let plain = scene.folder("plain")
        let control = try Self.plant(in: plain, scene)
        #expect(try Self.hits(of: control, in: plain) == Set(control.keys))
    }

    @Test func `a passphrase that is set later seals what there is, and removed opens it`() throws {
        let scene = try Scene()
        let folder = scene.folder("one")
        let secrets = try Self.plant(in: folder, scene)
        let profile = try folder.load()
        let open = try sealed(scene)
        #expect(try Self.hits(of: secrets, in: folder) == [])
        #expect(try open.load() == profile)
        #expect(try open.seen().count == 1)
        let plain = try open.removingPassphrase()
        #expect(!plain.hasPassphrase)
        #expect(try scene.folder("one").load() == profile)
        #expect(try Self.hits(of: secrets, in: folder) == Set(secrets.keys))
    }

    @Test func `a folder is opened by its passphrase and by nothing else`() throws {
        let scene = try Scene()
        _ = try Self.plant(in: sealed(scene), scene)
        let folder = scene.folder("one")
        #expect(folder.exists)
        let locked = try #require(throws: ClientError.self) { try folder.load() }
        #expect(locked.code == .locked)
        for wrong in ["", "four or five word", "Four or five words"] {
            let error = try #require(throws: ClientError.self) {
                try folder.opened(passphrase: Array(wrong.utf8))
            }
            #expect(error == .wrongPassphrase)
        }
        let open = try folder.opened(passphrase: Self.passphrase)
        #expect(try open.load().name == "CANARY-name")
        let key = try #require(open.openedKey)
        #expect(try folder.opened(with: key).load() == open.load())
        var generator = SeededGenerator(seed: 9)
        #expect(throws: SealError.cannotOpen) {
            try folder.opened(with: FileKey(using: &generator))
        }
    }

    @Test func `after a change the old passphrase opens nothing, and who was in goes on`() throws {
        let scene = try Scene()
        let open = try sealed(scene)
        _ = try Self.plant(in: open, scene)
        var generator = SeededGenerator(seed: 8)
        let next = Array("quite another one".utf8)
        _ = try open.settingPassphrase(next, cost: Self.cheap, using: &generator)
        let folder = scene.folder("one")
        #expect(throws: ClientError.self) { try folder.opened(passphrase: Self.passphrase) }
        #expect(try folder.opened(passphrase: next).load().name == "CANARY-name")
        try open.update { $0.name = "Lena" }
        #expect(try folder.opened(passphrase: next).load().name == "Lena")
        #expect(throws: ClientError.self) {
            try folder.settingPassphrase(next, cost: Self.cheap, using: &generator)
        }
    }

    @Test(arguments: [0, 1, 7]) func `a short passphrase is none`(_ count: Int) throws {
        let scene = try Scene()
        var generator = SeededGenerator(seed: 8)
        let error = try #require(throws: ClientError.self) {
            try scene.folder("one").settingPassphrase(
                [UInt8](repeating: 65, count: count),
                cost: Self.cheap,
                using: &generator
            )
        }
        #expect(error.code == .invalid)
        #expect(!scene.folder("one").hasPassphrase)
    }

    // MARK: Trouble

    @Test func `what a crash left plain is sealed when the folder is opened`() throws {
        let scene = try Scene()
        let plain = scene.folder("one")
        let secrets = try Self.plant(in: plain, scene)
        let heads = try Data(contentsOf: URL(fileURLWithPath: plain.path + "/seen.cbor"))
        _ = try sealed(scene)
        try heads.write(to: URL(fileURLWithPath: plain.path + "/seen.cbor"))
        // Whoever has no passphrase is not told even what lies plain.
        #expect(throws: ClientError.self) { try plain.seen() }
        let open = try plain.opened(passphrase: Self.passphrase)
        #expect(try open.seen().count == 1)
        #expect(try Self.hits(of: secrets, in: plain) == [])
    }

    @Test func `a cut or changed file is named and not overwritten`() throws {
        let scene = try Scene()
        let open = try sealed(scene)
        _ = try Self.plant(in: open, scene)
        let file = URL(fileURLWithPath: open.path + "/profile.cbor")
        let whole = try Data(contentsOf: file)
        for count in stride(from: 0, to: whole.count, by: 97) {
            try whole.prefix(count).write(to: file)
            let error = try #require(throws: ClientError.self) { try open.load() }
            #expect(error.code == .profile, "\(count) bytes")
            #expect(throws: ClientError.self) { try open.update { $0.name = "x" } }
            #expect(try Data(contentsOf: file).count == count)
        }
        var changed = whole
        changed[whole.count / 2] ^= 1
        try changed.write(to: file)
        #expect(throws: ClientError.self) { try open.load() }
        let lock = URL(fileURLWithPath: open.path + "/passphrase")
        try Data(contentsOf: lock).dropLast().write(to: lock)
        let error = try #require(throws: ClientError.self) {
            try scene.folder("one").opened(passphrase: Self.passphrase)
        }
        #expect(error.code == .profile)
    }

    @Test func `who runs without the passphrase when it is set writes nothing plain`() throws {
        let scene = try Scene()
        let running = scene.folder("one")
        let secrets = try Self.plant(in: running, scene)
        _ = try sealed(scene)
        for attempt in [
            { try running.update { $0.name = "x" } },
            { try running.note([SeenHead(stream: StreamID(.zero), number: 1, head: .zero)]) },
        ] as [() throws -> Void] {
            let error = try #require(throws: ClientError.self) { try attempt() }
            #expect(error.code == .locked)
        }
        #expect(PendingJournal.abandoned(in: running).isEmpty)
        #expect(try Self.hits(of: secrets, in: running) == [])
        let open = try running.opened(passphrase: Self.passphrase)
        #expect(PendingJournal.abandoned(in: open).map(\.posts.count) == [1])
    }

    @Test func `writers side by side lose nothing in sealed files`() async throws {
        let scene = try Scene()
        let open = try sealed(scene)
        _ = try Self.plant(in: open, scene)
        let path = open.path
        let key = try #require(open.openedKey)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<20 as Range<UInt64> {
                group.addTask {
                    let own = try ProfileFolder(path: path).opened(with: key)
                    try own.update { profile in
                        profile.rooms.append(
                            KnownRoom(
                                room: RoomID(Bytes16(high: 0, low: index)),
                                genesis: .zero
                            )
                        )
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try open.load().rooms.count == 21)
    }

    @Test func `all files stay the owner's alone`() throws {
        let scene = try Scene()
        _ = try Self.plant(in: sealed(scene), scene)
        let folder = scene.folder("one")
        for name in try Self.files(in: folder).keys {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: folder.path + "/" + name
            )
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
        }
    }

    @Test func `a damaged record of what was seen is named`() throws {
        let scene = try Scene()
        let folder = scene.folder("one")
        _ = try Self.plant(in: folder, scene)
        try Data([0xFF]).write(to: URL(fileURLWithPath: folder.path + "/seen.cbor"))
        let error = try #require(throws: ClientError.self) { try folder.seen() }
        #expect(error.code == .profile)
    }

    // MARK: In use

    @Test func `somebody with a passphrase takes part as everybody does`() async throws {
        let scene = try Scene()
        let invite = try await scene.server.inviteAdministrator(
            "Maya",
            secret: Bytes16(high: 5, low: 6)
        )
        let open = try sealed(scene, "Maya")
        try await scene.enroller().enrol(invite, into: open)
        let name = try await Client.connected(
            open,
            environment: scene.environment,
            dialing: scene.dialing
        ) { try await $0.ready().name }
        #expect(name == "Maya")
        let error = try await #require(throws: ClientError.self) {
            try await scene.with("Maya") { _ in () }
        }
        #expect(error.code == .locked)
        let seed = try #require(open.load().seed)
        #expect(try Self.hits(of: ["seed": seed.bytes], in: open) == [])
    }

    @Test func `the login session keeps a key until it is told to forget`() throws {
        var generator = SystemRandomNumberGenerator()
        let key = FileKey(using: &generator)
        #expect(SessionKeyring.find(key.name) == nil)
        do {
            try SessionKeyring.keep(key, seconds: 60)
        } catch {
            // A container without this memory: then that is what is said.
            #expect(error.code == .noKeyring)
            return
        }
        #expect(SessionKeyring.find(key.name)?.rawBytes == key.rawBytes)
        #expect(SessionKeyring.forget(key.name))
        #expect(SessionKeyring.find(key.name) == nil)
        #expect(!SessionKeyring.forget(key.name))
    }

    private static let program: URL? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: ".build/debug/peercoach")
        return FileManager.default.isExecutableFile(atPath: file.path) ? file : nil
    }()

    @Test(.enabled(if: program != nil, "skipped: no peercoach was built in .build"))
    func `what one process unlocks others find, until it is locked`() throws {
        let scene = try Scene()
        _ = try Self.plant(in: sealed(scene), scene)
        let folder = scene.folder("one")
        let file = scene.root + "/passphrase-file"
        try Data(Self.passphrase).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        func run(_ arguments: [String], givesPassphrase: Bool = false) throws -> (Int32, String) {
            let process = Process()
            process.executableURL = Self.program
            process.arguments = arguments + ["--json"]
            process.environment = ["PEERCOACH_PROFILE": folder.path]
            if givesPassphrase { process.environment?["PEERCOACH_PASSPHRASE_FILE"] = file }
            let output = Pipe()
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = output
            process.standardError = output
            try process.run()
            let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
        }
        let locked = try run(["whoami"])
        #expect(locked.0 == 4)
        let (status, said) = try run(["unlock", "--for", "1m"], givesPassphrase: true)
        // A container without this memory: then that is what is said.
        guard status == 0 else {
            #expect(said.contains("noKeyring"))
            return
        }
        #expect(try run(["passphrase"]).1.contains("\"unlocked\":true"))
        #expect(try run(["lock"]).0 == 0)
        #expect(try run(["passphrase"]).1.contains("\"unlocked\":false"))
    }
}
