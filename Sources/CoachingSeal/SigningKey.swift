// SPDX-License-Identifier: Apache-2.0
public import CoachingEnvelope
public import CoachingModel
import Crypto

/// A P-256 key that signs: a device's S or a person's I.
///
/// - Isolation: a value; whoever holds it can sign, so it stays in one place.
public struct SigningKey: Sendable, CustomStringConvertible {
    private let key: P256.Signing.PrivateKey
    /// The key that checks what this one signs.
    public let verifyingKey: VerifyingKey

    private init(_ key: P256.Signing.PrivateKey) throws(SealError) {
        self.key = key
        do {
            verifyingKey = try VerifyingKey([UInt8](key.publicKey.x963Representation))
        } catch {
            throw .invalidKey
        }
    }

    /// Draws a key with the system's generator.
    public init() throws(SealError) { try self.init(P256.Signing.PrivateKey()) }

    /// Draws a key with the generator that is given: the first of its 32 bytes that are a scalar.
    public init(using generator: inout some RandomNumberGenerator) throws(SealError) {
        // Less than one draw in 2^32 is no scalar; sixteen in a row are a broken generator.
        for _ in 0..<16 {
            let bytes = SecretBytes.draw(32, using: &generator)
            if let key = try? P256.Signing.PrivateKey(rawRepresentation: bytes) {
                try self.init(key)
                return
            }
        }
        throw .invalidKey
    }

    /// Reads a key from its 32-byte scalar.
    public init(rawBytes: [UInt8]) throws(SealError) {
        guard rawBytes.count == 32,
            let key = try? P256.Signing.PrivateKey(rawRepresentation: rawBytes)
        else { throw .invalidKey }
        try self.init(key)
    }

    /// The scalar, for the profile's file alone.
    public var rawBytes: [UInt8] { [UInt8](key.rawRepresentation) }

    /// The public key as it stands in signed objects, 65 bytes.
    public var publicKey: [UInt8] { verifyingKey.bytes }

    /// The device whose S this is.
    public var device: DeviceID { DeviceID(signingKey: publicKey) }

    /// The person whose I this is.
    public var person: PersonID { PersonID(identityKey: publicKey) }

    /// Names the type alone, so that no log holds a key.
    public var description: String { "SigningKey" }

    // MARK: Signing

    /// Signs a body of a type; two signatures of one body differ.
    public func sign(_ type: SignatureType, body: [UInt8]) throws(SealError) -> [UInt8] {
        try sign(type.digest(of: body))
    }

    /// Signs the first frame of a connection.
    ///
    /// - Parameters:
    ///   - nonce: what the server sent in its welcome.
    ///   - serverLeaf: SHA-256 of the server's certificate.
    /// - Returns: 64 bytes that hold for this connection alone.
    /// - Throws: ``SealError/invalidKey`` where the library refuses to sign.
    public func signHello(nonce: Bytes32, serverLeaf: Bytes32) throws(SealError) -> [UInt8] {
        try sign(HelloProof.digest(nonce: nonce, serverLeaf: serverLeaf, device: device))
    }

    /// Signs a device list with an identity key.
    public func sign(_ list: DeviceList) throws -> SignedBytes {
        try signed(.deviceList, SignedDeviceList.body(list))
    }

    /// Signs a roster with a keeper's device.
    public func sign(_ roster: Roster) throws -> SignedBytes {
        try signed(.roster, SignedRoster.body(roster))
    }

    /// Signs a device's own encryption key.
    public func sign(_ announcement: EncryptionKeyAnnouncement) throws -> SignedBytes {
        try signed(.encryptionKey, announcement.body())
    }

    /// Signs a voucher with the inviter's device.
    public func sign(_ voucher: VouchedIdentity) throws -> SignedBytes {
        try signed(.voucher, voucher.body())
    }

    /// Signs with a keeper's device that a room goes on from a restored backup.
    public func sign(_ acceptance: RestoreAcceptance) throws -> SignedBytes {
        try signed(.restore, SignedRestoreAcceptance.body(acceptance))
    }

    /// Signs a grant of older entries with the giver's device.
    public func sign(_ grant: HistoryGrant) throws -> SignedBytes {
        try signed(.grant, grant.body)
    }

    /// Signs a yes to a visit with a device of the turn's client.
    public func sign(_ yes: VisitYes) throws -> SignedBytes { try signed(.visit, yes.body) }

    private func signed(_ type: SignatureType, _ body: [UInt8]) throws(SealError) -> SignedBytes {
        SignedBytes(body: body, signature: try sign(type, body: body))
    }

    /// Signs `header || SHA-256(payload)` as key events and entries are signed.
    func sign(
        _ type: SignatureType,
        header: [UInt8],
        payload: [UInt8]
    ) throws(SealError) -> [UInt8] {
        var hashing = type.hashing
        hashing.add(header)
        hashing.add(Hashing.hash(payload))
        return try sign(hashing.digest())
    }

    private func sign(_ digest: SHA256Digest) throws(SealError) -> [UInt8] {
        do {
            return [UInt8](try key.signature(for: digest).rawRepresentation)
        } catch {
            throw .invalidKey
        }
    }
}
