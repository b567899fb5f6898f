// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The folder of one store: made for its owner alone and held by one program at a time.
///
/// The hold is an advisory lock on a file beside the database, which the system gives back
/// whatever becomes of the program.
final class StoreFolder: Sendable {
    let databasePath: String
    private let lock: Int32

    /// Makes the folder and its files where they are missing, and takes hold of it.
    init(_ path: String) throws(OpenError) {
        try Self.makeFolder(path)
        databasePath = path + "/store.sqlite"
        lock = open(path + "/store.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw OpenError(.notWritable) }
        do throws(OpenError) {
            guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
                throw OpenError(errno == EWOULDBLOCK ? .inUse : .code(errno))
            }
            try Self.makeFile(databasePath)
        } catch {
            Glibc.close(lock)
            throw error
        }
    }

    deinit {
        // A child that was just forked has the file open too, until it runs its own program.
        flock(lock, LOCK_UN)
        Glibc.close(lock)
    }

    private static func makeFolder(_ path: String) throws(OpenError) {
        if mkdir(path, 0o700) == 0 {
            try flushParent(of: path)
        } else if errno != EEXIST {
            throw OpenError(.folder)
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw OpenError(.folder)
        }
        guard status.st_mode & (S_IWGRP | S_IWOTH) == 0 else { throw OpenError(.openToOthers) }
        guard access(path, W_OK | X_OK) == 0 else { throw OpenError(.notWritable) }
    }

    /// Makes the new folder itself outlive a power cut.
    private static func flushParent(of path: String) throws(OpenError) {
        let parent = open(path + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return }
        defer { Glibc.close(parent) }
        guard fsync(parent) == 0 else { throw OpenError(.notDurable) }
    }

    /// Makes the file before SQLite would, which gives its log and index the same rights.
    private static func makeFile(_ path: String) throws(OpenError) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw OpenError(.notWritable) }
        defer { Glibc.close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw OpenError(.notADatabase)
        }
        if status.st_mode & 0o077 != 0, fchmod(file, 0o600) != 0 {
            throw OpenError(.notWritable)
        }
    }
}
