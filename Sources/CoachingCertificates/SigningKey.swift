// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import SwiftASN1
internal import X509

/// Makes and reads the P-256 keys of authority, server and devices.
enum SigningKey {
    /// Draws a key from the given generator.
    ///
    /// Candidates outside the scalars' range are drawn again (FIPS 186-5 A.2.2), so the key is as
    /// good as the generator.
    static func make(
        using generator: inout some RandomNumberGenerator
    ) throws(CertificateError) -> P256.Signing.PrivateKey {
        for _ in 0..<64 {
            let candidate = randomBytes(32, using: &generator)
            if let key = try? P256.Signing.PrivateKey(rawRepresentation: candidate) { return key }
        }
        throw .internalFailure
    }

    /// Reads a PKCS #8 or SEC 1 key.
    static func read(der: [UInt8]) throws(CertificateError) -> P256.Signing.PrivateKey {
        guard der.count <= CertificateReading.bytesMax else { throw .malformed }
        do {
            return try P256.Signing.PrivateKey(derRepresentation: der)
        } catch {
            throw .malformed
        }
    }

    static func randomBytes(
        _ count: Int,
        using generator: inout some RandomNumberGenerator
    ) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// Draws a positive serial number of 16 bytes.
    static func serial(
        using generator: inout some RandomNumberGenerator
    ) -> Certificate.SerialNumber {
        var bytes = randomBytes(16, using: &generator)
        bytes[0] = bytes[0] & 0x7F | 0x40
        return Certificate.SerialNumber(bytes: bytes)
    }
}
