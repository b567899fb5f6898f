// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
public import CoachingModel
import Crypto
import CryptoExtras

/// The key under which a device seals the files that it keeps for itself.
///
/// A passphrase does not seal them itself: it opens this key (``LockedFileKey``), so that it can
/// be changed without touching the files.
///
/// - Source: SEALING.md 3.6.
public struct FileKey: Sendable, CustomStringConvertible {
    /// How many bytes it has.
    public static let byteCount = 32

    /// The key, for the memory of the login session alone.
    public let rawBytes: [UInt8]

    /// Takes a key that was kept; `nil` for another number of bytes.
    public init?(rawBytes: [UInt8]) {
        guard rawBytes.count == Self.byteCount else { return nil }
        self.rawBytes = rawBytes
    }

    /// Draws a key.
    public init(using generator: inout some RandomNumberGenerator) {
        rawBytes = SecretBytes.draw(Self.byteCount, using: &generator)
    }

    /// What the key is known by to who does not hold it.
    public var name: Bytes16 {
        let bytes = KeyDerivation.bytes(
            from: rawBytes,
            info: Array("peer1/local/name".utf8)
        )
        return Bytes16(bytes.prefix(16)) ?? .zero
    }

    /// Names the type alone, so that no log holds a key.
    public var description: String { "FileKey" }
}

// MARK: - Boxes

/// A file's bytes sealed under a ``FileKey``.
///
/// - Shape: `"peer1box" || salt 16 || AES-256-GCM(key = HKDF(file key, salt, "peer1/local/box"),
///   nonce 12 x 00, aad = "peer1box" || the file's name)`. The salt is drawn for every write, so
///   that no key seals twice; the name keeps files from taking each other's place.
public enum SealedBox {
    static let mark = Array("peer1box".utf8)
    static let saltCount = 16

    /// Tells a sealed file from a plain one by how it begins.
    public static func isSealed(_ bytes: [UInt8]) -> Bool { bytes.starts(with: mark) }

    /// Seals a file.
    public static func seal(
        _ plaintext: [UInt8],
        named name: String,
        under key: FileKey,
        using generator: inout some RandomNumberGenerator
    ) throws(SealError) -> [UInt8] {
        let salt = SecretBytes.draw(saltCount, using: &generator)
        let sealed = try OneTimeSeal.seal(
            plaintext,
            under: boxKey(key, salt),
            authenticating: mark + Array(name.utf8)
        )
        return mark + salt + sealed
    }

    /// Opens a file.
    ///
    /// - Throws: ``SealError/cannotOpen`` for another key, another name and every damage alike.
    public static func open(
        _ box: [UInt8],
        named name: String,
        under key: FileKey
    ) throws(SealError) -> [UInt8] {
        let front = mark.count + saltCount
        guard isSealed(box), box.count >= front + AuthenticatedSealing.tagBytes else {
            throw .cannotOpen
        }
        return try OneTimeSeal.open(
            Array(box[front...]),
            under: boxKey(key, Array(box[mark.count..<front])),
            authenticating: mark + Array(name.utf8)
        )
    }

    private static func boxKey(_ key: FileKey, _ salt: [UInt8]) -> [UInt8] {
        KeyDerivation.bytes(
            from: key.rawBytes,
            salt: salt,
            info: Array("peer1/local/box".utf8)
        )
    }
}

/// Sealing under a key that seals once, so that the nonce can stand still.
enum OneTimeSeal {
    private static let nonce = [UInt8](repeating: 0, count: AuthenticatedSealing.nonceBytes)

    static func seal(
        _ plaintext: [UInt8],
        under key: [UInt8],
        authenticating data: [UInt8]
    ) throws(SealError) -> [UInt8] {
        try AuthenticatedSealing.seal(
            plaintext[...],
            under: SymmetricKey(data: key),
            nonce: nonce,
            authenticating: data
        )
    }

    static func open(
        _ sealed: [UInt8],
        under key: [UInt8],
        authenticating data: [UInt8]
    ) throws(SealError) -> [UInt8] {
        try AuthenticatedSealing.open(
            sealed[...],
            under: SymmetricKey(data: key),
            nonce: nonce,
            authenticating: data
        )
    }
}

// MARK: - Passphrases

/// What it costs to try a passphrase: scrypt with N = 2^`logN`, r = 8 and p = 1.
public struct PassphraseCost: Hashable, Sendable {
    /// The logarithm of N.
    public let logN: UInt8

    /// A quarter of a gigabyte and about 0.7 s for a try (N = 2^18).
    public static let standard = PassphraseCost(unchecked: 18)
    /// The costs that are read: at most half a gigabyte, whatever a file says.
    public static let bounds: ClosedRange<UInt8> = 10...19

    static let blockSize: UInt8 = 8
    static let parallelism: UInt8 = 1

    private init(unchecked logN: UInt8) { self.logN = logN }

    /// Takes a cost; `nil` outside ``bounds``.
    public init?(logN: UInt8) {
        guard Self.bounds.contains(logN) else { return nil }
        self.logN = logN
    }

    /// Derives a key; it takes as long as it costs, in the calling thread.
    func derive(_ passphrase: [UInt8], _ salt: [UInt8]) throws(SealError) -> [UInt8] {
        do {
            return try KDF.Scrypt.deriveKey(
                from: passphrase,
                salt: salt,
                outputByteCount: FileKey.byteCount,
                rounds: 1 << Int(logN),
                blockSize: Int(Self.blockSize),
                parallelism: Int(Self.parallelism)
            ).withUnsafeBytes { [UInt8]($0) }
        } catch {
            // Only where the memory cannot be had: the bounds are right.
            throw .outOfMemory
        }
    }
}

/// A ``FileKey`` that a passphrase opens, as it lies on the disk.
///
/// - Shape: `"peer1key" || version 1 || log2 N || r || p || salt 16 || name of the key 16 ||
///   AES-256-GCM(key = scrypt(passphrase, salt), nonce 12 x 00, aad = all before) 48`.
/// - Limits: N of ``PassphraseCost/bounds``, r = 8 and p = 1, checked before anything is derived.
public struct LockedFileKey: Sendable {
    private static let mark = Array("peer1key".utf8)
    private static let version: UInt8 = 1
    private static let byteCount = 8 + 4 + 16 + 16 + 48

    /// What it costs to open.
    public let cost: PassphraseCost
    /// The name of the key inside.
    public let name: Bytes16
    /// The bytes for the disk.
    public let bytes: [UInt8]

    /// Reads what lies on the disk; nothing is derived yet.
    ///
    /// - Throws: ``SealError/cannotOpen`` for what is none of this version.
    public init(reading bytes: [UInt8]) throws(SealError) {
        guard bytes.count == Self.byteCount, bytes.starts(with: Self.mark),
            bytes[8] == Self.version, let cost = PassphraseCost(logN: bytes[9]),
            bytes[10] == PassphraseCost.blockSize, bytes[11] == PassphraseCost.parallelism,
            let name = Bytes16(bytes[28..<44])
        else { throw .cannotOpen }
        self.cost = cost
        self.name = name
        self.bytes = bytes
    }

    /// Locks a key with a passphrase.
    public init(
        _ key: FileKey,
        passphrase: [UInt8],
        cost: PassphraseCost = .standard,
        using generator: inout some RandomNumberGenerator
    ) throws(SealError) {
        let salt = SecretBytes.draw(16, using: &generator)
        let front =
            Self.mark
            + [Self.version, cost.logN, PassphraseCost.blockSize, PassphraseCost.parallelism]
            + salt + key.name.bytes
        self.cost = cost
        name = key.name
        bytes =
            try front
            + OneTimeSeal.seal(
                key.rawBytes,
                under: cost.derive(passphrase, salt),
                authenticating: front
            )
    }

    /// Opens the key.
    ///
    /// - Throws: ``SealError/cannotOpen`` for another passphrase and for every damage alike.
    public func open(passphrase: [UInt8]) throws(SealError) -> FileKey {
        let rawBytes = try OneTimeSeal.open(
            Array(bytes[44...]),
            under: cost.derive(passphrase, Array(bytes[12..<28])),
            authenticating: Array(bytes[..<44])
        )
        guard let key = FileKey(rawBytes: rawBytes), key.name == name else { throw .cannotOpen }
        return key
    }
}
