// SPDX-License-Identifier: Apache-2.0
public import CoachingEnvelope
import CoachingSeal

extension Client {
    /// Signs the index of an archive that this device makes.
    ///
    /// - Parameter index: its bytes.
    /// - Returns: the device's signing key, and the signature of type `archive`, 64 bytes.
    /// - Throws: `profile` where the keys are damaged.
    public func signArchive(
        _ index: [UInt8]
    ) throws(ClientError) -> (key: VerifyingKey, signature: [UInt8]) {
        do {
            return (keys.signing.verifyingKey, try keys.signing.sign(.archive, body: index))
        } catch {
            throw ClientError(.profile, "The keys in this profile are damaged.")
        }
    }
}
