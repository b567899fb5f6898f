// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingSeal
import Foundation
import Testing

@testable import CoachingClient

struct SentLinesTests {
    private let now = Timestamp(milliseconds: 1_790_000_000_000)

    private func line(
        _ number: UInt64,
        until days: Int64 = 30,
        bytes: Int = 300,
        first: UInt64? = nil
    ) -> SentLine {
        SentLine(
            room: RoomID(Bytes16(high: 1, low: 1)),
            scope: .room,
            instance: [],
            key: KeyID(Bytes16(high: 2, low: number)),
            counter: 1,
            number: number,
            digest: .zero,
            kind: .say,
            item: [UInt8](repeating: 7, count: bytes),
            at: now.adding(milliseconds: Int64(number)),
            until: now.adding(milliseconds: days * 86_400_000),
            readers: [],
            restores: 0,
            firstKey: first.map { KeyID(Bytes16(high: 2, low: $0)) },
            firstCounter: first.map { _ in 1 }
        )
    }

    @Test func `what is over goes, and the oldest where it is too much`() {
        var sent = SentLines()
        sent.lines = [line(1, until: -1), line(2), line(3)]
        sent.events = [1, 2, 3].map {
            SentLines.Event(key: KeyID(Bytes16(high: 2, low: $0)), event: [1])
        }
        sent.trim(at: now)
        #expect(sent.lines.map(\.number) == [2, 3])
        #expect(sent.events.map(\.key.value.low) == [2, 3])
        sent.lines = (1...UInt64(SentLines.linesMax + 5)).map { line($0) }
        sent.trim(at: now)
        #expect(sent.lines.count == SentLines.linesMax)
        #expect(sent.lines.first?.number == 6)
        sent.lines = (1...70).map { line($0, bytes: 1 << 16) }
        sent.trim(at: now)
        #expect(sent.lines.last?.number == 70)
        #expect(sent.lines.reduce(0) { $0 + $1.item.count } <= SentLines.bytesMax)
    }

    @Test func `a line that was posted again stands for the first one`() {
        var sent = SentLines()
        var changes = SentChanges()
        changes.added = [line(1), line(2)]
        changes.apply(to: &sent)
        changes = SentChanges()
        changes.added = [line(9, first: 1)]
        changes.apply(to: &sent)
        #expect(sent.lines.map(\.number) == [2, 9])
        changes = SentChanges()
        changes.dropped = [line(1).name]
        changes.apply(to: &sent)
        #expect(sent.lines.map(\.number) == [2])
    }

    @Test func `the file is sealed with the others and comes back`() throws {
        let path = FileManager.default.temporaryDirectory.path + "/sent-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var generator = SeededGenerator(seed: 1)
        let folder = try ProfileFolder(path: path).settingPassphrase(
            Array("four words or five".utf8),
            cost: try #require(PassphraseCost(logN: 10)),
            using: &generator
        )
        var changes = SentChanges()
        changes.added = [line(1)]
        try folder.changeSent(at: now, changes)
        #expect(folder.sentLines().lines == [line(1)])
        let bytes = try PrivateFile.read(path + "/" + SentLines.fileName)
        #expect(SealedBox.isSealed(bytes))
        try folder.changeSent(at: now.adding(milliseconds: 31 * 86_400_000), SentChanges())
        #expect(folder.sentLines().lines.isEmpty)
    }

    @Test func `days and times are those of the calendar`() {
        let days: [(Int64, String)] = [
            (0, "1970-01-01, 00:00 UTC"), (951_782_400_000, "2000-02-29, 00:00 UTC"),
            (1_790_000_000_000, "2026-09-21, 14:13 UTC"),
            (4_107_542_399_000, "2100-02-28, 23:59 UTC"),
        ]
        for (milliseconds, text) in days {
            #expect(Timestamp(milliseconds: milliseconds).calendarText == text)
        }
    }
}
