// SPDX-License-Identifier: Apache-2.0
import CBOR
public import CoachingModel

/// A grant of older entries whose signature was checked.
///
/// - Shape: the body of `HistoryGrant`, signed "grant" by a device of the member who gives.
/// - Source: SEALING.md 3.4, DESIGN.md D4.
public struct SignedHistoryGrant: Hashable, Sendable {
    /// What it says.
    public let grant: HistoryGrant
    /// The bytes and the signature, as received.
    public let signed: SignedBytes
    /// The device that signed.
    public let signer: DeviceID

    /// Checks a grant by the device of its giver, over the received bytes.
    ///
    /// Whether the giver may give what it names is for the room's rules to say.
    ///
    /// - Parameters:
    ///   - signed: what was received.
    ///   - key: the signing key of the device.
    /// - Returns: the grant.
    /// - Throws: ``EnvelopeError/badSignature`` first, then what is wrong inside.
    public static func verified(
        _ signed: SignedBytes,
        by key: VerifyingKey
    ) throws(EnvelopeError) -> SignedHistoryGrant {
        guard key.verify(.grant, body: signed.body, signature: signed.signature) else {
            throw .badSignature
        }
        try StrictReader.checkVersion(signed.body)
        do {
            return SignedHistoryGrant(
                grant: try HistoryGrant(body: signed.body),
                signed: signed,
                signer: DeviceID(signingKey: key.bytes)
            )
        } catch {
            throw .malformed(offset: error.offset)
        }
    }
}
