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

    /// The device.
    var device: DeviceID { signing.device }

    init(_ profile: Profile) throws(ClientError) {
        guard let person = profile.person,
            let signing = try? SigningKey(rawBytes: profile.signingKey)
        else { throw ClientError(.profile, "The keys in this profile are damaged.") }
        self.signing = signing
        self.person = person
        identity = profile.seed.flatMap { try? IdentitySeed($0).identityKey() }
        if let identity, identity.person != person {
            throw ClientError(.profile, "The keys in this profile are damaged.")
        }
    }
}
