// SPDX-License-Identifier: Apache-2.0
import CoachingModel

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that comes from others, under a name of its own until all of it is there.
///
/// Only its owner can read it. What was there before is never written over.
final class IncomingFile {
    /// Where it will be.
    let path: String
    private let beside: String
    private let file: Int32

    /// Begins a file in a folder that is there.
    ///
    /// - Throws: ``ClientError/Code/file``, also where there is one of this name.
    init(_ name: String, in folder: String, mark: Bytes16) throws(ClientError) {
        let folder = folder.isEmpty ? "." : folder
        let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
        var facts = stat()
        guard lstat(path, &facts) != 0 else { throw FileTrouble.isThere(path) }
        let beside = "\(folder)/.peercoach-\(mark).part"
        let file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw FileTrouble.unwritable(path, errno) }
        (self.path, self.beside, self.file) = (path, beside, file)
    }

    /// Takes away what was not finished.
    deinit {
        close(file)
        unlink(beside)
    }

    func append(_ bytes: [UInt8]) throws(ClientError) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { buffer in
                write(file, buffer.baseAddress, buffer.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileTrouble.unwritable(path, errno)
            }
            done += count
        }
    }

    /// Gives it its name, unless something has that name by now.
    func finish() throws(ClientError) {
        guard fsync(file) == 0 else { throw FileTrouble.unwritable(path, errno) }
        if link(beside, path) == 0 { return PrivateFile.syncFolder(of: path) }
        let code = errno
        guard code != EEXIST else { throw FileTrouble.isThere(path) }
        // Some file systems have no second names; there the look before the renaming must do.
        var facts = stat()
        guard code == EPERM || code == EOPNOTSUPP || code == ENOSYS || code == EMLINK else {
            throw FileTrouble.unwritable(path, code)
        }
        guard lstat(path, &facts) != 0 else { throw FileTrouble.isThere(path) }
        guard rename(beside, path) == 0 else { throw FileTrouble.unwritable(path, errno) }
        PrivateFile.syncFolder(of: path)
    }
}
