// SPDX-License-Identifier: Apache-2.0

/// Bounds of what stands in an envelope; each is checked before memory is taken.
public enum EnvelopeLimits {
    /// Bytes of khdr or mhdr.
    public static let headerBytesMax = 512
    /// Bytes of a sealed part: 64 KiB of padded plaintext and what sealing adds.
    public static let sealedBytesMax = 65_536 + 1_024
    /// Bytes of every signature.
    public static let signatureBytes = 64
    /// Wraps of a key: 100 people with 8 devices each.
    public static let wrapsMax = 800
    /// Bytes of a wrap's encapsulated key (suite 2 has 1,120).
    public static let encapsulatedBytesMax = 1_120
    /// Bytes of a wrapped sender key: 32 and the tag.
    public static let wrappedKeyBytes = 48
    /// Bytes of a signed object's body.
    public static let bodyBytesMax = 65_536
}
