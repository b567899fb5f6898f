// SPDX-License-Identifier: Apache-2.0
import CBOR
import CoachingModel

/// A line that was sent and not answered yet, as it is kept for after a crash.
struct PendingPost: Codable, Hashable, Sendable {
    var room: RoomID
    var transcript: TranscriptID
    var key: KeyID
    var counter: UInt64
    /// The bytes as they were sent.
    var item: [UInt8]
    /// The key event under which they open, on this device too.
    var keyEvent: [UInt8]

    enum CodingKeys: Int, CodingKey {
        case room = 0
        case transcript = 1
        case key = 2
        case counter = 3
        case item = 4
        case keyEvent = 5
    }
}

/// The unanswered lines of one process, in a file that nobody else touches while it lives.
///
/// The file is locked as long as the process holds it; a file whose lock can be had belongs to a
/// process that is gone, and its lines are looked into by whoever takes it over.
///
/// - Isolation: confined to the client.
final class PendingJournal: Sendable {
    private let path: String
    private let lock: FileLock

    private init(path: String, lock: FileLock) {
        self.path = path
        self.lock = lock
    }

    /// Begins a file of one's own.
    static func begin(
        in folder: ProfileFolder,
        name: Bytes16
    ) throws(ClientError) -> PendingJournal {
        let path = folder.pendingPath + "/\(name)"
        do throws(FileError) {
            try PrivateFile.makeFolder(folder.pendingPath)
            guard let lock = try FileLock(path + ".lock", waits: false) else {
                throw FileError.missing
            }
            return PendingJournal(path: path + ".cbor", lock: lock)
        } catch {
            throw folder.unusable(error)
        }
    }

    /// Takes over the files of processes that are gone, with what they left.
    static func abandoned(
        in folder: ProfileFolder
    ) -> [(journal: PendingJournal, posts: [PendingPost])] {
        var found: [(journal: PendingJournal, posts: [PendingPost])] = []
        for name in PrivateFile.names(in: folder.pendingPath) where name.hasSuffix(".lock") {
            let base = folder.pendingPath + "/" + name.dropLast(5)
            guard let lock = try? FileLock(base + ".lock", waits: false) else { continue }
            let journal = PendingJournal(path: base + ".cbor", lock: lock)
            let posts = journal.read()
            if posts.isEmpty {
                journal.remove()
            } else {
                found.append((journal, posts))
            }
        }
        return found
    }

    private func read() -> [PendingPost] {
        guard let bytes = try? PrivateFile.read(path) else { return [] }
        return (try? CBORDecoder().decode([PendingPost].self, from: bytes)) ?? []
    }

    /// Keeps these lines, and no others.
    func keep(_ posts: [PendingPost]) throws(FileError) {
        guard !posts.isEmpty else { return PrivateFile.remove(path) }
        guard let bytes = try? CBOREncoder().encode(posts) else { throw .tooLong }
        try PrivateFile.write(bytes, to: path)
    }

    /// Takes the file away; nothing of it is left.
    func remove() {
        PrivateFile.remove(path)
        PrivateFile.remove(String(path.dropLast(5)) + ".lock")
    }
}
