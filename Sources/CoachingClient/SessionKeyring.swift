// SPDX-License-Identifier: Apache-2.0
import CSecrets
public import CoachingModel
public import CoachingSeal

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The memory of the login session, kept by the kernel: what is in it is in no file, and goes
/// when its time is over or the session ends.
///
/// - Isolation: any thread.
public enum SessionKeyring {
    /// Keeps a folder's key for so many seconds.
    ///
    /// - Throws: ``ClientError/Code/noKeyring`` where this machine has no such memory.
    public static func keep(_ key: FileKey, seconds: UInt32) throws(ClientError) {
        let bytes = key.rawBytes
        let error = bytes.withUnsafeBytes { buffer in
            csecrets_keep(label(key.name), buffer.baseAddress, buffer.count, seconds)
        }
        guard error == 0 else { throw missing(error) }
        // Some containers take a key and never give it back.
        guard find(key.name) != nil else { throw missing(ENOSYS) }
    }

    /// Finds the key with a name; `nil` where it is not kept, or no more.
    public static func find(_ name: Bytes16) -> FileKey? {
        var bytes = [UInt8](repeating: 0, count: FileKey.byteCount)
        let count = bytes.withUnsafeMutableBytes { buffer in
            csecrets_find(label(name), buffer.baseAddress, buffer.count)
        }
        defer { for index in bytes.indices { bytes[index] = 0 } }
        guard count == FileKey.byteCount, let key = FileKey(rawBytes: bytes), key.name == name
        else { return nil }
        return key
    }

    /// Forgets the key with a name; gives whether it was kept.
    @discardableResult
    public static func forget(_ name: Bytes16) -> Bool { csecrets_forget(label(name)) == 0 }

    private static func label(_ name: Bytes16) -> String { "peercoach:\(name)" }

    private static func missing(_ error: Int32) -> ClientError {
        ClientError(
            .noKeyring,
            "This machine keeps nothing for a login session (error \(error)), as in many"
                + " containers.",
            hint: "Every command asks for the passphrase, or takes it from the file that"
                + " PEERCOACH_PASSPHRASE_FILE names."
        )
    }
}

/// What a process does for the secrets in its own memory.
public enum ProcessSecrets {
    /// Keeps this process out of core dumps, its memory from other programs of the same user,
    /// and the runtime's crash report, which shows memory, off the screen.
    ///
    /// Call it before anything else handles signals.
    public static func shield() {
        csecrets_no_dumps()
        csecrets_no_reports()
    }
}

extension ClientError.Code {
    /// The kernel keeps nothing for a login session.
    public static let noKeyring = ClientError.Code(rawValue: "noKeyring")
}
