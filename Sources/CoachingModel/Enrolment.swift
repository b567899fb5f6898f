// SPDX-License-Identifier: Apache-2.0

/// A version of a person's device list as the directory keeps it.
public struct DeviceListVersion: Codable, Hashable, Sendable {
    /// What the person signed.
    public var signed: SignedBytes
    /// From 1, one more each time.
    public var version: UInt32
    /// The hash that vouchers and the next version name.
    public var hash: Bytes32

    enum CodingKeys: Int, CodingKey {
        case signed = 0
        case version = 1
        case hash = 2
    }

    /// Makes a version.
    public init(signed: SignedBytes, version: UInt32, hash: Bytes32) {
        self.signed = signed
        self.version = version
        self.hash = hash
    }
}

/// What the bearer of an invite brings to enrol, with all signatures checked, and the
/// certificate that the server has made for it.
///
/// - Source: SEALING.md 3.2.
public struct Enrolment: Codable, Hashable, Sendable {
    /// The hash of what the bearer showed.
    public var invite: Bytes32
    /// The person, from their identity key.
    public var person: PersonID
    /// The first device, from its signing key.
    public var device: DeviceID
    /// The device's signing key, 65 bytes.
    public var signingKey: [UInt8]
    /// The first device list; it names this device alone.
    public var deviceList: DeviceListVersion
    /// What ties the list to the invite's other secret, for the inviter to check.
    public var mac: Bytes32
    /// The device's first encryption key, signed by the device.
    public var encryptionKey: SignedBytes
    /// The hash of the public key for which the certificate was asked.
    public var requestKey: Bytes32
    /// The certificate, DER.
    public var certificate: [UInt8]

    enum CodingKeys: Int, CodingKey {
        case invite = 0
        case person = 1
        case device = 2
        case signingKey = 3
        case deviceList = 4
        case mac = 5
        case encryptionKey = 6
        case requestKey = 7
        case certificate = 8
    }

    /// Makes an enrolment.
    public init(
        invite: Bytes32,
        person: PersonID,
        device: DeviceID,
        signingKey: [UInt8],
        deviceList: DeviceListVersion,
        mac: Bytes32,
        encryptionKey: SignedBytes,
        requestKey: Bytes32,
        certificate: [UInt8]
    ) {
        self.invite = invite
        self.person = person
        self.device = device
        self.signingKey = signingKey
        self.deviceList = deviceList
        self.mac = mac
        self.encryptionKey = encryptionKey
        self.requestKey = requestKey
        self.certificate = certificate
    }
}

/// A participant who enrolled.
public struct Enrolled: Codable, Hashable, Sendable {
    /// The participant.
    public var participant: ParticipantID
    /// The name that they had then.
    public var name: String
    /// What they brought and got.
    public var enrolment: Enrolment

    enum CodingKeys: Int, CodingKey {
        case participant = 0
        case name = 1
        case enrolment = 2
    }

    /// Makes the payload.
    public init(participant: ParticipantID, name: String, enrolment: Enrolment) {
        self.participant = participant
        self.name = name
        self.enrolment = enrolment
    }
}

/// What a further device brings, with all signatures checked, and its certificate.
public struct DeviceEnrolment: Codable, Hashable, Sendable {
    /// The hash of what the device showed.
    public var invite: Bytes32
    /// The device, from its signing key.
    public var device: DeviceID
    /// The device's signing key, 65 bytes.
    public var signingKey: [UInt8]
    /// The device's first encryption key, signed by the device.
    public var encryptionKey: SignedBytes
    /// What ties the device's key to the invite's other secret, for the person to check.
    public var mac: Bytes32
    /// The hash of the public key for which the certificate was asked.
    public var requestKey: Bytes32
    /// The certificate, DER.
    public var certificate: [UInt8]

    enum CodingKeys: Int, CodingKey {
        case invite = 0
        case device = 1
        case signingKey = 2
        case encryptionKey = 3
        case mac = 4
        case requestKey = 5
        case certificate = 6
    }

    /// Makes a device's enrolment.
    public init(
        invite: Bytes32,
        device: DeviceID,
        signingKey: [UInt8],
        encryptionKey: SignedBytes,
        mac: Bytes32,
        requestKey: Bytes32,
        certificate: [UInt8]
    ) {
        self.invite = invite
        self.device = device
        self.signingKey = signingKey
        self.encryptionKey = encryptionKey
        self.mac = mac
        self.requestKey = requestKey
        self.certificate = certificate
    }
}

/// A further device that waits until its person lists it.
public struct DeviceWaiting: Codable, Hashable, Sendable {
    /// The person.
    public var person: PersonID
    /// What the device brought and got.
    public var enrolment: DeviceEnrolment

    enum CodingKeys: Int, CodingKey {
        case person = 0
        case enrolment = 1
    }

    /// Makes the payload.
    public init(person: PersonID, enrolment: DeviceEnrolment) {
        self.person = person
        self.enrolment = enrolment
    }
}

/// The next version of a person's device list.
public struct DeviceListed: Codable, Hashable, Sendable {
    /// The person.
    public var person: PersonID
    /// The version.
    public var list: DeviceListVersion
    /// The devices that it names as active.
    public var devices: [DeviceID]
    /// The devices that it names as revoked.
    public var revoked: [DeviceID]

    enum CodingKeys: Int, CodingKey {
        case person = 0
        case list = 1
        case devices = 2
        case revoked = 3
    }

    /// Makes the payload.
    public init(
        person: PersonID,
        list: DeviceListVersion,
        devices: [DeviceID],
        revoked: [DeviceID]
    ) {
        self.person = person
        self.list = list
        self.devices = devices
        self.revoked = revoked
    }
}

/// Another certificate of a device.
public struct CertificateRenewed: Codable, Hashable, Sendable {
    /// The device.
    public var device: DeviceID
    /// The certificate, DER.
    public var certificate: [UInt8]

    enum CodingKeys: Int, CodingKey {
        case device = 0
        case certificate = 1
    }

    /// Makes the payload.
    public init(device: DeviceID, certificate: [UInt8]) {
        self.device = device
        self.certificate = certificate
    }
}

/// Another encryption key of a device.
public struct EncryptionKeyAnnounced: Codable, Hashable, Sendable {
    /// The device.
    public var device: DeviceID
    /// What the device signed.
    public var key: SignedBytes
    /// The version that stands inside.
    public var version: UInt32

    enum CodingKeys: Int, CodingKey {
        case device = 0
        case key = 1
        case version = 2
    }

    /// Makes the payload.
    public init(device: DeviceID, key: SignedBytes, version: UInt32) {
        self.device = device
        self.key = key
        self.version = version
    }
}

/// An inviter's word that a person is the one whom they invited.
public struct Vouched: Codable, Hashable, Sendable {
    /// The person.
    public var person: PersonID
    /// What the inviter's device signed.
    public var voucher: SignedBytes
    /// The device that signed.
    public var signer: DeviceID
    /// What tells the newcomer that genesis, roster and head are the inviter's; zero from an
    /// administrator who is not in the room.
    public var introduction: Bytes32

    enum CodingKeys: Int, CodingKey {
        case person = 0
        case voucher = 1
        case signer = 2
        case introduction = 3
    }

    /// Makes the payload.
    public init(
        person: PersonID,
        voucher: SignedBytes,
        signer: DeviceID,
        introduction: Bytes32
    ) {
        self.person = person
        self.voucher = voucher
        self.signer = signer
        self.introduction = introduction
    }
}
