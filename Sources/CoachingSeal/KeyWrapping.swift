// SPDX-License-Identifier: Apache-2.0
public import CoachingEnvelope
public import CoachingModel
import Crypto
import FoundationEssentials

/// To whom a sender key is wrapped: a device with its E, or a person's recovery key R (D17).
public struct KeyRecipient: Hashable, Sendable {
    /// The name under which the wrap stands, one of those in `aud`.
    public var id: DeviceID
    /// The public key, 65 bytes.
    public var publicKey: [UInt8]

    /// Names a device with its encryption key.
    public init(id: DeviceID, publicKey: [UInt8]) {
        self.id = id
        self.publicKey = publicKey
    }

    /// Names a recovery key, whose name follows from it.
    public init(recoveryKey: [UInt8]) {
        self.init(id: DeviceID(recoveryKey: recoveryKey), publicKey: recoveryKey)
    }
}

/// The private keys with which one device opens what is wrapped for it.
///
/// A device has several E for a while: the one that it announces, the one before, and one that it
/// is about to announce. Who holds the person's seed opens by R as well.
///
/// - Source: SEALING.md 3.1, DESIGN.md D17.
public struct DeviceKeyring: Sendable, CustomStringConvertible {
    /// The device.
    public let device: DeviceID
    private let keys: [EncryptionKey]
    private let recovery: (id: DeviceID, key: EncryptionKey)?

    /// Takes a device's keys, the most likely one first.
    public init(device: DeviceID, keys: [EncryptionKey], recovery: EncryptionKey? = nil) {
        self.device = device
        self.keys = keys
        self.recovery = recovery.map { (DeviceID(recoveryKey: $0.publicKey), $0) }
    }

    /// Tells whether a key event holds a wrap that should open here.
    public func isNamed(in key: KeyItem) -> Bool {
        key.wrappedDevices().contains { $0 == device || $0 == recovery?.id }
    }

    /// Names the type alone, so that no log holds a key.
    public var description: String { "DeviceKeyring" }

    /// Opens the first wrap that is for this device and holds the key that its header commits to.
    func unwrap(_ wraps: [KeyWrap], _ headerBytes: [UInt8], _ header: KeyHeader) -> SymmetricKey? {
        for wrap in wraps {
            let candidates =
                if wrap.device == device { keys } else if wrap.device == recovery?.id {
                    recovery.map { [$0.key] } ?? []
                } else { [] as [EncryptionKey] }
            for key in candidates {
                guard let secret = KeyWrapping.unwrap(wrap, with: key, headerBytes),
                    KeyDerivation.commits(header, to: secret)
                else { continue }
                return secret
            }
        }
        return nil
    }
}

/// HPKE base mode of suite 1: P-256, HKDF-SHA256, AES-256-GCM.
///
/// - Shape: info `SHA-256("peer1/wrap" || 0 || khdr)`, associated data the device's name.
enum KeyWrapping {
    private static let suite = HPKE.Ciphersuite.P256_SHA256_AES_GCM_256

    static func wrap(
        _ secret: SymmetricKey,
        for recipient: KeyRecipient,
        _ header: [UInt8]
    ) throws(SealError) -> KeyWrap {
        do {
            var sender = try HPKE.Sender(
                recipientKey: P256.KeyAgreement.PublicKey(
                    x963Representation: recipient.publicKey
                ),
                ciphersuite: suite,
                info: Data(KeyWrap.binding(header: header).bytes)
            )
            let wrapped = try secret.withUnsafeBytes { bytes in
                try sender.seal(
                    Data(bytes),
                    authenticating: Data(recipient.id.value.bytes)
                )
            }
            return KeyWrap(
                device: recipient.id,
                encapsulated: [UInt8](sender.encapsulatedKey),
                wrapped: [UInt8](wrapped)
            )
        } catch {
            throw .invalidKey
        }
    }

    static func unwrap(
        _ wrap: KeyWrap,
        with key: EncryptionKey,
        _ header: [UInt8]
    ) -> SymmetricKey? {
        guard
            var recipient = recipient(
                wrap.encapsulated,
                with: key,
                info: KeyWrap.binding(header: header).bytes
            ),
            let opened = try? recipient.open(
                Data(wrap.wrapped),
                authenticating: Data(wrap.device.value.bytes)
            ), opened.count == 32
        else { return nil }
        return SymmetricKey(data: opened)
    }

    /// Gives what opens all that was sealed with one encapsulated key.
    static func recipient(
        _ encapsulated: [UInt8],
        with key: EncryptionKey,
        info: [UInt8]
    ) -> HPKE.Recipient? {
        guard encapsulated.count == Suite.p256.encapsulatedBytes else { return nil }
        return try? HPKE.Recipient(
            privateKey: key.key,
            ciphersuite: suite,
            info: Data(info),
            encapsulatedKey: Data(encapsulated)
        )
    }
}
