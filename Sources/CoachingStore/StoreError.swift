// SPDX-License-Identifier: Apache-2.0

/// Why a store could not do what it was asked.
///
/// It never holds content, names or statement arguments.
public enum StoreError: Error, Hashable, Sendable {
    /// It cannot write or read now and may again later (full disk, locked or read-only file).
    case unavailable(StoreTrouble)
    /// What is stored does not hold together.
    case corrupt
    /// A flush to the disk failed: what is durable is known only after a new start (never retry).
    case flushFailed
    /// The store is closed.
    case closed
}

/// The cause of a store's trouble, as far as it is known.
public enum StoreTrouble: Hashable, Sendable {
    /// The disk or a quota is full.
    case diskFull
    /// The file or its file system is read-only.
    case readOnly
    /// Somebody else holds a lock on the file.
    case locked
    /// Reading or writing failed.
    case inputOutput
    /// Anything else.
    case other
}

/// How a store is.
public enum StoreHealth: Hashable, Sendable {
    /// It reads and writes.
    case good
    /// It reads, but writes fail with this trouble; it tries again when asked to append.
    case readOnly(StoreTrouble)
    /// It must be opened anew: a flush failed, the file is damaged or the store was closed.
    case failed(StoreError)
}
