// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What fails when files of a profile are read or written.
enum FileError: Error, Hashable {
    case missing
    case tooLong
    /// It must be sealed, and the passphrase was not given.
    case locked
    case system(Int32)
}

/// Reads and writes files that only their owner may see.
enum PrivateFile {
    /// Makes a folder and those above it; its own mode is 0700.
    static func makeFolder(_ path: String) throws(FileError) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: true)
        let root = path.hasPrefix("/") ? "/" : ""
        var made = root
        while !parts.isEmpty {
            made += (made.isEmpty || made == "/" ? "" : "/") + parts.removeFirst()
            if mkdir(made, 0o700) != 0, errno != EEXIST { throw .system(errno) }
        }
    }

    /// Reads a whole file.
    static func read(_ path: String, bytesMax: Int = 16 << 20) throws(FileError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw errno == ENOENT ? .missing : .system(errno) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var page = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = page.withUnsafeMutableBytes { sysRead(file, $0) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(errno)
            }
            if count == 0 { return bytes }
            guard bytes.count + count <= bytesMax else { throw .tooLong }
            bytes.append(contentsOf: page[..<count])
        }
    }

    /// Replaces a file as a whole: either all of it is there afterwards or the old one.
    static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let beside = path + ".new"
        let file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .system(errno) }
        do {
            try fill(file, bytes)
        } catch {
            close(file)
            throw error
        }
        close(file)
        guard rename(beside, path) == 0 else { throw .system(errno) }
        syncFolder(of: path)
    }

    static func fill(_ file: Int32, _ bytes: [UInt8]) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { sysWrite(file, $0) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(errno)
            }
            written += count
        }
        guard fsync(file) == 0 else { throw .system(errno) }
    }

    /// Makes a rename or removal in a folder last.
    static func syncFolder(of path: String) {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        let folder = open(end == path.startIndex ? "/" : String(path[..<end]), O_RDONLY)
        guard folder >= 0 else { return }
        // Some file systems refuse it; the rename itself has succeeded.
        _ = fsync(folder)
        close(folder)
    }

    static func remove(_ path: String) { unlink(path) }

    /// Replaces a file as a whole and overwrites what it held before, as far as the file system
    /// writes in place.
    static func replaceScrubbing(_ bytes: [UInt8], at path: String) throws(FileError) {
        let old = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        defer { if old >= 0 { close(old) } }
        try write(bytes, to: path)
        guard old >= 0 else { return }
        let end = lseek(old, 0, SEEK_END)
        guard end > 0, end <= 16 << 20, lseek(old, 0, SEEK_SET) == 0 else { return }
        // The new file stands already; what fails here is only not overwritten.
        try? fill(old, [UInt8](repeating: 0, count: Int(end)))
    }

    /// Whether something is at a path.
    static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Lists the names in a folder; nothing where it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let found = readdir(stream) {
            let name = withUnsafePointer(to: &found.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

private func sysRead(_ file: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    read(file, buffer.baseAddress, buffer.count)
}

private func sysWrite(_ file: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
    write(file, buffer.baseAddress, buffer.count)
}

/// A lock on a file, shared by all processes of a profile; held until it is let go.
final class FileLock: Sendable {
    let file: Int32

    /// Takes the lock; `nil` where somebody else holds it and one does not wait.
    init?(_ path: String, waits: Bool) throws(FileError) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .system(errno) }
        while flock(file, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            let error = errno
            if error == EINTR { continue }
            close(file)
            if error == EWOULDBLOCK { return nil }
            throw .system(error)
        }
        self.file = file
    }

    deinit {
        // A child that was just forked has the file open too, until it runs its own program.
        flock(file, LOCK_UN)
        close(file)
    }
}
