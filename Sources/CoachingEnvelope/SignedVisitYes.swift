// SPDX-License-Identifier: Apache-2.0
import CBOR
public import CoachingModel

/// A yes to a visit whose signature was checked.
///
/// - Shape: the body of `VisitYes`, signed "visit" by a device of the turn's client.
/// - Source: DESIGN.md D19.
public struct SignedVisitYes: Hashable, Sendable {
    /// What it says.
    public let yes: VisitYes
    /// The bytes and the signature, as received.
    public let signed: SignedBytes
    /// The device that signed.
    public let signer: DeviceID

    /// Checks a yes by the device of its client, over the received bytes.
    ///
    /// Whether the visit may begin is for the room's rules to say.
    ///
    /// - Parameters:
    ///   - signed: what was received.
    ///   - key: the signing key of the device.
    /// - Returns: the yes.
    /// - Throws: ``EnvelopeError/badSignature`` first, then what is wrong inside.
    public static func verified(
        _ signed: SignedBytes,
        by key: VerifyingKey
    ) throws(EnvelopeError) -> SignedVisitYes {
        guard key.verify(.visit, body: signed.body, signature: signed.signature) else {
            throw .badSignature
        }
        try StrictReader.checkVersion(signed.body)
        do {
            return SignedVisitYes(
                yes: try VisitYes(body: signed.body),
                signed: signed,
                signer: DeviceID(signingKey: key.bytes)
            )
        } catch {
            throw .malformed(offset: error.offset)
        }
    }
}
