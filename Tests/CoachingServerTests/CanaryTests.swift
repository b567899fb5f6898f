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

    /// The files of a folder that hold a text, in the clear, as suite 0 keeps it.
    private func files(_ folder: String, holding text: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
            let content = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
            return content.range(of: Data(text.utf8)) != nil
        }.sorted()
    }

    private func withStore(_ body: (SQLiteStore, String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "canaries-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try SQLiteStore(folder: folder, release: "test")
        defer { store.close() }
        try body(store, folder)
    }

    /// Rare enough to be found by chance nowhere.
    private func canary(_ number: Int) -> String { "canary-\(number)-\(number &* 7_919)-zeisig" }

    @Test func `of 200 lines that were taken back not a byte is left in any file`() throws {
        try withStore { store, folder in
            let programme = try Programme.founded(3, store: store)
            let world = programme.world
            var numbers: [Int: UInt64] = [:]
            for index in 0..<240 {
                let client = programme.clients[1 + index % 3]
                let text = canary(index) + String(repeating: " x", count: index * 7 % 900)
                numbers[index] = try client.post(room, .room, .say, text).posted
                if index % 20 == 0 { world.live(seconds: 3) }
            }
            for index in 0..<240 {
                #expect(try !files(folder, holding: canary(index)).isEmpty, "control \(index)")
            }
            var random = SplitMix64(seed: 71)
            for (done, index) in (0..<200).shuffled(using: &random).enumerated() {
                let number = try #require(numbers[index])
                let reply = try programme.clients[1 + index % 3].withdraw(room, .room, number)
                #expect(reply.posted != nil)
                if done % 10 == 0 { world.live(seconds: 2) }
            }
            world.live(seconds: 12)
            for index in 0..<200 {
                #expect(try files(folder, holding: canary(index)) == [], "seed 71, \(index)")
            }
            for index in 200..<240 {
                #expect(try !files(folder, holding: canary(index)).isEmpty, "control \(index)")
            }
            try store.verify()
            for client in programme.clients { #expect(client.findings == []) }
        }
    }
}
