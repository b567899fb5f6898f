// SPDX-License-Identifier: Apache-2.0
import CoachingModel

/// A sender key that this device has opened, kept so that old lines stay readable on it after the
/// encryption key to which it was wrapped is gone.
struct KeptKey: Hashable, Sendable {
    /// Where it is used.
    var transcript: TranscriptID
    /// Which it is.
    var key: KeyID
    /// K.
    var secret: Bytes32
    /// When the server took its key event, for whoever erases by age.
    var at: Timestamp
}

/// The keys that a device has opened.
///
/// - Shape: `1 || for each key: transcript 16, key id 16, K 32, u64be milliseconds`.
/// - Limits: ``keysMax``; the oldest go first.
/// - Source: SEALING.md 3.1 (K list).
enum KeptKeys {
    static let keysMax = 100_000
    private static let version: UInt8 = 1
    private static let bytesEach = 72

    static func encoded(_ keys: some Collection<KeptKey>) -> [UInt8] {
        var kept = Array(keys)
        if kept.count > keysMax {
            kept.sort { $0.at > $1.at }
            kept.removeLast(kept.count - keysMax)
        }
        kept.sort { ($0.transcript, $0.key) < ($1.transcript, $1.key) }
        var bytes: [UInt8] = [version]
        bytes.reserveCapacity(1 + kept.count * bytesEach)
        for key in kept {
            bytes += key.transcript.value.bytes
            bytes += key.key.value.bytes
            bytes += key.secret.bytes
            let at = UInt64(bitPattern: key.at.milliseconds)
            withUnsafeBytes(of: at.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// Reads keys; `nil` for bytes that are none.
    static func decoded(_ bytes: [UInt8]) -> [KeptKey]? {
        guard bytes.first == version, (bytes.count - 1).isMultiple(of: bytesEach) else {
            return nil
        }
        return stride(from: 1, to: bytes.count, by: bytesEach).compactMap { start in
            guard let transcript = Bytes16(bytes[start..<start + 16]),
                let key = Bytes16(bytes[start + 16..<start + 32]),
                let secret = Bytes32(bytes[start + 32..<start + 64])
            else { return nil }
            let at = bytes[start + 64..<start + 72].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            return KeptKey(
                transcript: TranscriptID(transcript),
                key: KeyID(key),
                secret: secret,
                at: Timestamp(milliseconds: Int64(bitPattern: at))
            )
        }
    }
}
