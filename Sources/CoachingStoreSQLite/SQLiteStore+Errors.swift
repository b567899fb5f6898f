// SPDX-License-Identifier: Apache-2.0
import CoachingStore
import GRDB
import GRDBSQLite
import Glibc

/// A failed call of SQLite: its extended code and the system's, without text or arguments.
struct SQLiteFailure: Error, Hashable {
    var code: Int32
    var systemCode: Int32 = 0

    init(code: Int32, systemCode: Int32 = 0) {
        self.code = code
        self.systemCode = systemCode
    }

    /// Takes the codes of a connection's last failed call.
    init(_ code: Int32, of connection: OpaquePointer) {
        // SQLite forgets its own copy when a commit fails; the thread's is still the last one.
        let last = errno
        let kept = sqlite3_system_errno(connection)
        self.code = code
        systemCode = kept != 0 ? kept : last
    }

    init(_ error: any Error) {
        switch error {
        case let failure as SQLiteFailure: self = failure
        case let error as DatabaseError: self.init(code: error.extendedResultCode.rawValue)
        default: self.init(code: SQLITE_ERROR)
        }
    }

    /// Whether the fault lies in what was to be written, so that other groups may still pass.
    var isPoison: Bool {
        switch code & 0xFF {
        case SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH, SQLITE_RANGE: true
        default: false
        }
    }

    var storeError: StoreError {
        switch code {
        case Extended.flush, Extended.directoryFlush: return .flushFailed
        case Extended.shortRead, Extended.checksum, Extended.fileSystem: return .corrupt
        case Extended.memory: return .unavailable(.other)
        default: break
        }
        switch code & 0xFF {
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: return .corrupt
        case SQLITE_FULL: return .unavailable(.diskFull)
        case SQLITE_READONLY, SQLITE_PERM: return .unavailable(.readOnly)
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: return .unavailable(.locked)
        case SQLITE_IOERR, SQLITE_CANTOPEN: return .unavailable(inputOutputTrouble)
        default: return .unavailable(.other)
        }
    }

    var openReason: OpenError.Reason {
        switch code & 0xFF {
        case SQLITE_NOTADB: return .notADatabase
        case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM: return .notWritable
        default: break
        }
        return switch storeError {
        case .corrupt: .damaged
        case .unavailable(.diskFull): .diskFull
        case .unavailable(.readOnly): .notWritable
        case .unavailable(.locked): .inUse
        default: .code(code)
        }
    }

    private var inputOutputTrouble: StoreTrouble {
        switch systemCode {
        case ENOSPC, EDQUOT: .diskFull
        case EROFS: .readOnly
        default: .inputOutput
        }
    }
}

/// SQLite's extended codes, whose macros Swift does not see.
private enum Extended {
    static let shortRead = SQLITE_IOERR | 2 << 8
    static let flush = SQLITE_IOERR | 4 << 8
    static let directoryFlush = SQLITE_IOERR | 5 << 8
    static let memory = SQLITE_IOERR | 12 << 8
    static let checksum = SQLITE_IOERR | 32 << 8
    static let fileSystem = SQLITE_IOERR | 33 << 8
}
