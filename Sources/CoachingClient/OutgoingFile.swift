// SPDX-License-Identifier: Apache-2.0
import CoachingModel

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file on this machine that is to be handed to others; it is open as long as this is held.
public final class OutgoingFile: Sendable {
    /// Its name, without the folders that it lies in.
    public let name: String
    /// How many bytes it had when it was opened.
    public let bytes: Int
    private let file: Int32

    /// Opens an ordinary file, without ever waiting for whoever would write a pipe.
    ///
    /// - Throws: ``ClientError/Code/file`` where it cannot be read, is none, or is too large.
    public init(path: String) throws(ClientError) {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw FileTrouble.unreadable(path, errno) }
        var facts = stat()
        guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            close(file)
            throw ClientError(.file, "\(path) is no ordinary file.")
        }
        guard facts.st_size <= FileLimits.bytesMax else {
            close(file)
            throw ClientError(
                .file,
                "The file \(path) is too large: \(FileLimits.bytesMax >> 20) MiB at most."
            )
        }
        self.file = file
        bytes = Int(facts.st_size)
        name = FileName.safe(path)
    }

    deinit { close(file) }

    /// Reads one chunk; shorter than it was where somebody cuts the file meanwhile.
    func chunk(_ index: Int) throws(ClientError) -> [UInt8] {
        let start = index * FileLimits.chunkBytes
        let wanted = min(FileLimits.chunkBytes, bytes - start)
        var chunk = [UInt8](repeating: 0, count: max(0, wanted))
        var done = 0
        while done < chunk.count {
            let count = chunk[done...].withUnsafeMutableBytes { buffer in
                pread(file, buffer.baseAddress, buffer.count, off_t(start + done))
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileTrouble.unreadable(name, errno)
            }
            guard count > 0 else { return Array(chunk.prefix(done)) }
            done += count
        }
        return chunk
    }
}

/// Words for what files of a person's do.
enum FileTrouble {
    static func unreadable(_ path: String, _ code: Int32) -> ClientError {
        ClientError(.file, "The file \(path) cannot be read: \(reason(code)).")
    }

    static func unwritable(_ path: String, _ code: Int32) -> ClientError {
        ClientError(.file, "The file \(path) cannot be written: \(reason(code)).")
    }

    static func isThere(_ path: String) -> ClientError {
        ClientError(
            .file,
            "There is a file \(path) already, and it stays as it is.",
            hint: "Name another folder, or move that file away."
        )
    }

    private static func reason(_ code: Int32) -> String {
        switch code {
        case ENOENT: "it does not exist"
        case EACCES, EPERM: "it is not yours to use"
        case EISDIR: "it is a folder"
        case ENOTDIR: "a part of its path is no folder"
        case ENOSPC, EDQUOT: "the disk is full"
        case EROFS: "nothing can be written there"
        default: "error \(code)"
        }
    }
}
