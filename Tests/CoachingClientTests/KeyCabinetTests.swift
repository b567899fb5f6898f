// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import Foundation
import Testing

@testable import CoachingClient

/// Keys lie by their time, and go with it.
struct KeyCabinetTests {
    private static let day: Int64 = 86_400_000
    private let room = RoomID(Bytes16(high: 3, low: 4))
    private let other = RoomID(Bytes16(high: 3, low: 5))

    private func key(_ number: UInt64, _ period: KeyPeriod?, at day: Int64) -> KeptKey {
        KeptKey(
            transcript: TranscriptID(Bytes16(high: 1, low: number)),
            key: KeyID(Bytes16(high: 2, low: number)),
            secret: Bytes32(3, 4, 5, number),
            at: Timestamp(milliseconds: day * Self.day + 7),
            period: period
        )
    }

    private func period(_ span: KeyPeriod.Span, _ day: Int64 = 0) -> KeyPeriod {
        KeyPeriod(room: room, span: span, day: day)
    }

    private func again(_ cabinet: KeyCabinet) -> KeyCabinet {
        KeyCabinet(periods: cabinet.periodsFile, sections: cabinet.sectionsFile)
    }

    private func filled() -> (KeyCabinet, [KeptKey]) {
        let keys = [
            key(1, period(.turns, 10), at: 10), key(2, period(.turns, 11), at: 11),
            key(3, period(.rooms, 10), at: 10), key(4, period(.unending), at: 10),
            key(5, .papers(of: room), at: 10),
        ]
        var cabinet = KeyCabinet(periods: nil, sections: nil)
        var generator = SeededGenerator(seed: 1)
        cabinet.add(keys, under: .standard, using: &generator)
        return (cabinet, keys)
    }

    @Test func `keys are read as they were written, and damage counts as none`() {
        let (cabinet, keys) = filled()
        #expect(Set(again(cabinet).keys()) == Set(keys))
        let periods = cabinet.periodsFile
        let sections = cabinet.sectionsFile
        for count in 0..<sections.count {
            let cut = KeyCabinet(periods: periods, sections: Array(sections.prefix(count)))
            #expect(Set(cut.keys()).isSubset(of: keys))
        }
        for count in 0..<periods.count {
            let cut = KeyCabinet(periods: Array(periods.prefix(count)), sections: sections)
            #expect(Set(cut.keys()).isSubset(of: keys))
        }
        for bytes in [[], [9], [2, 1], [UInt8](repeating: 255, count: 300)] as [[UInt8]] {
            #expect(KeyCabinet(periods: bytes, sections: bytes).keys().isEmpty)
            #expect(KeyCabinet(periods: periods, sections: [2] + bytes).keys().isEmpty)
        }
        for index in sections.indices {
            var flipped = sections
            flipped[index] ^= 1
            let read = KeyCabinet(periods: periods, sections: flipped).keys()
            #expect(Set(read).isSubset(of: keys) && read.count < keys.count, "byte \(index)")
        }
    }

    @Test func `what is over is gone with its key, and only that`() {
        var (cabinet, keys) = filled()
        let old = cabinet
        let first = period(.turns, 10)
        let due = first.due(under: .standard)
        #expect(due.milliseconds == 101 * Self.day + Retention.keyMilliseconds)
        #expect(cabinet.erase(at: due.adding(milliseconds: -1)).isEmpty)
        #expect(cabinet.erase(at: due) == [first])
        #expect(Set(cabinet.keys()) == Set(keys.dropFirst()))
        // An old copy of the list is closed from then on.
        let stale = KeyCabinet(periods: cabinet.periodsFile, sections: old.sectionsFile)
        #expect(Set(stale.keys()) == Set(keys.dropFirst()))
        #expect(cabinet.erase(at: Timestamp(milliseconds: .max - 1)).count == 2)
        #expect(Set(cabinet.keys()) == [keys[3], keys[4]])
    }

    @Test func `the room's rules as they are now say when it is over`() {
        var (cabinet, _) = filled()
        var policy = RoomPolicy.standard
        policy.turnDays = 2
        cabinet.settle(other, under: policy)
        #expect(cabinet.erase(at: Timestamp(milliseconds: 40 * Self.day)).isEmpty)
        cabinet.settle(room, under: policy)
        #expect(cabinet.erase(at: Timestamp(milliseconds: 40 * Self.day)).count == 2)
    }

    @Test func `a room's texts stay as long as one is in it`() {
        var (cabinet, keys) = filled()
        let end = Timestamp(milliseconds: 30 * Self.day)
        cabinet.endPapers(of: other, at: end)
        cabinet.endPapers(of: room, at: end)
        #expect(cabinet.erase(at: end.adding(milliseconds: -1)).isEmpty)
        var back = cabinet
        back.settle(room, under: .standard)
        #expect(back.erase(at: end).isEmpty, "who is in the room after all keeps them")
        #expect(cabinet.erase(at: end) == [.papers(of: room)])
        #expect(!cabinet.keys().contains(keys[4]))
    }

    @Test func `a key that is taken out takes the key of its period with it`() {
        var (cabinet, keys) = filled()
        var generator = SeededGenerator(seed: 2)
        let more = key(6, period(.turns, 10), at: 10)
        cabinet.add([more], under: .standard, using: &generator)
        let old = again(cabinet)
        let due = old.periods[period(.turns, 10)]?.due
        cabinet.remove([keys[0].key], of: room, using: &generator)
        #expect(Set(cabinet.keys()) == Set(keys.dropFirst() + [more]))
        #expect(cabinet.periods[period(.turns, 10)]?.due == due)
        let stale = KeyCabinet(periods: cabinet.periodsFile, sections: old.sectionsFile)
        #expect(!stale.keys().contains { $0.key == keys[0].key })
        cabinet.remove([more.key], of: other, using: &generator)
        #expect(cabinet.keys().contains(more))
        cabinet.remove([more.key], of: room, using: &generator)
        #expect(cabinet.periods[period(.turns, 10)] == nil)
    }

    @Test func `keys that a program of before left are taken over`() {
        let (_, keys) = filled()
        let file = [1] + KeptKeys.encoded(keys)
        var cabinet = KeyCabinet(periods: nil, sections: file)
        var bare = keys
        for index in bare.indices { bare[index].period = nil }
        #expect(Set(cabinet.keys()) == Set(bare))
        var generator = SeededGenerator(seed: 3)
        cabinet.add([keys[0]], under: .standard, using: &generator)
        #expect(Set(again(cabinet).keys()) == Set(bare.dropFirst() + [keys[0]]))
        for key in keys { cabinet.add([key], under: .standard, using: &generator) }
        #expect(Set(again(cabinet).keys()) == Set(keys))
        #expect(!cabinet.periods.keys.contains { $0.span == .unsorted })
    }

    @Test func `a day begins at midnight, also before 1970`() {
        for (at, day) in [(0, 0), (-1, -1), (86_399_999, 0), (86_400_000, 1)] as [(Int64, Int64)] {
            #expect(KeyPeriod.day(of: Timestamp(milliseconds: at)) == day)
        }
        for at in [Int64.min, .max] {
            let period = KeyPeriod(room: room, scope: .room, at: Timestamp(milliseconds: at))
            #expect(period.due(under: .standard) > Timestamp(milliseconds: .min))
        }
    }

    // MARK: Files

    private func folder() -> ProfileFolder {
        ProfileFolder(path: NSTemporaryDirectory() + "peercoach-\(UUID().uuidString)")
    }

    @Test func `the bytes of an erased key are overwritten on the disk`() throws {
        let folder = folder()
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        let (_, keys) = filled()
        try PrivateFile.makeFolder(folder.path)
        try folder.keep(keys, under: .standard)
        #expect(Set(folder.keptKeys()) == Set(keys))
        // A second name for the same bytes on the disk.
        for name in [ProfileFolder.periodsName, ProfileFolder.keysName] {
            let old = folder.path + "/" + name
            try FileManager.default.linkItem(atPath: old, toPath: old + ".before")
        }
        let last = try folder.eraseOver(at: Timestamp(milliseconds: 103 * Self.day))
        #expect(last == period(.turns, 10).lastLine)
        #expect(Set(folder.keptKeys()) == Set(keys.dropFirst()))
        for name in [ProfileFolder.periodsName, ProfileFolder.keysName] {
            let before = try #require(
                FileManager.default.contents(atPath: folder.path + "/" + name + ".before")
            )
            #expect(!before.isEmpty && before.allSatisfy { $0 == 0 })
        }
        #expect(try folder.eraseOver(at: Timestamp(milliseconds: 103 * Self.day)) == nil)
        try folder.eraseKeys([keys[1].key], of: room)
        #expect(Set(folder.keptKeys()) == Set(keys.dropFirst(2)))
    }

    @Test func `a folder without keys has nothing to erase, and is not touched`() throws {
        let folder = folder()
        #expect(try folder.eraseOver(at: Timestamp(milliseconds: 1)) == nil)
        try folder.endPapers(of: room, at: Timestamp(milliseconds: 1))
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
}
