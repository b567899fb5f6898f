// SPDX-License-Identifier: Apache-2.0
import Crypto

/// AES-256-GCM, the one place where bytes are sealed and opened.
///
/// Who calls answers for it that no key meets the same nonce twice.
///
/// - Shape: ciphertext || tag 16; the nonce has 12 bytes and is not part of it.
/// - Source: SEALING.md 3.0.
enum AuthenticatedSealing {
    static let tagBytes = 16
    static let nonceBytes = 12

    /// Seals bytes.
    ///
    /// - Throws: ``SealError/tooLong`` for more than the cipher takes.
    static func seal(
        _ plaintext: ArraySlice<UInt8>,
        under key: SymmetricKey,
        nonce: [UInt8],
        authenticating data: [UInt8]
    ) throws(SealError) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(
                plaintext,
                using: key,
                nonce: AES.GCM.Nonce(data: nonce),
                authenticating: data
            )
            return [UInt8](box.ciphertext) + [UInt8](box.tag)
        } catch {
            throw .tooLong
        }
    }

    /// Opens what ``seal(_:under:nonce:authenticating:)`` gives.
    ///
    /// - Throws: ``SealError/cannotOpen`` for every failure alike.
    static func open(
        _ sealed: ArraySlice<UInt8>,
        under key: SymmetricKey,
        nonce: [UInt8],
        authenticating data: [UInt8]
    ) throws(SealError) -> [UInt8] {
        guard sealed.count >= tagBytes else { throw .cannotOpen }
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: nonce),
                ciphertext: sealed.dropLast(tagBytes),
                tag: sealed.suffix(tagBytes)
            )
            return [UInt8](try AES.GCM.open(box, using: key, authenticating: data))
        } catch {
            throw .cannotOpen
        }
    }
}
