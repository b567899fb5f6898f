// SPDX-License-Identifier: Apache-2.0
import CoachingClient
import CoachingModel
import CoachingSeal

/// Words about files that members hand to each other.
enum FileWords {
    /// Says what file a line hands over and how to store it.
    static func offer(
        _ file: HandedFile,
        _ number: UInt64,
        of key: TranscriptKey,
        in room: RoomID
    ) -> String {
        let line = LineName.whole(number, of: key, in: room).prefix(LineName.letters)
        return "file \(FileName.safe(file.name)), \(size(file.bytes)); peercoach save \(line)"
    }

    /// The same for programs.
    static func facts(
        _ file: HandedFile,
        _ number: UInt64,
        of key: TranscriptKey,
        in room: RoomID
    ) -> [JSON.Field] {
        let line = LineName.whole(number, of: key, in: room).prefix(LineName.letters)
        return [
            .init("file", .string(FileName.safe(file.name))),
            .init("bytes", JSON(file.bytes)), .init("save", .string(String(line))),
        ]
    }

    /// "812 bytes", "1.2 KiB", "16 MiB".
    static func size(_ bytes: Int) -> String {
        if bytes < 1_024 { return Words.count(bytes, "byte") }
        let (unit, name) = bytes < 1_048_576 ? (1_024, "KiB") : (1_048_576, "MiB")
        let tenths = (bytes * 10 + unit / 2) / unit
        return tenths % 10 == 0 || tenths >= 1_000
            ? "\((tenths + 5) / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
    }

    /// Gives a path as it was typed where no shell has looked at it.
    static func path(_ typed: String) -> String {
        guard typed.hasPrefix("~/"), let home = GlobalOptions.variable("HOME") else { return typed }
        return home + typed.dropFirst()
    }
}
