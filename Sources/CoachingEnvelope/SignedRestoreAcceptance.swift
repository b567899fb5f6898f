// SPDX-License-Identifier: Apache-2.0
import CBOR
public import CoachingModel

/// An acceptance of a restored backup whose signature and shape were checked.
///
/// - Shape: the body of ``RestoreAcceptance``, signed "restore" by a device of a keeper.
/// - Source: DESIGN.md D20.
public struct SignedRestoreAcceptance: Hashable, Sendable {
    /// What it says.
    public let acceptance: RestoreAcceptance
    /// SHA-256 of the body.
    public let hash: Bytes32

    /// Writes the body that is signed.
    ///
    /// - Throws: ``EnvelopeError`` for an acceptance that no reader would take.
    public static func body(_ acceptance: RestoreAcceptance) throws(EnvelopeError) -> [UInt8] {
        let body = acceptance.body
        guard try decoded(body) == acceptance else { throw .notAscending }
        return body
    }

    /// Checks an acceptance over the received bytes.
    ///
    /// Whether the device is a keeper's is for the caller to know.
    ///
    /// - Throws: ``EnvelopeError/badSignature`` first, then what is wrong inside.
    public static func verified(
        _ signed: SignedBytes,
        by key: VerifyingKey
    ) throws(EnvelopeError) -> SignedRestoreAcceptance {
        guard key.verify(.restore, body: signed.body, signature: signed.signature) else {
            throw .badSignature
        }
        return SignedRestoreAcceptance(
            acceptance: try decoded(signed.body),
            hash: Hashing.hash(signed.body)
        )
    }

    private static func decoded(_ body: [UInt8]) throws(EnvelopeError) -> RestoreAcceptance {
        try StrictReader.checkVersion(body)
        do {
            return try RestoreAcceptance(body: body)
        } catch {
            throw .malformed(offset: error.offset)
        }
    }
}
