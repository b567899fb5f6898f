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
    private let folder: ProfileFolder
    /// The file's name in the profile's folder, without `.cbor`.
    private let name: String
    private let lock: FileLock

    private init(_ folder: ProfileFolder, name: String, lock: FileLock) {
        self.folder = folder
        self.name = name
        self.lock = lock
    }

    /// Begins a file of one's own.
    static func begin(
        in folder: ProfileFolder,
        name: Bytes16
    ) throws(ClientError) -> PendingJournal {
        let name = "pending/\(name)"
        do throws(FileError) {
            try PrivateFile.makeFolder(folder.pendingPath)
            guard let lock = try FileLock("\(folder.path)/\(name).lock", waits: false) else {
                throw FileError.missing
            }
            return PendingJournal(folder, name: name, lock: lock)
        } catch {
            throw folder.unusable(error)
        }
    }

    /// Takes over the files of processes that are gone, with what they left.
    static func abandoned(
        in folder: ProfileFolder
    ) -> [(journal: PendingJournal, posts: [PendingPost])] {
        var found: [(journal: PendingJournal, posts: [PendingPost])] = []
        for file in PrivateFile.names(in: folder.pendingPath) where file.hasSuffix(".lock") {
            let name = "pending/" + file.dropLast(5)
            guard let lock = try? FileLock("\(folder.path)/\(name).lock", waits: false) else {
                continue
            }
            let journal = PendingJournal(folder, name: name, lock: lock)
            // What cannot be opened now may be opened with the passphrase later.
            guard let posts = try? journal.read() else { continue }
            if posts.isEmpty {
                journal.remove()
            } else {
                found.append((journal, posts))
            }
        }
        return found
    }

    private func read() throws(ClientError) -> [PendingPost] {
        guard let bytes = try folder.kept(name + ".cbor") else { return [] }
        return (try? CBORDecoder().decode([PendingPost].self, from: bytes)) ?? []
    }

    /// Keeps these lines, and no others.
    func keep(_ posts: [PendingPost]) throws(FileError) {
        guard !posts.isEmpty else { return PrivateFile.remove("\(folder.path)/\(name).cbor") }
        guard let bytes = try? CBOREncoder().encode(posts) else { throw .tooLong }
        try folder.keep(bytes, as: name + ".cbor")
    }

    /// Takes the file away; nothing of it is left.
    func remove() {
        PrivateFile.remove("\(folder.path)/\(name).cbor")
        PrivateFile.remove("\(folder.path)/\(name).lock")
    }
}
