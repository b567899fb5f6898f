// SPDX-License-Identifier: Apache-2.0

internal import SwiftASN1

/// Writes and reads the PEM text of the files in the server's and a device's folder.
public enum PEMText {
    /// Bounds a text that is read: certificates and keys of ours have about 1 KiB each.
    public static let bytesMax = 64 * 1024

    static let certificateLabel = "CERTIFICATE"
    static let keyLabel = "PRIVATE KEY"

    /// Writes certificates one after the other, the leaf first.
    public static func text(certificates: [[UInt8]]) -> String {
        certificates
            .map { PEMDocument(type: certificateLabel, derBytes: $0).pemString + "\n" }
            .joined()
    }

    /// Writes a key.
    public static func text(key: [UInt8]) -> String {
        PEMDocument(type: keyLabel, derBytes: key).pemString + "\n"
    }

    /// Reads the DER bytes of all certificates in a text, in order.
    ///
    /// - Throws: ``CertificateError/malformed`` when there is none, or the text is no PEM.
    public static func certificates(in text: String) throws(CertificateError) -> [[UInt8]] {
        let found = try documents(in: text).filter { $0.discriminator == certificateLabel }
        guard !found.isEmpty else { throw .malformed }
        return found.map(\.derBytes)
    }

    /// Reads the DER bytes of the one key in a text.
    ///
    /// - Throws: ``CertificateError/malformed`` when there is not exactly one.
    public static func key(in text: String) throws(CertificateError) -> [UInt8] {
        let found = try documents(in: text).filter {
            $0.discriminator == keyLabel || $0.discriminator == "EC " + keyLabel
        }
        guard found.count == 1, let key = found.first else { throw .malformed }
        return key.derBytes
    }

    private static func documents(in text: String) throws(CertificateError) -> [PEMDocument] {
        guard text.utf8.count <= bytesMax else { throw .malformed }
        do {
            return try PEMDocument.parseMultiple(pemString: text)
        } catch {
            throw .malformed
        }
    }
}
