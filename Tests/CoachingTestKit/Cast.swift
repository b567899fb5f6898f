// SPDX-License-Identifier: Apache-2.0
package import CoachingEnvelope
package import CoachingModel
package import CoachingSeal

/// A device with real keys.
package struct TestDevice: Sendable {
    package let signing: SigningKey
    package let encryption: EncryptionKey
    package let announcement: SignedBytes

    package var id: DeviceID { signing.device }

    init(using generator: inout SplitMix64) throws {
        signing = try SigningKey(using: &generator)
        encryption = try EncryptionKey(using: &generator)
        announcement = try signing.sign(
            EncryptionKeyAnnouncement(
                device: signing.device,
                version: 1,
                encryptionKey: encryption.publicKey,
                suite: .p256,
                notAfter: Timestamp(milliseconds: 4_000_000_000_000)
            )
        )
    }
}

/// A person with real keys and several devices.
package struct TestPerson: Sendable {
    package let number: Int
    package let identity: SigningKey
    package let recovery: EncryptionKey
    package let devices: [TestDevice]
    /// The first device list, with the first device.
    package let firstList: SignedDeviceList

    package var id: PersonID { identity.person }
    package var name: String { "Person \(number)" }
    package var participant: ParticipantID {
        ParticipantID(Bytes16(high: 0x7a, low: UInt64(number)))
    }

    package init(number: Int, devices: Int = 3) throws {
        var generator = SplitMix64(seed: 0xca57 &+ UInt64(number))
        self.number = number
        identity = try SigningKey(using: &generator)
        recovery = try EncryptionKey(using: &generator)
        self.devices = try (0..<devices).map { _ in try TestDevice(using: &generator) }
        firstList = try Self.list(
            identity,
            recovery,
            version: 1,
            previous: .zero,
            devices: [self.devices[0]],
            revoked: []
        )
    }

    /// Signs the list after another one.
    package func list(
        after last: SignedDeviceList,
        devices: [TestDevice],
        revoked: [DeviceID] = []
    ) throws -> SignedDeviceList {
        try Self.list(
            identity,
            recovery,
            version: last.list.version + 1,
            previous: last.hash,
            devices: devices,
            revoked: revoked
        )
    }

    private static func list(
        _ identity: SigningKey,
        _ recovery: EncryptionKey,
        version: UInt32,
        previous: Bytes32,
        devices: [TestDevice],
        revoked: [DeviceID]
    ) throws -> SignedDeviceList {
        let list = DeviceList(
            person: identity.person,
            identityKey: identity.publicKey,
            version: version,
            previous: previous,
            devices: devices.map {
                ListedDevice(
                    device: $0.id,
                    signingKey: $0.signing.publicKey,
                    created: Timestamp(milliseconds: 1)
                )
            }.sorted { $0.device < $1.device },
            revoked: revoked.sorted(),
            recoveryKey: recovery.publicKey
        )
        return try SignedDeviceList.introduced(identity.sign(list))
    }

    package func member(_ membership: Membership = .peer) -> RosterMember {
        RosterMember(
            person: id,
            identityKey: identity.publicKey,
            membership: membership,
            leastDeviceListVersion: 1,
            name: name
        )
    }
}

/// The people of the tests, made once: keys cost more than anything else here.
package enum Cast {
    private static let made = Result { try (0..<10).map { try TestPerson(number: $0) } }

    package static func people() throws -> [TestPerson] { try made.get() }

    private static let publicKeys = Result {
        var keys: [DeviceID: [UInt8]] = [:]
        for person in try people() {
            for device in person.devices { keys[device.id] = device.encryption.publicKey }
            let recovery = person.recovery.publicKey
            keys[DeviceID(recoveryKey: recovery)] = recovery
        }
        return keys
    }

    /// Gives the keys of those who stand in an audience.
    package static func recipients(_ audience: [DeviceID]) throws -> [KeyRecipient] {
        let keys = try publicKeys.get()
        return audience.compactMap { id in keys[id].map { KeyRecipient(id: id, publicKey: $0) } }
    }
}
