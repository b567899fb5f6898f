// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingServer
import CoachingStore
import CoachingStoreSQLite
import CoachingTestKit
import CoachingWire
import Foundation
import Testing

/// What is gone is in no byte of the server's files.
struct CanaryTests {
    private let room = Programme.room

    /// The files of a folder that hold these bytes.
    private func files(_ folder: String, holding bytes: [UInt8]) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
            let content = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
            return content.range(of: Data(bytes)) != nil
        }.sorted()
    }

    private func withStore(_ body: (SQLiteStore, String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "canaries-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try SQLiteStore(folder: folder, release: "test")
        defer { store.close() }
        try body(store, folder)
    }

    /// Posts a line; gives its number, and 32 bytes from the midst of what was sealed: drawn at
    /// random, as it were, so that they are found nowhere else by chance.
    private func plant(
        _ client: TestClient,
        _ text: String
    ) throws -> (number: UInt64, bytes: [UInt8]) {
        try client.read()
        if client.rooms[room]?.keys[.room] == nil {
            #expect(try client.announceKey(room, .room).posted != nil)
        }
        let item = try client.seal(room, .room, .say, text)
        let number = try #require(try client.ask(.post(Post(room: room, item: item))).posted)
        return (number, Array(item[160..<192]))
    }

    @Test func `of 200 lines that were taken back not a byte is left in any file`() throws {
        try withStore { store, folder in
            let programme = try Programme.founded(3, store: store)
            let world = programme.world
            var planted: [(number: UInt64, bytes: [UInt8])] = []
            for index in 0..<240 {
                let client = programme.clients[1 + index % 3]
                let text = "line" + String(repeating: " x", count: index * 7 % 900)
                planted.append(try plant(client, text))
                if index % 20 == 0 { world.live(seconds: 3) }
            }
            for index in 0..<240 {
                #expect(
                    try !files(folder, holding: planted[index].bytes).isEmpty,
                    "control \(index)"
                )
            }
            var random = SplitMix64(seed: 71)
            for (done, index) in (0..<200).shuffled(using: &random).enumerated() {
                let number = planted[index].number
                let reply = try programme.clients[1 + index % 3].withdraw(room, .room, number)
                #expect(reply.posted != nil)
                if done % 10 == 0 { world.live(seconds: 2) }
            }
            world.live(seconds: 12)
            for index in 0..<200 {
                #expect(try files(folder, holding: planted[index].bytes) == [], "seed 71, \(index)")
            }
            for index in 200..<240 {
                #expect(
                    try !files(folder, holding: planted[index].bytes).isEmpty,
                    "control \(index)"
                )
            }
            try store.verify()
            for client in programme.clients { #expect(client.findings == []) }
        }
    }
}
