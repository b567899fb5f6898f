// SPDX-License-Identifier: Apache-2.0
import CoachingClient

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Files that a person names on the command line.
enum TextFile {
    /// Reads a file of UTF-8; `-` is the standard input.
    ///
    /// - Throws: ``ClientError`` with `file` where it is missing, too long or no UTF-8.
    static func read(_ path: String, bytesMax: Int) async throws(ClientError) -> String {
        if path == "-" { return try await Asking.all(bytesMax: bytesMax) }
        return try read(path, flags: 0, bytesMax: bytesMax)
    }

    /// Reads a file of UTF-8 without ever waiting for whoever would write it.
    ///
    /// - Throws: ``ClientError`` with `file`, also for a pipe or a device.
    static func readOrdinary(_ path: String, bytesMax: Int) throws(ClientError) -> String {
        try read(path, flags: O_NONBLOCK, bytesMax: bytesMax)
    }

    private static func read(
        _ path: String,
        flags: Int32,
        bytesMax: Int
    ) throws(ClientError) -> String {
        let bytes = try readBytes(path, flags: flags, bytesMax: bytesMax)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ClientError(.file, "The file \(path) is not UTF-8 text.")
        }
        return text
    }

    /// Reads the bytes of a file; with `O_NONBLOCK` of an ordinary one alone.
    ///
    /// - Throws: ``ClientError`` with `file`.
    static func readBytes(
        _ path: String,
        flags: Int32,
        bytesMax: Int
    ) throws(ClientError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | flags)
        guard file >= 0 else {
            throw ClientError(.file, "The file \(path) cannot be read: \(reason(errno)).")
        }
        defer { close(file) }
        var facts = stat()
        if flags & O_NONBLOCK != 0 {
            guard fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
                throw ClientError(.file, "\(path) is no ordinary file.")
            }
        }
        var bytes: [UInt8] = []
        var page = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = page.withUnsafeMutableBytes { sysRead(file, $0) }
            if count < 0 {
                if errno == EINTR { continue }
                throw ClientError(.file, "The file \(path) cannot be read: \(reason(errno)).")
            }
            if count == 0 { break }
            bytes += page[..<count]
            guard bytes.count <= bytesMax else {
                throw ClientError(
                    .file,
                    "The file \(path) is too long: \(bytesMax) bytes at most."
                )
            }
        }
        return bytes
    }

    /// Makes a folder that nobody else can open and that is not there yet.
    static func makeFolder(_ path: String) throws(ClientError) {
        guard mkdir(path, 0o700) == 0 else {
            throw ClientError(
                .file,
                "The folder \(path) cannot be made: \(reason(errno)).",
                hint: "Name a folder that is not there yet."
            )
        }
    }

    /// Writes a new file that nobody else can read.
    static func create(_ path: String, _ text: String) throws(ClientError) {
        try create(path, bytes: Array(text.utf8))
    }

    /// Writes a new file that nobody else can read.
    static func create(_ path: String, bytes: [UInt8]) throws(ClientError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            throw ClientError(.file, "The file \(path) cannot be made: \(reason(errno)).")
        }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let done = rest.withUnsafeBytes { sysWrite(file, $0) }
            if done < 0 {
                if errno == EINTR { continue }
                throw ClientError(.file, "The file \(path) cannot be written: \(reason(errno)).")
            }
            rest = rest.dropFirst(done)
        }
    }

    /// Writes a new file that nobody else can read: all of it, or nothing.
    static func createWhole(
        _ path: String,
        _ text: String,
        hint: String = "Name a file that is not there yet."
    ) throws(ClientError) {
        let new = path + ".new"
        unlink(new)
        try create(new, text)
        defer { unlink(new) }
        guard link(new, path) == 0 else {
            let code = errno
            throw ClientError(
                .file,
                "The file \(path) cannot be made: \(reason(code)).",
                hint: code == EEXIST ? hint : nil
            )
        }
    }

    /// Writes a file that nobody else can read, in the place of one that may be there.
    static func replace(_ path: String, _ text: String) throws(ClientError) {
        let new = path + ".new"
        unlink(new)
        try create(new, text)
        guard rename(new, path) == 0 else {
            let why = reason(errno)
            unlink(new)
            throw ClientError(.file, "The file \(path) cannot be written: \(why).")
        }
    }

    private static func reason(_ code: Int32) -> String {
        switch code {
        case ENOENT: "it does not exist"
        case EEXIST: "it is there already"
        case EACCES, EPERM: "it is not yours to use"
        case EISDIR: "it is a folder"
        case ENOTDIR: "a part of its path is no folder"
        case ENOSPC: "the disk is full"
        default: "error \(code)"
        }
    }

    /// Reads once; `read` alone would be this program's own here.
    static func sysRead(_ file: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
        Glibc.read(file, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
        Musl.read(file, buffer.baseAddress, buffer.count)
        #endif
    }

    private static func sysWrite(_ file: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
        Glibc.write(file, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
        Musl.write(file, buffer.baseAddress, buffer.count)
        #endif
    }
}
