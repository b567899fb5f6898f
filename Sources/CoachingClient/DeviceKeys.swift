// SPDX-License-Identifier: Apache-2.0
import CoachingEnvelope
import CoachingModel
import CoachingSeal

/// A profile's keys, read.
struct DeviceKeys: Sendable {
    /// S.
    let signing: SigningKey
    /// I, where this device holds it or its person typed their recovery kit.
    var identity: SigningKey?
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

    /// Reads the keys; an encryption key whose time is over is not used, deleted or not.
    init(_ profile: Profile, at now: Timestamp) throws(ClientError) {
        guard let person = profile.person,
            let signing = try? SigningKey(rawBytes: profile.signingKey),
            let encryption = try? EncryptionKey(rawBytes: profile.encryptionKey)
        else { throw ClientError(.profile, "The keys in this profile are damaged.") }
        self.signing = signing
        self.person = person
        let held = profile.encryptionKeys(signing, at: now)
        keyring = DeviceKeyring(
            device: signing.device,
            keys: held.compactMap { try? EncryptionKey(rawBytes: $0.key) },
            recovery: profile.seed.flatMap { try? IdentitySeed($0).recoveryKey() }
        )
        encryptionKey = encryption.publicKey
        keysCompleteSince = Profile.completeSince(held, signing)
        identity = profile.seed.flatMap { try? IdentitySeed($0).identityKey() }
        if let identity, identity.person != person {
            throw ClientError(.profile, "The keys in this profile are damaged.")
        }
    }
}
