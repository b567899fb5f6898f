// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import Foundation
import Testing

@testable import peercoach

/// What is typed and read for the keys on one's own machine.
struct KeysTests {
    @Test(
        arguments: [
            ("30m", 1_800), ("8h", 28_800), ("2d", 172_800), ("7d", 604_800), ("1m", 60),
        ] as [(String, UInt32)]
    )
    func `a time is a number and m, h or d`(_ text: String, _ seconds: UInt32) throws {
        #expect(UnlockTime(argument: text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "8", "h", "0h", "-1h", "8d", "1.5h", "99999999999d", "8 h", "4294967295d",
    ])
    func `anything else is no time`(_ text: String) {
        #expect(UnlockTime(argument: text) == nil)
    }

    @Test func `a time is said in the largest whole unit`() throws {
        let words = ["30m", "8h", "48h", "90m"].map { UnlockTime(argument: $0)?.words }
        #expect(words == ["30 minutes", "8 hours", "2 days", "90 minutes"])
    }

    @Test func `a kit is found in the page that was written`() async throws {
        let output = Output(isJSON: false, results: { _ in }, remarks: { _ in })
        let groups = (0..<12).map { _ in "aaaaa" }
        let page = """
            peercoach recovery kit of Lena, at coach.example:7443

                \(groups.prefix(6).joined(separator: " "))
                \(groups.dropFirst(6).joined(separator: " "))

            \(KitPage.uses.joined(separator: "\n"))
            """
        let folder = try Folder()
        let file = try folder.write(page, mode: 0o600)
        let kit = try await KitInput.read(file, output)
        #expect(
            KitPage.lines(kit) == [groups[..<6], groups[6...]].map { $0.joined(separator: " ") }
        )
        #expect(KitPage.text(kit, name: "Lena", server: "coach.example:7443") == page + "\n")
        let wrong = try folder.write(page.replacing("aaaaa aaaaa\n", with: "aaaaa abaaa\n"))
        let error = try await #require(throws: ClientError.self) {
            try await KitInput.read(wrong, output)
        }
        #expect(error.sentence == "There is a typing error in group 6.")
    }

    @Test func `a passphrase is read from a file of one's own alone`() throws {
        let folder = try Folder()
        let own = try folder.write("four or five words\nand a second line\n", mode: 0o600)
        #expect(try PassphraseInput.read(own) == Array("four or five words".utf8))
        let longest = String(repeating: "a", count: ProfileFolder.passphraseBytesMax)
        #expect(try PassphraseInput.read(folder.write(longest, mode: 0o400)).count == 1_024)
        for mode in [0o640, 0o604, 0o660, 0o644, 0o601] {
            let file = try folder.write("four or five words", mode: mode)
            let error = try #require(throws: ClientError.self) { try PassphraseInput.read(file) }
            #expect(error.code == .file)
        }
        #expect(throws: ClientError.self) { try PassphraseInput.read(folder.path) }
        #expect(throws: ClientError.self) { try PassphraseInput.read(folder.path + "/none") }
        #expect(throws: ClientError.self) {
            try PassphraseInput.read(folder.write("", mode: 0o600))
        }
    }
}

/// A folder that goes with the test.
private final class Folder {
    let path = FileManager.default.temporaryDirectory.path + "/peercoach-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, mode: Int = 0o600) throws -> String {
        let file = path + "/\(UUID().uuidString)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }
}
