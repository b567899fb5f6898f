// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal

/// A profile's keys, read.
struct DeviceKeys: Sendable {
    /// S.
    let signing: SigningKey
    /// I, where this device holds it.
    let identity: SigningKey?
    /// The person.
    let person: PersonID
    /// The private halves of E, and R where this device holds the seed.
    let keyring: DeviceKeyring
    /// The public half of the E that is announced.
    let encryptionKey: [UInt8]
    /// Since when every private half of E is still there.
    let keysCompleteSince: Timestamp

    /// The device.
    var device: DeviceID { signing.device }

    init(_ profile: Profile) throws(ClientError) {
        guard let person = profile.person,
            let signing = try? SigningKey(rawBytes: profile.signingKey),
            let encryption = try? EncryptionKey(rawBytes: profile.encryptionKey)
        else { throw ClientError(.profile, "The keys in this profile are damaged.") }
        self.signing = signing
        self.person = person
        let spare = profile.spareKeys?.compactMap { try? EncryptionKey(rawBytes: $0.key) } ?? []
        keyring = DeviceKeyring(
            device: signing.device,
            keys: [encryption] + spare,
            recovery: profile.seed.flatMap { try? IdentitySeed($0).recoveryKey() }
        )
        encryptionKey = encryption.publicKey
        keysCompleteSince = profile.keysCompleteSince(signing)
        identity = profile.seed.flatMap { try? IdentitySeed($0).identityKey() }
        if let identity, identity.person != person {
            throw ClientError(.profile, "The keys in this profile are damaged.")
        }
    }
}
