// SPDX-License-Identifier: Apache-2.0
import CoachingModel
import CoachingStore

/// The files of a room as its host knows them, with what is decided and not durable yet.
///
/// A room counts its files in whole chunks: a small file takes as much as a full chunk, as it does
/// in the store.
struct RoomFiles: Hashable {
    private(set) var all: [StoredFileKey: StoredFile] = [:]
    /// How many chunks all of them have when they are whole.
    private(set) var chunks = 0

    init() {}

    /// Takes over what the store has.
    init(_ stored: [StoredFile]) {
        for file in stored { set(file) }
    }

    subscript(key: StoredFileKey) -> StoredFile? { all[key] }

    mutating func set(_ file: StoredFile) {
        chunks -= Int(all[file.key]?.chunks ?? 0)
        chunks += Int(file.chunks)
        all[file.key] = file
    }

    mutating func remove(_ key: StoredFileKey) {
        guard let file = all.removeValue(forKey: key) else { return }
        chunks -= Int(file.chunks)
    }

    /// Forgets the files of frames that are erased; the store does so by itself.
    mutating func forget(_ erasures: [FrameErasure]) {
        guard !erasures.isEmpty, !all.isEmpty else { return }
        let gone = Set(erasures.map { StreamGuard(stream: $0.stream, number: $0.number) })
        for (key, file) in all
        where gone.contains(StreamGuard(stream: key.stream, number: file.number)) {
            remove(key)
        }
    }

    /// The files that no line hands over, oldest first.
    var unnamed: [StoredFile] {
        all.values.filter { $0.number == 0 }.sorted { ($0.at, $0.key.file) < ($1.at, $1.key.file) }
    }

    /// When the first file came that no line hands over.
    var oldestUnnamed: Timestamp? {
        all.isEmpty ? nil : all.values.lazy.filter { $0.number == 0 }.map(\.at).min()
    }
}
