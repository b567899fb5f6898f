// SPDX-License-Identifier: Apache-2.0
import CoachingArchive
import CoachingClient
import CoachingEnvelope
import CoachingModel

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// An archive while it is written: beside its name until all of it is there.
final class ArchiveFolder {
    private let path: String
    private let work: String
    private var files: [ArchiveIndex.File] = []
    private var made: [(path: String, isFolder: Bool)] = []
    private var isDone = false

    /// Begins an archive that only its owner can read.
    ///
    /// - Throws: ``ClientError`` with `file` where something has this name already.
    init(at path: String, mark: UInt64) throws(ClientError) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.path = String(trimmed)
        work = "\(trimmed).\(String(mark, radix: 36)).new"
        try Self.checkFree(self.path)
        try TextFile.makeFolder(work)
        made.append((work, true))
    }

    deinit {
        guard !isDone else { return }
        for one in made.reversed() {
            if one.isFolder { rmdir(one.path) } else { unlink(one.path) }
        }
    }

    private static func checkFree(_ path: String) throws(ClientError) {
        var facts = stat()
        guard lstat(path, &facts) != 0 else {
            throw ClientError(
                .file,
                "There is something under \(path) already. Nothing was written.",
                hint: "Name a folder that is not there yet."
            )
        }
    }

    /// Adds a file; the folders on its path are made.
    func add(_ name: String, _ bytes: [UInt8]) throws(ClientError) {
        _ = try folder(name.split(separator: "/").dropLast().joined(separator: "/"))
        made.append(("\(work)/\(name)", false))
        try TextFile.create("\(work)/\(name)", bytes: bytes)
        files.append(ArchiveIndex.File(path: name, hash: Hashing.hash(bytes).bytes))
    }

    /// Adds a text.
    func add(_ name: String, _ text: String) throws(ClientError) {
        try add(name, Array(text.utf8))
    }

    /// Where a folder of the archive is for now; it is made.
    func folder(_ name: String) throws(ClientError) -> String {
        var folder = work
        for part in name.split(separator: "/") {
            folder += "/\(part)"
            guard !made.contains(where: { $0.path == folder }) else { continue }
            try TextFile.makeFolder(folder)
            made.append((folder, true))
        }
        return folder
    }

    /// Takes in a file that was written into one of its folders by somebody else.
    func note(_ name: String) throws(ClientError) {
        made.append(("\(work)/\(name)", false))
        let bytes = try TextFile.readBytes(
            "\(work)/\(name)",
            flags: O_NONBLOCK,
            bytesMax: ArchiveReader.fileBytesMax
        )
        files.append(ArchiveIndex.File(path: name, hash: Hashing.hash(bytes).bytes))
    }

    /// The index of what was added.
    func index() throws(ClientError) -> ArchiveIndex {
        do throws(ArchiveError) {
            return try ArchiveIndex(files)
        } catch {
            throw ArchiveWords.error(error)
        }
    }

    /// Writes index and signature, and gives the archive its name.
    func finish(
        _ index: ArchiveIndex,
        _ signature: ArchiveSignature
    ) throws(ClientError) {
        for (name, text) in [
            (ArchiveIndex.name, index.text), (ArchiveSignature.name, signature.text),
        ] {
            made.append(("\(work)/\(name)", false))
            try TextFile.create("\(work)/\(name)", text)
        }
        try Self.checkFree(path)
        guard rename(work, path) == 0 else {
            throw ClientError(.file, "The folder \(path) cannot be made: error \(errno).")
        }
        isDone = true
    }
}
