// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import Foundation
import Testing

@testable import CoachingClient

struct ProfileTests {
    private func folder() throws -> (Scene, ProfileFolder, Profile) {
        let scene = try Scene()
        let address = try #require(ServerAddress(host: "coach.example", port: 7443))
        let invite = Invite(
            kind: .person,
            authority: Bytes32(1, 2, 3, 4),
            secret: Bytes16(high: 5, low: 6),
            address: address
        )
        let draft = try EnrolmentForms.draft(invite, environment: scene.environment)
        let folder = scene.folder("one")
        try folder.create(draft)
        return (scene, folder, draft)
    }

    @Test func `a profile is read as it was written`() throws {
        let (scene, folder, draft) = try folder()
        #expect(try folder.load() == draft)
        #expect(folder.exists)
        withExtendedLifetime(scene) {}
    }

    @Test func `nobody else can look into the folder or its files`() throws {
        let (scene, folder, _) = try folder()
        func mode(_ path: String) throws -> Int {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
        }
        #expect(try mode(folder.path) == 0o700)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            #expect(try mode(folder.path + "/" + name) == 0o600, "\(name)")
        }
        withExtendedLifetime(scene) {}
    }

    @Test func `a second profile does not overwrite the first`() throws {
        let (scene, folder, draft) = try folder()
        #expect(throws: ClientError.self) { try folder.create(draft) }
        withExtendedLifetime(scene) {}
    }

    @Test func `writers side by side lose nothing of each other's`() async throws {
        let (scene, folder, _) = try folder()
        let path = folder.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<40 as Range<UInt64> {
                group.addTask {
                    let own = ProfileFolder(path: path)
                    try own.update { profile in
                        profile.rooms.append(
                            KnownRoom(
                                room: RoomID(Bytes16(high: 0, low: index)),
                                genesis: Bytes32(index, 0, 0, 0)
                            )
                        )
                    }
                    try own.note([
                        SeenHead(
                            stream: StreamID(Bytes16(high: 0, low: index % 8)),
                            number: index,
                            head: .zero
                        )
                    ])
                }
            }
            try await group.waitForAll()
        }
        let numbers = try folder.load().rooms.map(\.room.value.low).sorted()
        #expect(numbers == Array(0..<40))
        #expect(try folder.seen().map(\.number) == Array(32..<40))
        withExtendedLifetime(scene) {}
    }

    @Test func `a damaged profile is named and not overwritten`() throws {
        let (scene, folder, _) = try folder()
        try Data([0xFF]).write(to: URL(fileURLWithPath: folder.path + "/profile.cbor"))
        #expect(throws: ClientError.self) { try folder.load() }
        #expect(throws: ClientError.self) { try folder.update { $0.name = "x" } }
        #expect(folder.exists)
        withExtendedLifetime(scene) {}
    }

    @Test func `the folder is where the system keeps such data`() {
        let home = ["HOME": "/home/lena"]
        #expect(
            ProfileFolder.standard(variables: home)?.path
                == "/home/lena/.local/share/peercoach"
        )
        #expect(
            ProfileFolder.standard(variables: home.merging(["XDG_DATA_HOME": "/data"]) { $1 })?
                .path == "/data/peercoach"
        )
        #expect(
            ProfileFolder.standard(variables: home.merging(["XDG_DATA_HOME": "data"]) { $1 })?
                .path == "/home/lena/.local/share/peercoach"
        )
        #expect(ProfileFolder.standard(variables: [:]) == nil)
    }

    @Test func `an abandoned journal is taken over once, a living one never`() throws {
        let (scene, folder, _) = try folder()
        let post = PendingPost(
            room: RoomID(.zero),
            transcript: TranscriptID(.zero),
            key: KeyID(.zero),
            counter: 1,
            item: [1],
            keyEvent: []
        )
        var living: PendingJournal? = try PendingJournal.begin(
            in: folder,
            name: Bytes16(high: 1, low: 1)
        )
        try living?.keep([post])
        #expect(PendingJournal.abandoned(in: folder).isEmpty)
        living = nil
        let found = PendingJournal.abandoned(in: folder)
        #expect(found.map(\.posts) == [[post]])
        for one in found { one.journal.remove() }
        #expect(PendingJournal.abandoned(in: folder).isEmpty)
        withExtendedLifetime(scene) {}
    }
}
