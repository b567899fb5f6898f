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

/// An archive that is there, after every file was compared with its index.
struct ArchiveReader {
    /// The longest file, in bytes.
    static let fileBytesMax = 256 * 1_024 * 1_024

    /// The device that signed it.
    let device: DeviceKey
    /// What was its maker's own, by the room in which it was.
    let rooms: [(name: String, items: [ArchiveItem])]

    /// The key of a device.
    struct DeviceKey: Hashable {
        /// Its signing key, 65 bytes.
        var bytes: [UInt8]
    }

    /// Reads and checks an archive.
    ///
    /// - Throws: ``ClientError`` with `file` where a file is missing, changed, or not what it should
    ///   be.
    init(_ folder: String) throws(ClientError) {
        let text = try TextFile.readOrdinary(
            "\(folder)/\(ArchiveIndex.name)",
            bytesMax: ArchiveIndex.bytesMax
        )
        let signed = try TextFile.readOrdinary(
            "\(folder)/\(ArchiveSignature.name)",
            bytesMax: ArchiveSignature.bytesMax
        )
        do throws(ArchiveError) {
            let signature = try ArchiveSignature(reading: signed)
            guard let key = try? VerifyingKey(signature.key),
                key.verify(.archive, body: Array(text.utf8), signature: signature.signature)
            else { throw ArchiveError(.signature, ArchiveSignature.name) }
            device = DeviceKey(bytes: signature.key)
            var rooms: [(name: String, items: [ArchiveItem])] = []
            for file in try ArchiveIndex(reading: text).files {
                let bytes = try Self.bytes(file, in: folder)
                if let room = Self.room(ofOwn: file.path) {
                    rooms.append((room, try ArchiveItem.decoded(bytes, path: file.path)))
                }
            }
            self.rooms = rooms
        } catch {
            throw ArchiveWords.error(error)
        }
    }

    /// The name of what is taken over of a room, in its folder.
    static let own = "own.cbor"

    private static func room(ofOwn path: String) -> String? {
        let parts = path.split(separator: "/")
        guard parts.count == 3, parts[0] == "rooms", parts[2] == own else { return nil }
        return String(parts[1])
    }

    private static func bytes(
        _ file: ArchiveIndex.File,
        in folder: String
    ) throws(ArchiveError) -> [UInt8] {
        let path = "\(folder)/\(file.path)"
        var facts = stat()
        guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw ArchiveError(.missing, file.path)
        }
        guard facts.st_size <= fileBytesMax else { throw ArchiveError(.tooMuch, file.path) }
        guard
            let bytes = try? TextFile.readBytes(
                path,
                flags: O_NONBLOCK | O_NOFOLLOW,
                bytesMax: fileBytesMax
            )
        else { throw ArchiveError(.missing, file.path) }
        guard Hashing.hash(bytes).bytes == file.hash else {
            throw ArchiveError(.changed, file.path)
        }
        return bytes
    }
}

/// Puts what is wrong with an archive into words.
enum ArchiveWords {
    static func error(_ error: ArchiveError) -> ClientError {
        let path = error.path.isEmpty ? "a file" : shown(error.path)
        let line = error.line.map { ", line \($0)" } ?? ""
        let what: String
        switch error.code {
        case .index: what = "\(path)\(line): this is no list of files."
        case .path: what = "\(path)\(line): this leads out of the archive, or is no name of a file."
        case .twice: what = "\(path)\(line) stands there twice."
        case .tooMuch: what = "\(path): this is more than an archive may have."
        case .missing: what = "\(path) is missing, or is no ordinary file."
        case .changed: what = "\(path) is not what it was when the archive was made."
        case .signature: what = "\(path): the signature is not that of this archive."
        default: what = "\(path): this cannot be read."
        }
        return ClientError(
            .file,
            "\(what) Nothing was taken over.",
            hint: "Take the archive as it was made; sha256sum -c \(ArchiveIndex.name) compares it."
        )
    }

    /// A path as a terminal can be shown it.
    private static func shown(_ path: String) -> String {
        String(path.unicodeScalars.map { $0.isASCII && $0.value > 31 ? Character($0) : "?" })
    }
}
